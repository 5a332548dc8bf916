"""Asking for a document to be rectified, and the author's answer (RGPD art. 16): both stand in the history.

The words of both lie in one sealed row per request, `7rect#<document>#<id>`; the journal names the request only.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from pydantic import TypeAdapter

from ..access.actor import Actor
from ..access.clocks import instant
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Shelf
from ..kernel.errors import AccessDenied, ConditionFailed, Conflict, NotFound
from ..kernel.host import Host
from ..kernel.ports import NEW, Row, When
from .model import head_sort
from .store import granted, head_of

PREFIX = "7rect#"
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
    """Ask the author to rectify a document, and why."""

    def concerned(seen: Seen) -> None:
        if actor.id not in (seen.choices.holder, *seen.choices.proxies):
            raise AccessDenied

    made = Rectification(secrets.token_hex(8), instant(host.clock.now()), wish)
    detail = {"rectification": made.id, "step": ASKED}
    grant = gate(host, replace(_ask(actor, record, document, (), detail, request), before=concerned))
    _put(host, grant, document, made, 1)
    return made


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
    sort = _sort(document, name)

    def known(seen: Seen) -> None:
        row = seen.rows.get(sort)
        if row is None or seen.choices.holder == actor.id or actor.id in seen.choices.proxies:
            raise NotFound
        if row["state"] != ASKED:
            raise Conflict

    detail = {"rectification": name, "step": ANSWERED, "outcome": outcome}
    found = replace(_ask(actor, record, document, (sort,), detail, request), before=known)
    grant = gate(host, found)
    asked = _open(host, grant, grant.rows[sort])
    done = replace(asked, outcome=outcome, words=words, answered=instant(host.clock.now()))
    _put(host, grant, document, done, 2)
    return done


def listing(host: Host, actor: Actor, record: str, document: str, request: str = "") -> Sequence[Rectification]:
    """Return the requests about a document to the holder, representatives and the author, oldest first."""
    sort = head_sort(document)
    grant = gate(host, Ask(actor, record, "document:read", (sort,), thing=head_of(document), request=request))
    if actor.id not in (grant.choices.holder, *grant.choices.proxies, granted(grant, sort).author.id):
        raise NotFound
    prefix = f"{PREFIX}{document}#"
    rows = host.rows.query(partition(record), after=prefix, upto=prefix + "~")
    return sorted((_open(host, grant, row) for row in rows), key=lambda one: one.asked)


def _ask(actor: Actor, record: str, document: str, more: tuple[str, ...], detail: dict[str, str], request: str) -> Ask:
    rows = (head_sort(document), *more)
    return Ask(actor, record, "record:rectify", rows, thing=head_of(document), detail=detail, request=request)


def _sort(document: str, name: str) -> str:
    return f"{PREFIX}{document}#{name}"


def _open(host: Host, grant: Grant, row: Row) -> Rectification:
    return _READER.validate_json(Shelf(host, grant).open(row))


def _put(host: Host, grant: Grant, document: str, kept: Rectification, version: int) -> None:
    shelf, clear = Shelf(host, grant), _READER.dump_json(_READER.validate_python(asdict(kept)))
    row = shelf.row(_sort(document, kept.id), clear, version=version, state=ANSWERED if kept.outcome else ASKED)
    try:
        shelf.put(row, NEW if version == 1 else When(equals={"version": version - 1}))
    except ConditionFailed:
        raise Conflict from None
