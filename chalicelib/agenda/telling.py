"""When the holder wants to be told: pure functions of the book that was read along, for whoever keeps the day's index.

An appointment is told on its eve at six in the evening, one's own reminder at its time, both on the clocks of the place
where they are. A name stands for one entry at one time and tells nothing: when the time changes, so does the name, and
what the index still has under the old one stands for nothing any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ..access.grant import Opened
from ..kernel.seal import fingerprint
from .book import book_of
from .model import Kind, Line
from .zones import moment

EVE = time(18)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice that is wanted: at which instant (UTC), in which zone its quiet hours lie, about what kind of entry.

    `secret`: only the holder may be told, and by no channel that a representative reads. `until` is when there is
    nothing left to tell: an appointment that has begun; one's own reminder is told however late.
    """

    at: datetime
    name: str
    zone: str
    kind: Kind
    secret: bool = False
    until: datetime | None = None


def tellings(found: Opened) -> Iterator[Telling]:
    """Yield every notice that the agenda asks for, past ones included, in no order. `BOOK` was read with the grant."""
    for entry, line in book_of(found).lines.items():
        at = _when(line)
        if at:
            name = fingerprint(found.policy_key, "agenda-telling", entry, at.isoformat())
            until = line.instant if line.kind == "appointment" else None
            yield Telling(at, name, line.zone, line.kind, line.secret, until)


def _when(line: Line) -> datetime | None:
    """Return the instant; None when nobody wants to be told, or who planned it after that instant knows of it.

    What an editor sent or moved later than the eve is told at once: nobody on this side knows of it.
    """
    if line.at is None or line.status != "PLANNED" or not line.remind:
        return None
    wall = line.at if line.kind == "reminder" else datetime.combine(line.at.date() - _ONE_DAY, EVE)
    at = moment(wall, line.zone)
    if line.timed is None or line.timed < at:
        return at
    return line.timed if line.by == "EDITOR_SOLUTION" else None
