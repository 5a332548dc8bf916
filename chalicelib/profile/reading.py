"""Reading the profile: one entry, its versions, a list. Each entry is judged like a single read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ..access.actor import Actor, Kind
from ..access.clocks import instant
from ..access.decide import decide
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..kernel.host import Host
from ..kernel.ports import Pending, Row
from .model import ENTRIES, HEAD, Entry, group_of, head_sort
from .store import earlier, entry_of, granted, heads, thing_of
from .words import SECTIONS


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as one caller sees it.

    `hidden` is told to who decides about it and to its author, null to others: a restriction must not be visible to
    those it keeps out. `unseen_by` warns professionals of who must not learn of the entry: `representatives`.
    """

    entry: Entry
    hidden: bool | None
    unseen_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a list gives; `cursor` is empty on the last page."""

    entries: tuple[Shown, ...]
    cursor: str = ""


def read(host: Host, actor: Actor, record: str, entry: str, request: str = "") -> Shown:
    """Return the current version of one entry. Calls: 2."""
    grant = gate(host, _ask(actor, record, entry, request))
    return shown(grant, granted(grant, entry), host.clock.now())


def versions(host: Host, actor: Actor, record: str, entry: str, request: str = "") -> list[Shown]:
    """Return the versions of an entry that this caller may read, newest first. Calls: 3.

    In a section of one entry, what was deleted lies in the same place: when it was first noted tells the two apart.
    """
    grant, now = gate(host, _ask(actor, record, entry, request)), host.clock.now()
    current = granted(grant, entry)
    same = [one for one in earlier(host, grant, entry) if one.noted == current.noted]
    before = [one for one in same if one.version < current.version and may_read(grant, one, now)]
    return [shown(grant, one, now) for one in (current, *reversed(before))]


def listing(
    host: Host,
    actor: Actor,
    record: str,
    sections: frozenset[str] = frozenset(),
    cursor: str = "",
    limit: int = 100,
    request: str = "",
) -> Page:
    """Return the entries that this caller may read, of these sections or of all; measures have their own way.

    Calls: 2, and 1 a hundred entries or section named.
    """
    grant = gate(host, Ask(actor, record, "profile:list", request=request))
    found = visible(host, grant, _rows(host, record, sections, cursor))
    page = list(islice(found, limit + 1))
    last = page[limit - 1].entry.id if len(page) > limit else ""
    return Page(tuple(page[:limit]), last)


def _rows(host: Host, record: str, sections: frozenset[str], cursor: str) -> Iterator[Row]:
    named = sorted(group_of(host, record, one) for one in sections & SECTIONS.keys() - {"measures"})
    for begins in named if sections else [ENTRIES]:
        if not cursor or cursor[: len(begins)] <= begins:
            yield from heads(host, record, begins, after=cursor if cursor.startswith(begins) else "")


def visible(host: Host, grant: Grant, rows: Iterable[Row]) -> Iterator[Shown]:
    """Yield what the caller of a grant may read."""
    now = host.clock.now()
    for row in rows:
        entry = entry_of(grant.policy_key, grant.record, row)
        if entry.content and may_read(grant, entry, now):
            yield shown(grant, entry, now)


def newest(host: Host, grant: Grant, begins: str, first: Pending[list[Row]]) -> Entry | None:
    """Return the first entry, of those whose ids begin so, that this caller may read; a read of its rows was started.

    What is deleted or not for this reader may fill these rows: then it lies behind them.
    """
    rows = first.result()
    behind = heads(host, grant.record, begins, after=str(rows[-1]["sk"]).removeprefix(HEAD)) if rows else ()
    return next((one.entry for some in (rows, behind) for one in visible(host, grant, some)), None)


def may_read(grant: Grant, entry: Entry, now: datetime) -> bool:
    """Tell whether a single read would be allowed."""
    return decide(grant.facts, grant.choices, grant.actor, "profile:read", entry.thing(), now).allowed


def shown(grant: Grant, entry: Entry, now: datetime) -> Shown:
    """Return the entry as the caller of a grant sees it."""
    choices, actor = grant.choices, grant.actor
    author = (entry.author.id, entry.author.organisation) == (actor.id, actor.organisation)
    hidden = (
        choices.hides(entry.id, SECTIONS[entry.section].category)
        if author or choices.decided_by(actor.id, instant(now))
        else None
    )
    warned = actor.kind is Kind.PROFESSIONAL and entry.secret and entry.id not in choices.revealed
    return Shown(entry, hidden, ("representatives",) if warned else ())


def _ask(actor: Actor, record: str, entry: str, request: str) -> Ask:
    return Ask(actor, record, "profile:read", (head_sort(entry),), thing=thing_of(entry), request=request)
