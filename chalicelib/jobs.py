"""What follows from what: journal entries to queues, queues to actions, schedules to sweeps."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any

from .access.journal import Entry
from .access.reach import count
from .access.relay import Message, relay, relay_all
from .enrolment import clock
from .enrolment.shred import Places, shred
from .history.actions import roll_up
from .kernel.errors import AccessDenied, NotFound
from .kernel.host import Host
from .notices.actions import notify
from .notices.invitation import INVITATION
from .notices.model import Letterhead, Notice
from .reminders import index
from .reminders.actions import arm, remind
from .reminders.agenda import STATE, lying
from .vault.expiry import expire
from .vault.inspection.apart import inspect_apart
from .vault.intake import Inspect, settle, sweep

Work = Callable[[Mapping[str, Any]], None]

ELSEWHERE = Places((STATE,), lying)
"""what is deleted with a record beside what enrolment knows of"""


def follow(record: str, entry: Entry) -> Iterator[Message]:
    """Say what follows from a journal entry. Bodies carry ids only."""
    for obligation in entry.obligations:
        yield from _FOLLOWS.get(obligation, _nothing)(record, entry)


def _nothing(_record: str, _entry: Entry) -> Iterator[Message]:
    yield from ()


def _arm(record: str, _entry: Entry) -> Iterator[Message]:
    yield "reminders", {"record": record, "job": "arm"}


def _tell(record: str, entry: Entry) -> Iterator[Message]:
    if news := _news(entry):
        yield "notices", {"record": record, "event": news[0], "name": news[1]}


def _news(entry: Entry) -> tuple[str, str] | None:
    """Return what the holder is told of an entry: the event, and a name that tells it from every other."""
    if entry.action == "reminder:send":
        return "reminder", entry.detail["name"]
    if entry.detail.get("outcome") == "quarantined":
        return None
    return "new-document", f"{entry.about}.{entry.detail.get('version', 0)}"


def _lay(record: str, _entry: Entry) -> Iterator[Message]:
    yield clock.QUEUE, {"record": record, "job": "lay"}


def _shred(record: str, _entry: Entry) -> Iterator[Message]:
    yield clock.QUEUE, {"record": record, "job": "shred"}


def _invite(record: str, entry: Entry) -> Iterator[Message]:
    yield "notices", {"record": record, "event": INVITATION, "name": entry.detail.get("name", "first")}


_FOLLOWS: Mapping[str, Callable[[str, Entry], Iterator[Message]]] = {
    "arm-reminders": _arm,
    "notify-holder": _tell,
    "clock": _lay,
    "shred": _shred,
    "invite": _invite,
}
"""obligation of a rule -> what it sends"""


def _refused_is_done() -> AbstractContextManager[None]:
    """End a job that the gate refuses (record closed, document deleted meanwhile): it is journaled, not retried."""
    return suppress(AccessDenied, NotFound)


def intake(host: Host, inspect: Inspect = inspect_apart) -> Work:
    """Return what settles one deposited version and sends at once what follows from it."""

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            settle(host, body["record"], body["document"], body["version"], inspect)
        relay(host, body["record"], follow)

    return work


def notices(host: Host, letterhead: Letterhead) -> Work:
    """Return what tells the holder of one event."""

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            notify(host, letterhead, Notice(body["record"], body["event"], body["name"]))

    return work


def reminders(host: Host) -> Work:
    """Return what a record asks for on its day, reminders and clocks, and sends at once what follows from it."""
    jobs: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
        "arm": lambda body: arm(host, body["record"]),
        "remind": lambda body: remind(host, body["record"]),
        "lay": lambda body: clock.lay(host, body["record"]),
        "turn": lambda body: clock.turn(host, body["record"], body["day"], ELSEWHERE),
        "shred": lambda body: shred(host, body["record"], ELSEWHERE),
    }

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            jobs[body["job"]](body)
        relay(host, body["record"], follow)

    return work


def minute(host: Host) -> Mapping[str, int]:
    """Relay what the journals hold, wake intake for what was forgotten."""
    return {"relayed": relay_all(host, follow), "woken": sweep(host)}


def night(host: Host) -> Mapping[str, int]:
    """Wake the day's reminders and clocks, put yesterday's refusals into the chains, delete what is kept no longer."""
    return {
        "due": index.night(host),
        "turns": clock.night(host),
        "rolled": roll_up(host),
        "expired": expire(host),
        "unreached": count(host),
    }
