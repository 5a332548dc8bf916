"""Appointments that a professional's scheduling software sends to a holder who trusts that professional."""

from dataclasses import replace

from ..access.actor import Actor
from ..access.gate import Ask, Seen
from ..access.thing import Thing
from ..kernel.errors import Conflict, NotFound
from ..kernel.host import Host
from .book import Step, book_of, entry_named, write
from .model import Book, Line
from .planning import Draft, becoming, check_room, check_secret, check_time, drafted, following, placed, retimed

_LATER = "A later state of this appointment was sent already."


def push(host: Host, actor: Actor, record: str, reference: str, draft: Draft, request: str = "") -> tuple[str, int]:
    """Send, change or cancel an appointment that is known to the organisation by a reference; return id and version.

    The whole of it is sent each time; the same again changes nothing. Only its author changes it (same person, same
    organisation), and what the holder removed is nobody's. Nothing of the agenda is told. Raise AccessDenied, Invalid
    as `plan` does, NotFound for cancelling what was never sent, Conflict when there is no room, or for a state that is
    earlier than the one which stands: networks deliver late.
    """
    now = host.clock.now()

    def thing(seen: Seen) -> Thing:
        entry = _entry(seen, actor, reference)
        return becoming(draft, seen, actor, entry, book_of(seen).lines.get(entry))

    def pushed(seen: Seen, book: Book) -> Step:
        entry, ours = _entry(seen, actor, reference), placed(draft, seen)
        known = book.lines.get(entry)
        if draft.status == "CANCELLED":
            ours = _as_known(ours, known)
        if known and known.secret:  # only the minor shows it
            ours = replace(ours, secret=True)
        line = _numbered(drafted(ours, seen, actor, now, "EDITOR_SOLUTION"), known)
        if known and (known.digest, known.sequence) == (line.digest, line.sequence):
            return Step(entry, known)
        if known is None or retimed(known, line):
            check_time(ours, now)
            check_room(book, entry, line, now)
        if known is None or known.secret != line.secret:
            check_secret(ours, seen, actor, now)
        return Step(entry, following(known, line) if known else line, draft.words)

    ask = Ask(actor, record, "agenda:push", thing=thing, person=True, request=request)
    entry, line = write(host, ask, pushed)
    return entry, line.version if line else 0


def _as_known(draft: Draft, known: Line | None) -> Draft:
    """Return what is cancelled with the time it had, which was checked: another one that comes along is not looked at.

    Raise NotFound for what was never sent.
    """
    if known is None or known.at is None:
        raise NotFound
    return replace(draft, at=known.at, zone=known.zone)


def _numbered(line: Line, known: Line | None) -> Line:
    """Return the line with the number of the state it is in; software that does not count leaves the last one."""
    if known is None or known.sequence is None:
        return line
    if line.sequence is None:
        return line.model_copy(update={"sequence": known.sequence})
    if line.sequence < known.sequence:
        raise Conflict(_LATER)
    return line


def _entry(seen: Seen, actor: Actor, reference: str) -> str:
    return entry_named(seen, "pushed", actor.organisation, reference)
