"""What follows from what: journal entries to queues, queues to actions, schedules to sweeps."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import Any

from .access.grant import Grant
from .access.journal import Entry
from .access.reach import count
from .access.relay import Message, relay, relay_all
from .emergency.actions import EVENT, TO_PHYSICIAN, tell_physician
from .emergency.model import name_of
from .enrolment import bulk, clock
from .enrolment.lines import MOST
from .enrolment.shred import Places, shred
from .history.actions import roll_up
from .kernel.errors import AccessDenied, NotFound
from .kernel.host import Host
from .kernel.ports import Key
from .notices import batches, daily, elsewhere
from .notices.actions import gather, notify
from .notices.invitation import CODE, INVITATION
from .notices.model import Letterhead, Notice
from .reminders import index
from .reminders.actions import arm, remind
from .reminders.agenda import STATE, lying
from .vault.announcing import day_of, tell, unannounced, withheld
from .vault.expiry import expire
from .vault.inspection.apart import inspect_apart
from .vault.intake import Inspect, settle, sweep

Work = Callable[[Mapping[str, Any]], None]


def _elsewhere(host: Host, grant: Grant) -> Iterator[Key]:
    yield from lying(grant)
    for document in withheld(host, grant):
        yield index.DUE.key(day_of(document), index.name_of(grant.record, f"announce#{document.id}"))
    yield from elsewhere.lying(host, grant)


ELSEWHERE = Places((STATE,), _elsewhere)
"""what is deleted with a record beside what enrolment knows of"""


def follow(record: str, entry: Entry) -> Iterator[Message]:
    """Say what follows from a journal entry. Bodies carry ids only."""
    for obligation in entry.obligations:
        if entry.secret and obligation in _BY_MAIL:
            continue  # a parent may read the mail of a minor: it must not even say that there is something
        yield from _FOLLOWS.get(obligation, _nothing)(record, entry)


_BY_MAIL = frozenset({"notify-holder", "notify-change", "notify-access"})


def _nothing(_record: str, _entry: Entry) -> Iterator[Message]:
    yield from ()


def _arm(record: str, entry: Entry) -> Iterator[Message]:
    """Lay the record on the day of its next reminder; one that is open again may have missed an announcement too."""
    yield "reminders", {"record": record, "job": "arm"}
    if entry.action in ("record:reopen", "record:resume"):
        yield "reminders", {"record": record, "job": "announcements"}


def _tell(record: str, entry: Entry) -> Iterator[Message]:
    if news := _news(entry):
        yield "notices", {"record": record, "event": news[0], "name": news[1]}


def _news(entry: Entry) -> tuple[str, str] | None:
    """Return what the holder is told of an entry: the event, and a name that tells it from every other.

    An action says so in its entry (`tell` in `detail`); what is kept since before does it by its kind.
    """
    if entry.action == "reminder:send":
        return "reminder", entry.detail["name"]
    if told := entry.detail.get("tell"):
        return told["event"], told["name"]
    if entry.action == "announcement:tell":
        return "announcement", entry.about
    if entry.action == "document:announce":
        return "new-document", f"{entry.about}.announced"
    if entry.action != "document:settle" or entry.detail.get("outcome") == "quarantined":
        return None
    return "new-document", f"{entry.about}.{entry.detail.get('version', 0)}"


def _changed(record: str, entry: Entry) -> Iterator[Message]:
    """Tell the holder what somebody else changed; nobody is told of their own gesture."""
    if entry.reason != "HOLDER":
        event, name = _ALWAYS_TOLD.get(entry.action, "change"), entry.detail.get("name") or _named(entry)
        yield "notices", {"record": record, "event": event, "name": name}


_ALWAYS_TOLD = {
    "record:open": "record-opened",
    "record:close": "closing",
    "support:close": "closing",
    "support:contact": "contact-change",
}
"""what somebody else did -> an event of policies/notices.csv that is told at once, whatever is preferred"""


def _accessed(record: str, entry: Entry) -> Iterator[Message]:
    yield "notices", {"record": record, "event": "access", "name": _named(entry)}


def _named(entry: Entry) -> str:
    """Return a name of this entry that tells nothing of it, the same at every relay."""
    return hashlib.sha256(f"{entry.at}|{entry.request}|{entry.action}|{entry.about}".encode()).hexdigest()[:16]


def _announce(record: str, entry: Entry) -> Iterator[Message]:
    if entry.detail.get("outcome") != "quarantined":
        yield "reminders", {"record": record, "job": "announce", "document": entry.about}


def _emergency(record: str, entry: Entry) -> Iterator[Message]:
    """Tell the holder and the treating physician: each message has a name of its own entry, and names nobody."""
    name = name_of(datetime.fromisoformat(entry.at), _named(entry))
    for event in (EVENT, TO_PHYSICIAN):
        yield "notices", {"record": record, "event": event, "name": name}


def _lay(record: str, _entry: Entry) -> Iterator[Message]:
    yield clock.QUEUE, {"record": record, "job": "lay"}


def _shred(record: str, _entry: Entry) -> Iterator[Message]:
    yield clock.QUEUE, {"record": record, "job": "shred"}


def _invite(record: str, entry: Entry) -> Iterator[Message]:
    event = INVITATION if entry.action == "record:invite" else CODE
    yield "notices", {"record": record, "event": event, "name": entry.detail.get("name", "first")}


_FOLLOWS: Mapping[str, Callable[[str, Entry], Iterator[Message]]] = {
    "arm-reminders": _arm,
    "notify-holder": _tell,
    "notify-change": _changed,
    "notify-access": _accessed,
    "announce": _announce,
    "notify-emergency": _emergency,
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
    """Return what tells the holder of one event, or of everything that waits for the day's one notice."""

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            if body.get("job") == "gather":
                gather(host, letterhead, body["record"])
            elif body["event"] == TO_PHYSICIAN:
                tell_physician(host, body["record"], body["name"])
            else:
                notify(host, letterhead, Notice(body["record"], body["event"], body["name"]))

    return work


