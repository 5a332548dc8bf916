"""What the person, or who acts for the person, does in the agenda."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ..access.actor import Actor
from ..access.gate import Ask, Seen
from ..access.thing import Thing
from ..kernel.errors import Conflict, Invalid, NotFound, Stale
from ..kernel.host import Host
from ..kernel.ids import new_document_id
from .book import Step, book_of, entry_named, write
from .model import Book, Line, Words, absent
from .planning import (
    Draft,
    becoming,
    check_room,
    check_secret,
    check_time,
    drafted,
    following,
    kept_back,
    placed,
    retimed,
    stamp,
)

_REUSED = "was used for another request"
_GONE = "This entry was removed meanwhile."
_THEIRS = "This appointment was sent; only who sent it changes it. You may remove it."


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is shown."""

    id: str
    line: Line
    words: Words


def plan(host: Host, actor: Actor, record: str, draft: Draft, key: str = "", request: str = "") -> Entry:
    """Put an appointment or a reminder into the agenda. The same Idempotency-Key gives the same entry, once.

    Raise Invalid for a time that is past or does not exist and for an eleventh reminder of a day, Conflict when full
    or when what the key stands for was removed.
    """
    now, new = host.clock.now(), new_document_id(host.clock.now())

    def name(seen: Seen) -> str:
        return entry_named(seen, "planned", actor.id, key) if key else new

    def thing(seen: Seen) -> Thing:
        return becoming(draft, seen, actor, name(seen), book_of(seen).lines.get(name(seen)))

    def planned(seen: Seen, book: Book) -> Step:
        ours, entry = placed(draft, seen), name(seen)
        line, known = drafted(ours, seen, actor, now), book.lines.get(entry)
        if known:
            if known.status == "REMOVED":
                raise Conflict(_GONE)
            if known.digest != line.digest:
                raise Invalid(fields={"Idempotency-Key": _REUSED})
            return Step(entry, known)
        check_time(ours, now)
        check_secret(ours, seen, actor, now)
        check_room(book, entry, line, now)
        return Step(entry, line, draft.words)

    ask = Ask(actor, record, "agenda:write", thing=thing, person=True, request=request)
    return _entry(write(host, ask, planned), draft.words)


def _entry(written: tuple[str, Line | None], words: Words) -> Entry:
    entry, line = written
    if line is None:
        raise NotFound
    return Entry(entry, line, words)


def revise(
    host: Host, actor: Actor, record: str, entry: str, draft: Draft, expected: int | None, request: str = ""
) -> Entry:
    """Change or cancel one's own entry. What is so already stays so, whatever version was expected.

    Raise NotFound, Stale, Conflict for what an editor sent, Invalid as `plan` does when the time is another one.
    """
    now = host.clock.now()

    def thing(seen: Seen) -> Thing:
        known = book_of(seen).lines.get(entry)
        return becoming(draft, seen, actor, entry, known) if known else absent(entry)

    def revised(seen: Seen, book: Book) -> Step:
        known = own(book, entry)
        ours = kept_back(placed(draft, seen), known)
        if known.kind != draft.kind:
            raise NotFound
        line = following(known, drafted(ours, seen, actor, now))
        if line.digest == known.digest:
            return Step(entry, known)
        unchanged(known, expected)
        if retimed(known, line):
            check_time(ours, now)
            check_room(book, entry, line, now)
        if line.secret != known.secret:
            check_secret(ours, seen, actor, now)
        return Step(entry, line, draft.words)

    ask = Ask(actor, record, "agenda:write", thing=thing, person=True, request=request)
    return _entry(write(host, ask, revised), draft.words)


def own(book: Book, entry: str) -> Line:
    """Return an entry that the person's side wrote. Raise NotFound, or Conflict for what was sent."""
    known = book.lines.get(entry)
    if known is None or known.status == "REMOVED":
        raise NotFound
    if known.by == "EDITOR_SOLUTION":
        raise Conflict(_THEIRS)
    return known


def unchanged(known: Line, expected: int | None) -> None:
    """Raise Stale unless the entry is the version that was read."""
    if expected is not None and expected != known.version:
        raise Stale


def remove(host: Host, actor: Actor, record: str, entry: str, expected: int | None, request: str = "") -> None:
    """Take an entry out of the agenda, for good also when its request or its editor sends it again.

    Raise NotFound or Stale.
    """
    now = host.clock.now()

    def removed(_seen: Seen, book: Book) -> Step:
        known = book.lines.get(entry)
        if known is None or known.status == "REMOVED":
            raise NotFound
        unchanged(known, expected)
        bare = {"status": "REMOVED", "words": "", "digest": "", "changed": stamp(now), "version": known.version + 1}
        gone = known.model_copy(update={**bare, "noted": said_done(known)})
        return Step(entry, None if gone.spent(now) else gone)

    write(host, Ask(actor, record, "agenda:write", thing=thing_at(entry), request=request), removed)


def said_done(known: Line | None) -> tuple[date, str] | None:
    """Return the day and the act that a prevention item put into the history, or was about to."""
    if known and known.status == "DONE" and known.on:
        return known.on, known.act
    return known.noted if known else None


def thing_at(entry: str) -> Callable[[Seen], Thing]:
    """Return what the gate decides on: the entry in the book, or an absent one."""

    def thing(seen: Seen) -> Thing:
        known = book_of(seen).lines.get(entry)
        return known.thing(entry) if known and known.status != "REMOVED" else absent(entry)

    return thing
