"""Reading and writing the book and the words: a change is there once the book is, and not before."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Opened, Shelf, open_row
from ..kernel.errors import ConditionFailed, Unavailable
from ..kernel.host import Host
from ..kernel.ids import id_of
from ..kernel.ports import NEW, Row, When
from ..kernel.seal import fingerprint
from .model import BOOK, Book, Line, Words, words_name, words_of_version, words_sort

TRIES = 7
_MOST = 100
"""rows that one call reads"""
_BACK = 20
"""versions for which words are looked for that nobody names: a slower writer may write some for a version long over"""


def book_of(found: Opened) -> Book:
    """Return the book that was read along (`BOOK` among the rows asked for)."""
    row = found.rows.get(BOOK)
    return _opened(found, row) if row else Book()


def _opened(found: Opened, row: Row) -> Book:
    return Book.load(open_row(found.policy_key, found.record, row), int(str(row["version"])))


def again(host: Host, grant: Grant) -> Book:
    """Return the book as it is now."""
    key = (partition(grant.record), BOOK)
    row = host.rows.get([key]).get(key)
    return _opened(grant, row) if row else Book()


def entry_named(seen: Seen, *parts: str) -> str:
    """Return the id of an entry that is known by something else: the same for the same parts, and telling nothing."""
    return id_of(fingerprint(seen.policy_key or b"-", "agenda-entry", *parts))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry as it will be: `line` None takes it out. A step that changes nothing has the line that is there.

    `first` is done before the book is written, under the grant: what has to be true once the book says so. The book is
    written then though the step changes nothing, so that whoever was faster is seen. `ahead` is what it says meanwhile,
    of a step that changes something.
    """

    entry: str
    line: Line | None
    words: Words | None = None
    first: Callable[[], None] | None = None
    ahead: Line | None = None


def write(host: Host, ask: Ask, change: Callable[[Seen, Book], Step]) -> tuple[str, Line | None]:
    """Ask the gate, then carry out one step; return the entry and its line as it is now.

    `change` runs before the entry in the journal is made and may refuse. When another writer was faster, the gate is
    asked again under the same name: the decision counts anew, and stands in the journal once.
    """
    made: list[tuple[Book, Step]] = []

    def before(seen: Seen) -> None:
        ask.before(seen)
        book = book_of(seen)
        made[:] = [(book, change(seen, book))]

    asked = replace(ask, rows=(*ask.rows, BOOK), before=before)
    for attempt in range(TRIES):
        grant = gate(host, replace(asked, once=attempt > 0))
        try:
            return _carry_out(host, grant, *made[0])
        except ConditionFailed:
            host.clock.sleep(random.uniform(0, 0.002 * 2**attempt))
    raise Unavailable


def _carry_out(host: Host, grant: Grant, book: Book, step: Step) -> tuple[str, Line | None]:
    """Write the words under a name of their own, then the book, then take the words away that nobody names now."""
    known, line = book.lines.get(step.entry), step.line
    if step.ahead and step.ahead != known:
        book = _keep(host, grant, book.having(step.entry, step.ahead))
    if step.first:
        step.first()
    if line == known:
        if step.first:
            _keep(host, grant, book)
        return step.entry, known
    _forget(host, grant, book.left)
    if step.words is not None and line is not None:
        name = _put_words(host, grant, step.entry, words_name(book.row_version + 1), step.words)
        line = line.model_copy(update={"words": name})
    left = (words_sort(step.entry, known.words),) if known and known.words else ()
    following = book.without_spent(host.clock.now())
    following = following.having(step.entry, line) if line else following.without(step.entry)
    _keep(host, grant, following.model_copy(update={"left": left}))
    _forget(host, grant, {*left, *_never_named(host, grant, following)})
    return step.entry, line


def _never_named(host: Host, grant: Grant, book: Book) -> set[str]:
    """Return the words that killed changes left, once this book has followed the version that was read.

    Words were written for one version of the book. Those of a version that is there are named by the book or by nobody,
    for ever: whoever else wrote words for it was not faster. Those of later versions may be about to be named.
    """
    version = book.row_version + 1
    after, upto = words_of_version(max(version - _BACK, 0)), words_of_version(version + 1)
    found = host.rows.query(partition(grant.record), after=after, upto=upto, limit=_MOST)
    return {str(row["sk"]) for row in found} - {words_sort(entry, line.words) for entry, line in book.lines.items()}


def _forget(host: Host, grant: Grant, sorts: Iterable[str]) -> None:
    for sort in sorts:
        host.rows.delete((partition(grant.record), sort))


def _put_words(host: Host, grant: Grant, entry: str, name: str, words: Words) -> str:
    shelf = Shelf(host, grant)
    clear = words.model_dump_json(exclude_defaults=True).encode()
    shelf.put(shelf.row(words_sort(entry, name), clear, version=1))
    return name


def _keep(host: Host, grant: Grant, book: Book) -> Book:
    """Write the next version of the book and return it. Raise ConditionFailed."""
    shelf, version = Shelf(host, grant), book.row_version
    as_read = When(equals={"version": version}) if version else NEW
    shelf.put(shelf.row(BOOK, book.dump(), version=version + 1), as_read)
    return book.model_copy(update={"row_version": version + 1})


def words_of(host: Host, grant: Grant, lines: Iterable[tuple[str, Line]]) -> Mapping[str, Words] | None:
    """Return the words of these entries; None when some are gone because the book has changed meanwhile."""
    space = partition(grant.record)
    sorts = {entry: words_sort(entry, line.words) for entry, line in lines if line.words}
    keys, rows = [(space, sort) for sort in sorts.values()], dict[tuple[str, str], Row]()
    for start in range(0, len(keys), _MOST):
        rows |= host.rows.get(keys[start : start + _MOST])
    if len(rows) < len(keys):
        return None
    shelf = Shelf(host, grant)
    return {entry: Words.model_validate_json(shelf.open(rows[space, sort])) for entry, sort in sorts.items()}
