"""What a prevention reminder is computed from and what comes out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """The traits a rule may ask for: `sex` is F, M or I (indeterminate), `territory` an INSEE department code."""

    birth: date
    sex: str
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The act itself took place: this vaccine dose, this screening test."""

    rule: str
    dose: int
    on: date


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder of this dose went out on that day."""

    rule: str
    dose: int
    on: date


History = tuple[Done | Sent, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which one reminder may go out: start <= day < end."""

    dose: int
    start: date
    end: date

    def first_from(self, day: date) -> date | None:
        """Return the first day of the window that is not before this day."""
        first = max(self.start, day)
        return first if first < self.end else None


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder to send today. (rule, dose, cycle) names it: the same until the history changes.

    `cycle` is the day on which this turn began; `window_end` is the first day on which it is too late.
    """

    rule: str
    dose: int
    cycle: date
    window_start: date
    window_end: date
    reason_fr: str
    reason_en: str
    source: str
