"""The next-due index: on which day which record has a reminder to send."""

from ..access import days
from ..access.days import Days
from ..access.relay import send
from ..kernel.host import Host

QUEUE = "reminders"
DUE = Days("d", "due-cursor")


def lay(host: Host, day: str, record: str) -> str:
    """Put a record on a day, or, when that is past, on the day where the next night begins; return which."""
    return days.lay(host, DUE, day, record)


def lift(host: Host, day: str, record: str) -> None:
    """Take a record off a day."""
    days.lift(host, DUE, day, record)


def night(host: Host) -> int:
    """Wake one worker for each record on a day that has come; return how many."""
    return days.night(host, DUE, lambda record, _: send(host, QUEUE, {"record": record, "job": "remind"}))
