"""A window of an intake file, sorted into people and rejects. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..access.person import Person
from .insured import Rejected, is_header, read_line
from .lines import MOST, Chunk, Place, cut

Reject = tuple[int, str]
"""number of a line, one of insured.REASONS"""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What one window gave, and where reading goes on."""

    people: Sequence[Person]
    rejects: Sequence[Reject]
    next: Place
    end: bool


def sort_window(form: str, place: Place, window: bytes, size: int, today: date, most: int = MOST) -> Sorted:
    """Sort the lines of a window. A CSV file whose first line does not name the columns ends with that one reject."""
    chunk = cut(place, window, most=most)
    if form == "csv" and place.offset == 0 and chunk.lines:
        (number, first), *others = chunk.lines
        if not is_header(first):
            return Sorted([], [(number, "HEADER")], Place(size, number), end=True)
        chunk = replace(chunk, lines=tuple(others))
    return _sorted(form, chunk, today)


def _sorted(form: str, chunk: Chunk, today: date) -> Sorted:
    people: list[Person] = []
    rejects: list[Reject] = []
    for number, raw in chunk.lines:
        try:
            people.append(read_line(form, raw, today).person())
        except Rejected as rejected:
            rejects.append((number, rejected.reason))
    return Sorted(people, rejects, chunk.next, chunk.end)
