"""How a rule lays out its acts over a life: a series, a repeated act, one act in each age window.

`windows` gives, in order, those that end after a day; the list may have no end. Sound only for acts known by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count, pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from ..kernel.period import Period
from .conditions import precedes
from .life import Life
from .model import Act
from .spans import ALWAYS, LAST, Spans, from_until
from .words import ActCode, Length, Strict


@dataclass(frozen=True, slots=True)
class Window:
    """One reminder (dose, cycle) of a rule is due when start <= day < end."""

    dose: int
    cycle: str
    start: date
    end: date


class Schedule(Strict):
    """What every schedule can be asked: the ages between which it asks for anything, and the windows."""

    def bounds(self) -> tuple[Period | None, Period | None]:
        """Return the age before which nothing is due, and the one from which nothing is (None: birth, never)."""
        return None, None

    def allowed(self, life: Life, past: tuple[Act, ...]) -> Spans:
        """Return the days that the acts which took place leave open, whatever the windows are."""
        return ALWAYS

    def windows(self, life: Life, past: tuple[Act, ...], day: date) -> Iterator[Window]:
        """Return the windows that end after this day, in order."""
        raise NotImplementedError


class Dose(Strict):
    """One dose: from this age, so long after the one before, after an abnormal one not at all if `if_normal`."""

    age: Length | None = None
    after: Length | None = None
    if_normal: bool = False


class OnlyAfter(Strict):
    """This act counts only when one of those took place less than so long before it, or with it."""

    act: ActCode
    one_of: tuple[ActCode, ...] = Field(min_length=1)
    within: Length

    def counts(self, act: Act, life: Life) -> bool:
        """Tell whether this condition lets an act count."""
        others = life.past(self.one_of)
        return act.code != self.act or any(one.on <= act.on < self.within.after(one.on) for one in others)


class Series(Schedule):
    """Doses in order. What was given before `count_from` does not count; without `until` it is never too late.

    With `goes_on` the last dose comes back, for ever under the same conditions.
    """

    kind: Literal["series"]
    doses: tuple[Dose, ...] = Field(min_length=1)
    until: Length | None = None
    count_from: Length | None = None
    only_after: OnlyAfter | None = None
    goes_on: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(dose.after is None for dose in self.doses[1:]) or self.doses[0].after:
            raise ValueError("every dose but the first says how long after the one before")
        if not all(precedes(dose.age, self.until) for dose in self.doses):
            raise ValueError("a dose comes before the end")
        return self

    def bounds(self) -> tuple[Period | None, Period | None]:
        """Return the age of the first dose and the end."""
        return self.doses[0].age, self.until

    def windows(self, life: Life, past: tuple[Act, ...], day: date) -> Iterator[Window]:
        """Return the window of the next dose, if one is missing."""
        counted = self._counted(life, past)
        if len(counted) >= len(self.doses) and not self.goes_on:
            return
        dose = self.doses[min(len(counted), len(self.doses) - 1)]
        if dose.if_normal and counted[-1].result == "abnormal":
            return
        start = life.aged(dose.age)
        if dose.after:
            start = max(start, dose.after.after(counted[-1].on))
        yield Window(len(counted) + 1, "", start, life.aged(self.until) if self.until else LAST)

    def _counted(self, life: Life, past: tuple[Act, ...]) -> tuple[Act, ...]:
        counted = since(past, life.aged(self.count_from)) if self.count_from else past
        if self.only_after and counted:
            counted = tuple(act for act in counted if self.only_after.counts(act, life))
        return counted


class Wait(Strict):
    """So long after this act it is not due again; an abnormal result makes nobody wait if `if_normal`."""

    act: ActCode
    wait: Length
    if_normal: bool = False

    def over(self, life: Life) -> date | None:
        """Return the first day after the wait, None when there is nothing to wait for."""
        acts = life.past((self.act,))
        last = next((act for act in reversed(acts) if not (self.if_normal and act.result == "abnormal")), None)
        return self.wait.after(last.on) if last else None


class Repeated(Schedule):
    """The same act again and again between two ages: one turn after another until the act takes place."""

    kind: Literal["repeated"]
    from_age: Length
    until_age: Length | None = None
    every: Length
    waits: tuple[Wait, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if not precedes(self.from_age, self.until_age):
            raise ValueError("from_age comes before until_age")
        return self

    def bounds(self) -> tuple[Period | None, Period | None]:
        """Return the two ages."""
        return self.from_age, self.until_age

    def windows(self, life: Life, past: tuple[Act, ...], day: date) -> Iterator[Window]:
        """Return the turns from the one that runs on this day."""
        waits = (over for wait in self.waits if (over := wait.over(life)))
        base = max([life.aged(self.from_age), *waits])
        until = life.aged(self.until_age) if self.until_age else LAST
        for turn in count(_turns(base, self.every, day)):
            start, end = self.every.after(base, turn), self.every.after(base, turn + 1)
            if start >= until:
                return
            yield Window(1, start.isoformat(), start, min(end, until))


class Visit(Strict):
    """One age window."""

    from_age: Length
    until_age: Length


class Visits(Schedule):
    """One act in each age window, whatever was done in another one, but not sooner than `after` the last one."""

    kind: Literal["visits"]
    visits: tuple[Visit, ...] = Field(min_length=1)
    after: Length | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        have_days = all(precedes(visit.from_age, visit.until_age) for visit in self.visits)
        if not have_days or any(precedes(other.from_age, one.until_age) for one, other in pairwise(self.visits)):
            raise ValueError("windows have days, are apart and in order")
        return self

    def bounds(self) -> tuple[Period | None, Period | None]:
        """Return the first age and the last."""
        return self.visits[0].from_age, self.visits[-1].until_age

    def allowed(self, life: Life, past: tuple[Act, ...]) -> Spans:
        """Return the days from which the last act is long enough ago."""
        return from_until(self.after.after(past[-1].on), LAST) if self.after and past else ALWAYS

    def windows(self, life: Life, past: tuple[Act, ...], day: date) -> Iterator[Window]:
        """Return the windows in which nothing took place."""
        for number, visit in enumerate(self.visits, 1):
            start, end = life.aged(visit.from_age), life.aged(visit.until_age)
            if end > day and not took_place(past, start, end):
                yield Window(number, "", start, end)


def took_place(past: tuple[Act, ...], start: date, end: date) -> bool:
    """Tell whether one of the acts took place on start <= day < end."""
    for act in past:  # noqa: SIM110  a generator for each season is a tenth of what a person costs
        if start <= act.on < end:
            return True
    return False


def since(past: tuple[Act, ...], day: date) -> tuple[Act, ...]:
    """Return the acts of this day and later."""
    return tuple(act for act in past if act.on >= day)


def _turns(base: date, every: Period, day: date) -> int:
    """Return how many turns are over on this day."""
    # No turn is longer than this, so that the guess is never too high.
    turns = max(0, (day - base).days // (every.months * 31 + every.days))
    while every.after(base, turns + 1) <= day:
        turns += 1
    return turns
