"""A life as the slow reference sees it: calendar arithmetic and plain questions, nothing of the product."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

TERM_WEEKS = 42  # no pregnancy lasts longer (REFERENCE.md, P2)
VIABLE_WEEKS = 22  # an earlier end is no birth (REFERENCE.md, P5)
AT_RISK = frozenset({"chronic", "respiratory_or_cardiac", "immunocompromised"})

Gap = Callable[[date], date]


class Pregnancy(Protocol):
    @property
    def began(self) -> date: ...
    @property
    def ended(self) -> date | None: ...


class Person(Protocol):
    @property
    def birth(self) -> date: ...
    @property
    def sex(self) -> str: ...
    @property
    def territory(self) -> str: ...
    @property
    def risks(self) -> frozenset[str]: ...
    @property
    def pregnancies(self) -> tuple[Pregnancy, ...]: ...
    @property
    def opted_out(self) -> frozenset[str]: ...


class Act(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def result(self) -> str: ...


def length_of_month(year: int, month: int) -> int:
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return (following - timedelta(days=1)).day


def after_months(day: date, count: int) -> date:
    """Turn `count` pages of the calendar, then step back when that month has no such day."""
    pages = day.year * 12 + (day.month - 1) + count
    year, month = pages // 12, pages % 12 + 1
    return date(year, month, min(day.day, length_of_month(year, month)))


def after_days(day: date, count: int) -> date:
    return day + timedelta(days=count)


def after_weeks(day: date, count: int) -> date:
    return day + timedelta(days=7 * count)


def months(count: int) -> Gap:
    return lambda day: after_months(day, count)


def weeks(count: int) -> Gap:
    return lambda day: after_weeks(day, count)


@dataclass(frozen=True)
class Life:
    person: Person
    history: tuple[Act, ...]
    today: date

    def age(self, years: int) -> date:
        return after_months(self.person.birth, 12 * years)

    def month(self, count: int) -> date:
        return after_months(self.person.birth, count)

    def between(self, start: date, end: date) -> bool:
        return start <= self.today < end

    def is_aged(self, first: int, last: int) -> bool:
        """Tell whether today is from the `first` birthday to the day before birthday `last + 1`."""
        return self.between(self.age(first), self.age(last + 1))

    def has_reached(self, years: int) -> bool:
        return self.today >= self.age(years)

    def has(self, *risks: str) -> bool:
        return any(risk in self.person.risks for risk in risks)

    def is_at_risk(self) -> bool:
        return self.has(*AT_RISK)

    def lived(self) -> list[Act]:
        """Return what happened since birth and not after today, in the order in which it happened."""
        happened = [act for act in self.history if self.person.birth <= act.on <= self.today]
        return sorted(happened, key=lambda act: act.on)

    def days(self, *codes: str) -> list[date]:
        """Return the days on which one of these was done: what was written twice for one day was done once."""
        return sorted({act.on for act in self.lived() if act.code in codes})

    def done_since(self, start: date, *codes: str) -> bool:
        return any(day >= start for day in self.days(*codes))

    def is_pregnant(self) -> bool:
        return any(self.between(one.began, end_of(one)) for one in self.person.pregnancies)

    def current_pregnancies(self) -> Iterable[Pregnancy]:
        return [one for one in self.person.pregnancies if self.between(one.began, end_of(one))]


def end_of(pregnancy: Pregnancy) -> date:
    """Return the first day on which the pregnancy is over: its end, or its latest term when nobody wrote the end."""
    if pregnancy.ended is not None:
        return pregnancy.ended
    return after_weeks(pregnancy.began, TERM_WEEKS)


def next_dose(life: Life, given: list[date], ages: list[date], gaps: list[Gap], end: date) -> int | None:
    """Return the number of the dose of a series that is due today: one age a dose, one gap between two doses."""
    number = len(given) + 1
    if number > len(ages):
        return None
    start = ages[number - 1]
    if given:
        start = max(start, gaps[number - 2](given[-1]))
    return number if life.between(start, end) else None


def once(due: bool) -> int | None:
    return 1 if due else None
