"""The days on which an announcement is to be told: one row for each document that waits."""

from ..access import days
from ..access.days import Days
from ..access.relay import send
from ..kernel.host import Host

QUEUE = "reminders"
WAITING = Days("d", "due-cursor")


def lay(host: Host, day: str, record: str, job: str) -> str:
    """Put a job of a record on a day, or, when that is past, on the day where the next night begins; return which.

    `job` names a document of the record: `announce#<document>`.
    """
    return days.lay(host, WAITING, day, f"{record}#{job}")


def lift(host: Host, day: str, record: str, job: str) -> None:
    """Take a job of a record off a day."""
    days.lift(host, WAITING, day, f"{record}#{job}")


def night(host: Host) -> int:
    """Wake one worker for each job on a day that has come; return how many."""
    return days.night(host, WAITING, lambda name, day: send(host, QUEUE, _message(name, day)))


def _message(name: str, day: str) -> dict[str, str | int]:
    record, job, document = name.split("#")
    return {"record": record, "job": job, "document": document, "day": day}
