"""What a professional is told: an emergency of a patient, what a person says of a document that they deposited.

No health content and no name: an event, an instant, a record and a document by their ids. It goes with the record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.decide import decide
from ..access.facts import facts_of
from ..access.gate import RECENT, Ask, Seen, gate, the_record
from ..access.grant import Grant
from ..access.journal import Entry, find, open_entry, operation_of
from ..access.keyring import actor_key
from ..access.refusal import refuse
from ..access.thing import RECORD
from ..kernel.host import Host
from ..kernel.ports import Key
from ..vault.model import head_sort
from ..vault.store import document_of, head_of

SYSTEM = Actor(Kind.SYSTEM, "system:inbox", "Carnet")
OF_EMERGENCY, OF_RECTIFICATION, OF_DISOWNING = "emergency-physician", "rectification-depositor", "disowning-depositor"
EVENTS = {OF_EMERGENCY: "emergency", OF_RECTIFICATION: "rectification", OF_DISOWNING: "disowning"}
"""event of a message -> what the professional reads"""
PREFIX = "7told#"
PAGE = 50
_LATEST = 10**13


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: what happened to which record, or to which document of it, and when."""

    event: str
    record: str
    document: str
    at: str


def name_of(at: datetime, token: str) -> str:
    """Return the name of an event, newest first in text order; it names nobody."""
    return f"{_LATEST - int(at.timestamp() * 1000):013d}-{token}"


def tell(host: Host, record: str, event: str, name: str, document: str = "") -> None:
    """Put a notice into the inbox of whom it concerns. Safe to repeat.

    An emergency concerns the treating physician (R.1111-48), unless the holder blocked them: it would tell that there
    is a record, and whose emergency it was. What is said of a document concerns its author (RGPD art. 16).
    """
    ask = Ask(
        SYSTEM,
        record,
        "notice:send",
        (head_sort(document),) if document else (),
        thing=head_of(document) if document else the_record,  # nobody reads of what is kept back from them
        detail={"event": event, "name": name},
        detail_of=lambda seen: {"to": _concerned(seen, document)},
        op=operation_of("notice", event, name),
        once=True,
    )
    if to := _named(host, gate(host, ask), document):
        pk, sk = _key(host, to, name)
        at = _instant(name, host.clock.now()).isoformat()
        host.rows.put({"pk": pk, "sk": sk, "event": EVENTS[event], "record": record, "document": document, "at": at})


def _concerned(found: Seen | Grant, document: str) -> str:
    if not document:
        return "" if found.choices.physician in found.choices.blocked else found.choices.physician
    row = found.rows.get(head_sort(document))
    return document_of(found.policy_key, found.record, row).author.id if row else ""


def _named(host: Host, grant: Grant, document: str) -> str:
    """Return whom the entry names: by it alone the row is found again, and a killed try may have written it."""
    before = find(host, grant.facts, grant.op, grant.facts.last - RECENT)
    if before is None:
        return _concerned(grant, document)
    return str(open_entry(grant.policy_key, grant.record, before).detail["to"])


def _instant(name: str, like: datetime) -> datetime:
    return datetime.fromtimestamp((_LATEST - int(name.partition("-")[0])) / 1000, like.tzinfo)


def _key(host: Host, actor: str, name: str) -> Key:
    return actor_key(host, actor)[0], PREFIX + name


def lying(host: Host, entries: Iterable[Entry]) -> Iterator[Key]:
    """Yield what lies in inboxes about a record, as its journal says: it goes with it."""
    for entry in entries:
        if entry.action == "notice:send" and entry.detail.get("event") in EVENTS and entry.detail.get("to"):
            yield _key(host, entry.detail["to"], entry.detail["name"])


def inbox(host: Host, actor: Actor, cursor: str = "", request: str = "") -> tuple[list[Told], str]:
    """Return the caller's own notices, newest first, and the cursor of the next page, empty on the last one.

    A class that the law keeps out is told so even here, and the refusal is written down (CSP L.1111-18).
    """
    nowhere = facts_of("unknown", None)
    decision = decide(nowhere, Choices(), actor, "document:list", RECORD, host.clock.now())
    if decision.reason == "FORBIDDEN_BY_LAW":
        refuse(host, nowhere, Choices(), actor, "document:list", RECORD, decision, request)
    rows = host.rows.query(actor_key(host, actor.id)[0], after=PREFIX + cursor, upto=PREFIX + "~", limit=PAGE + 1)
    page = rows[:PAGE]
    told = [Told(*(str(row.get(name, "")) for name in ("event", "record", "document", "at"))) for row in page]
    return told, str(page[-1]["sk"]).removeprefix(PREFIX) if len(rows) > PAGE else ""
