"""What follows from a journal entry: messages of ids to the queues, as the obligations of its rule say."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from .access.journal import Entry
from .access.relay import Message
from .care.inbox import OF_DISOWNING, OF_EMERGENCY, OF_RECTIFICATION, name_of
from .emergency.actions import EVENT
from .enrolment import clock
from .notices.invitation import CODE, INVITATION, LETTER, OPPOSITION

TOLD, LAID = 20, 100
"""records that one message names: what is read first, five rows of each or one, is a hundred rows, one call"""


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
    """Tell the holder what somebody else changed. Nobody is told of their own gesture, but of an erasure.

    Whoever stole a session must not destroy a record unseen (threat T07).
    """
    if entry.reason != "HOLDER" or entry.action == "record:erase":
        event, name = _ALWAYS_TOLD.get(entry.action, "change"), entry.detail.get("name") or _named(entry)
        yield "notices", {"record": record, "event": event, "name": name}


_ALWAYS_TOLD = {
    "record:open": "record-opened",
    "record:close": "closing",
    "record:erase": "erasure",
    "support:close": "closing",
    "support:oppose": OPPOSITION,
    "support:contact": "contact-change",
    "disclosure:confirm": "rights",
}
"""what was done -> an event of policies/notices.csv that is told at once, whatever is preferred"""


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
    for event in (EVENT, OF_EMERGENCY):
        yield "notices", {"record": record, "event": event, "name": _newest_first(entry)}


def _depositor(record: str, entry: Entry) -> Iterator[Message]:
    """Tell the author what is said of a document of theirs."""
    event = OF_RECTIFICATION if entry.action == "record:rectify" else OF_DISOWNING
    yield "notices", {"record": record, "event": event, "name": _newest_first(entry), "document": entry.about}


def _newest_first(entry: Entry) -> str:
    return name_of(datetime.fromisoformat(entry.at), _named(entry))


def _lay(record: str, _entry: Entry) -> Iterator[Message]:
    yield clock.QUEUE, {"record": record, "job": "lay"}


def _shred(record: str, _entry: Entry) -> Iterator[Message]:
    yield clock.QUEUE, {"record": record, "job": "shred"}


def _code(record: str, entry: Entry) -> Iterator[Message]:
    yield "notices", {"record": record, "event": CODE, "name": entry.detail["name"]}


def invited(records: Sequence[str]) -> Iterator[Message]:
    """Say what follows for all people of a group whose invitation is in their journals: the letter, and the clock."""
    for some in _parted(records, TOLD):
        yield "notices", {"records": some, "event": INVITATION, "name": LETTER}
    for some in _parted(records, LAID):
        yield clock.QUEUE, {"records": some, "job": "lay"}


def _parted(records: Sequence[str], most: int) -> Iterator[str]:
    for start in range(0, len(records), most):
        yield " ".join(records[start : start + most])


_FOLLOWS: Mapping[str, Callable[[str, Entry], Iterator[Message]]] = {
    "arm-reminders": _arm,
    "notify-holder": _tell,
    "notify-change": _changed,
    "notify-access": _accessed,
    "announce": _announce,
    "notify-emergency": _emergency,
    "notify-depositor": _depositor,
    "clock": _lay,
    "shred": _shred,
    "invite": _code,
}
"""obligation of a rule -> what it sends"""
