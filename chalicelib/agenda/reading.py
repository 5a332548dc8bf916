"""Reading the agenda: one entry, a period page by page; each entry is judged like a single read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from ..access.actor import Actor
from ..access.decide import decide
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..kernel.errors import Broken, Invalid, NotFound
from ..kernel.host import Host
from .actions import Entry, thing_at
from .book import again, book_of, words_of
from .model import BOOK, Book, Kind, Line, Words

PAGE = 25
LOOKS = 5
"""how often a book is looked at again whose words have changed meanwhile"""
_OVER = "is over: what it named is no longer listed; begin again"


@dataclass(frozen=True, slots=True)
class Period:
    """What to list: days of the wall calendar, both included; what has no day is listed when there is no first day."""

    since: date | None = None
    until: date | None = None
    kinds: frozenset[Kind] = frozenset()

    def fits(self, line: Line) -> bool:
        """Tell whether an entry lies in the period."""
        day = line.day
        if self.kinds and line.kind not in self.kinds:
            return False
        if day is None:
            return self.since is None
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Page:
    """What a list gives, earliest first; `cursor` is empty on the last page."""

    entries: tuple[Entry, ...]
    cursor: str = ""


Lines = list[tuple[str, Line]]
Chosen = tuple[Lines, str]
"""entries of a book, and the cursor of what follows them"""


def visible(grant: Grant, book: Book, reader: Actor, now: datetime) -> Lines:
    """Return what this reader may know of, earliest first: judged one by one, whoever the grant was given to."""
    found = [(entry, line) for entry, line in book.lines.items() if _may(grant, reader, entry, line, now)]
    return sorted(found, key=lambda one: (one[1].day or date.min, str(one[1].at or ""), one[0]))


def _may(grant: Grant, reader: Actor, entry: str, line: Line, now: datetime) -> bool:
    if line.status == "REMOVED":
        return False
    return decide(grant.facts, grant.choices, reader, "agenda:read", line.thing(entry), now).allowed


def listing(
    host: Host, actor: Actor, record: str, period: Period, cursor: str = "", limit: int = PAGE, request: str = ""
) -> Page:
    """Return the entries of a period that this caller may know of. Raise Invalid for a cursor that is over."""
    grant, now = gate(host, Ask(actor, record, "agenda:read", rows=(BOOK,), request=request)), host.clock.now()

    def chosen(book: Book) -> Chosen:
        return _cut([one for one in visible(grant, book, actor, now) if period.fits(one[1])], cursor, limit)

    entries, last = with_words(host, grant, chosen)
    return Page(entries, last)


def with_words(host: Host, grant: Grant, chosen: Callable[[Book], Chosen]) -> tuple[tuple[Entry, ...], str]:
    """Return the chosen entries with their words; chosen again when they were changed between the two reads."""
    book = book_of(grant)
    for _ in range(LOOKS):
        lines, last = chosen(book)
        if (words := words_of(host, grant, lines)) is not None:
            return tuple(Entry(entry, line, words.get(entry, Words())) for entry, line in lines), last
        book = again(host, grant)
    raise Broken


def _cut(found: Lines, cursor: str, limit: int) -> Chosen:
    names = [entry for entry, _ in found]
    if cursor and cursor not in names:
        raise Invalid(fields={"cursor": _OVER})
    start = names.index(cursor) + 1 if cursor else 0
    page = found[start : start + limit]
    return page, page[-1][0] if page and start + limit < len(found) else ""


def read(host: Host, actor: Actor, record: str, entry: str, request: str = "") -> Entry:
    """Return one entry. Raise NotFound: absent, removed and kept back are one."""

    def there(seen: Seen) -> None:
        _named(book_of(seen), entry)

    ask = Ask(actor, record, "agenda:read", (BOOK,), thing=thing_at(entry), before=there, request=request)
    (found,), _ = with_words(host, gate(host, ask), lambda book: ([(entry, _named(book, entry))], ""))
    return found


def _named(book: Book, entry: str) -> Line:
    line = book.lines.get(entry)
    if line is None or line.status == "REMOVED":
        raise NotFound
    return line
