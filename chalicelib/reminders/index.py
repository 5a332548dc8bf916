"""The next-due index: on which day which record has a reminder to send."""

from ..access import days
from ..access.days import Days
from ..access.relay import send
from ..kernel.host import Host

QUEUE, JOB = "reminders", "remind"
DUE = Days("d", "due-cursor")


def lay(host: Host, day: str, record: str, job: str = JOB) -> str:
    """Put a job of a record on a day, or, when that is past, on the day where the next night begins; return which.

    `job` may name a document of the record: `announce#<document>`.
    """
    return days.lay(host, DUE, day, name_of(record, job))


def lift(host: Host, day: str, record: str, job: str = JOB) -> None:
    """Take a job of a record off a day."""
    days.lift(host, DUE, day, name_of(record, job))


def night(host: Host) -> int:
    """Wake one worker for each job on a day that has come; return how many."""
    return days.night(host, DUE, lambda name, _: send(host, QUEUE, _message(name)))


def name_of(record: str, job: str = JOB) -> str:
    """Return the name under which a job of a record lies on its day."""
    return record if job == JOB else f"{record}#{job}"


def _message(name: str) -> dict[str, str | int]:
    record, _, named = name.partition("#")
    job, _, document = named.partition("#")
    message: dict[str, str | int] = {"record": record, "job": job or JOB}
    return {**message, "document": document} if document else message
