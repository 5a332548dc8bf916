"""Reading documents: one, a list, the content."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from unicodedata import normalize

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.clocks import instant
from ..access.decide import decider
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..kernel.errors import Broken
from ..kernel.host import Host
from ..kernel.ports import Pending, Row
from .model import HEAD, Document, head_sort
from .store import document_of, granted, head_of, not_put_back

PAGE = 25
_MOST = 100
"""rows that one call reads"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; an empty field does not narrow. `text` is looked for in the title, in any case."""

    categories: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    author: str = ""
    text: str = ""

    def fits(self, document: Document) -> bool:
        """Tell whether the document is looked for."""
        if self is EVERYTHING:
            return True
        draft, day = document.draft, document.draft.created or document.deposited.date()
        return (
            (not self.categories or document.category in self.categories)
            and (not self.types or draft.type in self.types)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (not self.author or self.author in (document.author.id, document.author.organisation))
            and (not self.text or _matched(self.text) in _matched(draft.title))
        )


EVERYTHING = Filter()


def _matched(text: str) -> str:
    """Return text as it is compared: in any case, composed or decomposed."""
    return normalize("NFKC", text.casefold())


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as one caller sees it.

    `hidden` is told to who decides about it and to the author, to no other professional: a restriction must not be
    visible to those it keeps out (Regulation (EU) 2025/327 art. 8). `unseen_by` warns professionals of who must not
    learn of the document from them (DMP EX_3.2-1025): `holder`, `representatives`.
    """

    document: Document
    hidden: bool | None
    unseen_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a list gives; `cursor` is empty on the last page. There is no total: a count of what is hidden is a leak."""

    documents: tuple[Shown, ...]
    cursor: str = ""


def read(host: Host, actor: Actor, record: str, document: str, request: str = "") -> Shown:
    """Return the metadata of one document."""
    sort, thing = head_sort(document), head_of(document)
    ask = Ask(actor, record, "document:read", (sort,), thing=thing, before=not_put_back(sort), request=request)
    grant = gate(host, ask)
    return _seen_by(grant, host.clock.now())(granted(grant, sort))


def current(grant: Grant, document: Document) -> Document:
    """Refuse a row older than the version that choices name: somebody put it back (abuse C03)."""
    if document.version < grant.choices.floors.get(document.id, 1):
        raise Broken
    return document


def _seen_by(grant: Grant, now: datetime) -> Callable[[Document], Shown]:
    """Return what shows one document after the other as the caller of this grant sees it."""
    choices, actor = grant.choices, grant.actor
    deciding, warned = choices.decided_by(actor.id, instant(now)), actor.kind is Kind.PROFESSIONAL

    def shown(document: Document) -> Shown:
        told = deciding or is_author(document, actor)
        hidden = choices.hides(document.id, document.category) if told else None
        return Shown(document, hidden, unseen_by(document, choices, now) if warned else ())

    return shown


def is_author(document: Document, actor: Actor) -> bool:
    """Tell whether this caller deposited it, on behalf of the same organisation."""
    return (document.author.id, document.author.organisation) == (actor.id, actor.organisation)


def unseen_by(document: Document, choices: Choices, now: datetime) -> tuple[str, ...]:
    """Return who does not see a document yet: `holder`, `representatives`."""
    if not (document.withheld or document.secret):
        return ()  # nearly always
    withheld = bool(document.withheld) and choices.withholds(document.id, document.withheld, instant(now))
    secret = document.secret and document.id not in choices.revealed
    return (*(("holder",) if withheld else ()), *(("representatives",) if withheld or secret else ()))


def readable(host: Host, grant: Grant, documents: Iterable[str]) -> frozenset[str]:
    """Return those documents whose metadata the caller of this grant may read: no other id is told."""
    now, space = host.clock.now(), partition(grant.record)
    keys, rows = [(space, head_sort(name)) for name in sorted(documents)], list[Row]()
    for start in range(0, len(keys), _MOST):
        rows += host.rows.get(keys[start : start + _MOST]).values()
    found = [document_of(grant.policy_key, grant.record, row) for row in rows]
    may = _reader(grant, now)
    return frozenset(one.id for one in found if may(one))


def choices_as_told(host: Host, grant: Grant) -> Choices:
    """Return the choices of a grant with only those document ids in them that the caller may know of.

    They are for showing, never for deciding: a limit may seem wider than it is.
    """
    choices = grant.choices
    limited = frozenset[str]().union(*(limit.documents for limit in choices.limits.values()))
    known = readable(
        host, grant, choices.hidden | choices.shown | choices.revealed | choices.announced | choices.disowned | limited
    )
    return replace(
        choices,
        hidden=choices.hidden & known,
        shown=choices.shown & known,
        revealed=choices.revealed & known,
        announced=choices.announced & known,
        disowned=choices.disowned & known,
        gone=frozenset(),
        floors={},
        limits={who: replace(limit, documents=limit.documents & known) for who, limit in choices.limits.items()},
    )


def _reader(grant: Grant, now: datetime) -> Callable[[Document], bool]:
    """Return what tells of one document after the other whether the caller of this grant may read it."""
    decide = decider(grant.facts, grant.choices, grant.actor, "document:read", now)
    return lambda document: decide(document.thing()).allowed


def listing(
    host: Host, actor: Actor, record: str, wanted: Filter, cursor: str = "", limit: int = PAGE, request: str = ""
) -> Page:
    """Return the documents that this caller may read, newest first: each is judged like a single read."""
    started: list[Pending[list[Row]]] = []

    def start(_: Seen) -> None:
        started[:] = [_page(host, record, HEAD + cursor, limit + 1)]

    grant = gate(host, Ask(actor, record, "document:list", before=start, request=request))
    found = _visible(host, grant, wanted, _heads(host, record, started[0], limit + 1))
    page = list(islice(found, limit + 1))
    last = page[limit - 1].document.id if len(page) > limit else ""
    return Page(tuple(page[:limit]), last)


def _visible(host: Host, grant: Grant, wanted: Filter, rows: Iterator[Row]) -> Iterator[Shown]:
    now = host.clock.now()
    may, shown = _reader(grant, now), _seen_by(grant, now)
    for row in rows:
        document = document_of(grant.policy_key, grant.record, row)
        if may(document) and document.state == "available" and wanted.fits(document):
            yield shown(current(grant, document))


def _page(host: Host, record: str, after: str, size: int) -> Pending[list[Row]]:
    """Start reading sealed rows; nothing is opened."""
    return host.rows.begin_query(partition(record), after=after, upto=HEAD + "~", limit=size)


def _heads(host: Host, record: str, first: Pending[list[Row]], size: int) -> Iterator[Row]:
    rows = first.result()
    while rows:
        yield from rows
        if len(rows) < size:
            return
        rows = _page(host, record, str(rows[-1]["sk"]), size).result()