def _told(host: Host, body: Mapping[str, Any]) -> None:
    """Tell that an announcement waits, or lay it on its day."""
    record, document = body["record"], body["document"]
    day, early = tell(host, record, document)
    if day:
        (index.lay if early else index.lift)(host, day, record, f"announce#{document}")


def _told_again(host: Host, body: Mapping[str, Any]) -> None:
    """Tell what fell due while the record was not open: a refused job leaves its day behind."""
    for document in unannounced(host, body["record"]):
        _told(host, {**body, "document": document})


_TURNS: Mapping[str, Callable[[Host, Mapping[str, Any]], object]] = {
    "arm": lambda host, body: arm(host, body["record"]),
    "remind": lambda host, body: remind(host, body["record"]),
    "announce": _told,
    "announcements": _told_again,
    "lay": lambda host, body: clock.lay(host, body["record"]),
    "turn": lambda host, body: clock.turn(host, body["record"], body["day"], ELSEWHERE),
    "shred": lambda host, body: shred(host, body["record"], ELSEWHERE),
}


def reminders(host: Host) -> Work:
    """Return what a record asks for on its day, reminders and clocks, and sends at once what follows from it."""

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            _TURNS[body["job"]](host, body)
        relay(host, body["record"], follow)

    return work


def enrolment(host: Host, most: int = MOST) -> Work:
    """Return what takes the next chunk of an intake file, at most so many lines."""

    def work(body: Mapping[str, Any]) -> None:
        bulk.advance(host, body["job"], most)

    return work


def minute(host: Host) -> Mapping[str, int]:
    """Relay what the journals hold, wake intake and enrolment for what was forgotten."""
    return {"relayed": relay_all(host, follow), "woken": sweep(host), "enrolling": bulk.sweep(host)}


def night(host: Host) -> Mapping[str, int]:
    """Wake the day's reminders, notices and clocks, batch the letters, roll up refusals, delete what is over."""
    return {
        "due": index.night(host),
        "turns": clock.night(host),
        "daily": daily.night(host),
        "letters": batches.night(host),
        "rolled": roll_up(host),
        "expired": expire(host),
        "unreached": count(host),
    }
