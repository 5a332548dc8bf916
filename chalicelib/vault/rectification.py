"""Asking for a document to be rectified, and the author's answer (RGPD art. 16): both stand in the history.

The words of both lie in one sealed row per request, `7rect#<document>#<id>`; the journal names the request only.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from pydantic import TypeAdapter

from ..access.actor import Actor
from ..access.clocks import instant
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Shelf, open_row
from ..access.journal import operation_of
from ..access.keyring import system_key
from ..access.mandates import ceilings
from ..kernel.errors import AccessDenied, ConditionFailed, Conflict, NotFound
from ..kernel.host import Host
from ..kernel.ports import NEW, Row, When
from ..kernel.seal import fingerprint
from .model import head_sort
from .reading import is_author
from .store import granted, head_of

PREFIX = "7rect#"
_MANY = "As many requests about this document were made as there may be."
_ANSWERED = "This request was answered otherwise already; an answer is given once."
_NAME = 16
ASKED, ANSWERED = "asked", "answered"
Outcome = Literal["", "corrected", "refused"]


@dataclass(frozen=True, slots=True)
class Rectification:
    """One request: what is wrong according to the holder, what the author answered."""

    id: str
    asked: str
    wish: str
    outcome: Outcome = ""
    answered: str = ""
    words: str = ""


_READER: TypeAdapter[Rectification] = TypeAdapter(Rectification)


def ask(host: Host, actor: Actor, record: str, document: str, wish: str, request: str = "") -> Rectification:
    """Ask the author to rectify a document, and why. The same words of the same person are one request.

    Raise Conflict when there are as many of them as fit; of those who ask at once, each one may still get in.
    """

    def concerned(seen: Seen) -> None:
        if not seen.choices.decided_by(actor.id, instant(host.clock.now())):
            raise AccessDenied
        if _sort(document, name) not in seen.rows and len(_rows(host, record, document)) >= most:
            raise Conflict(_MANY)

    name = fingerprint(system_key(host), "rectification", record, document, actor.id, wish)[:_NAME]
    most = ceilings()["rectifications_per_document"]
    detail = {"rectification": name, "step": ASKED}
    grant = gate(host, replace(_ask(actor, record, document, detail, request), before=concerned))
    return _put(host, grant, document, Rectification(name, instant(host.clock.now()), wish))


def answer(
    host: Host,
    actor: Actor,
    record: str,
    document: str,
    name: str,
    outcome: Outcome,
    words: str,
    request: str = "",
) -> Rectification:
    """Answer as the author, once. Raise NotFound for a request that was not made, Conflict for another answer."""
    said = (outcome, words)
    sort = _sort(document, name)

    def known(seen: Seen) -> None:
        row = seen.rows.get(sort)
        if row is None or seen.choices.decided_by(actor.id, instant(host.clock.now())):
            raise NotFound
        if row["state"] != ASKED and _answer(_READER.validate_json(open_row(seen.policy_key, record, row))) != said:
            raise Conflict(_ANSWERED)

    detail = {"rectification": name, "step": ANSWERED, "outcome": outcome}
    grant = gate(host, replace(_ask(actor, record, document, detail, request), before=known))
    asked = _open(host, grant, grant.rows[sort])
    if asked.outcome:
        return asked
    return _put(host, grant, document, replace(asked, outcome=outcome, words=words, answered=instant(host.clock.now())))


def _answer(found: Rectification) -> tuple[Outcome, str]:
    return found.outcome, found.words


def listing(host: Host, actor: Actor, record: str, document: str, request: str = "") -> Sequence[Rectification]:
    """Return the requests about a document to the holder, representatives and the author, oldest first."""
    sort = head_sort(document)
    grant = gate(host, Ask(actor, record, "document:read", (sort,), thing=head_of(document), request=request))
    if not grant.choices.decided_by(actor.id, instant(host.clock.now())) and not is_author(granted(grant, sort), actor):
        raise NotFound
    return sorted((_open(host, grant, row) for row in _rows(host, record, document)), key=lambda one: one.asked)


def _rows(host: Host, record: str, document: str) -> Sequence[Row]:
    prefix = f"{PREFIX}{document}#"
    return host.rows.query(partition(record), after=prefix, upto=prefix + "~")


def _ask(actor: Actor, record: str, document: str, detail: dict[str, str], request: str) -> Ask:
    """Ask the gate with the row of the request read along; a step that comes again stands in the journal once."""
    rows = (head_sort(document), _sort(document, detail["rectification"]))
    op = operation_of("rectify", *detail.values())
    return Ask(
        actor,
        record,
        "record:rectify",
        rows,
        thing=head_of(document),
        detail=detail,
        request=request,
        op=op,
        once=True,
    )


def _sort(document: str, name: str) -> str:
    return f"{PREFIX}{document}#{name}"


def _open(host: Host, grant: Grant, row: Row) -> Rectification:
    return _READER.validate_json(Shelf(host, grant).open(row))


def _put(host: Host, grant: Grant, document: str, kept: Rectification) -> Rectification:
    """Write it, or return what the same request wrote before. Raise Conflict for another answer."""
    shelf, clear = Shelf(host, grant), _READER.dump_json(_READER.validate_python(asdict(kept)))
    version, state, as_read = (2, ANSWERED, When(equals={"version": 1})) if kept.outcome else (1, ASKED, NEW)
    row = shelf.row(_sort(document, kept.id), clear, version=version, state=state)
    try:
        shelf.put(row, as_read)
        return kept
    except ConditionFailed:
        key = str(row["pk"]), str(row["sk"])
    there = _open(host, grant, host.rows.get([key])[key])
    if kept.outcome and _answer(there) != _answer(kept):
        raise Conflict(_ANSWERED)
    return there
