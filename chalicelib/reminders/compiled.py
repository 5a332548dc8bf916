"""Rules made ready to be asked often: the lines in force, with what can be known about them before any person is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ..kernel.period import Period
from .campaigns import InPregnancy
from .conditions import Aged, AnyOf, Condition, Pregnant, together
from .life import Life
from .model import Act
from .rules import CONTRAINDICATED, Line, Mandatory, Reason, Rule, RuleSet, shipped_set
from .schedules import Schedule, Window
from .spans import LAST, Spans, both, either, from_until, outside

# At most this many windows of a line are needed to know what is due and what is next: the one that runs, the next
# one, and one more when the wait after a dose covers that.
_ENOUGH = 3
_OLDEST = 130
# Longer than any year, so that years counted in days with it are never too many.
_YEAR = 366
_DAYS_OF_MONTH = 30.436875
_SLACK = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One line in force. `youngest` and `oldest` bound the age in days on which anything of it can be due."""

    rule: Rule
    schedule: Schedule
    reason: Reason
    traits: tuple[Condition, ...]
    times: tuple[Condition, ...]
    never: tuple[Condition, ...]
    not_while: tuple[Condition, ...]
    valid: Spans
    youngest: int
    oldest: int
    contraindicated: str
    for_pregnant: bool
    mandatory: Mandatory | None

    def windows(self, life: Life, day: date) -> Iterator[Window]:
        """Return the windows of this line that end after a day, in order, as far as anybody needs to know."""
        if not self._concerns(life):
            return
        past = life.past(self.rule.counts)
        for start, end in both(self._eligible(life), self.schedule.allowed(life, past)):
            if end > day:
                yield from self._inside(life, past, max(day, start), (start, end))

    def open_on(self, life: Life, day: date) -> list[Window]:
        """Return those of `windows` that have begun on this day: the same, without a look at what comes later."""
        if not self._concerns(life):
            return []
        past, found = life.past(self.rule.counts), list[Window]()
        for first, last in both(self._eligible(life), self.schedule.allowed(life, past)):
            if first <= day < last:
                for window in self.schedule.windows(life, past, day):
                    if window.start > day or len(found) == _ENOUGH:
                        break
                    if window.end > day:
                        found.append(_within(window, first, last))
        return found

    def _concerns(self, life: Life) -> bool:
        person = life.person
        if self.rule.id in person.opted_out or self.contraindicated in person.risks:
            return False
        if self.for_pregnant and not person.pregnancies:
            return False
        for trait in self.never:
            if trait.spans(life):
                return False
        for trait in self.traits:  # noqa: SIM110  a generator for each line is a tenth of what a person costs
            if not trait.spans(life):
                return False
        return True

    def _eligible(self, life: Life) -> Spans:
        found = self.valid
        if self.times:
            found = both(found, together(self.times, life))
        if self.not_while and (barred := either(condition.spans(life) for condition in self.not_while)):
            found = both(found, outside(barred))
        return found

    def _inside(self, life: Life, past: tuple[Act, ...], day: date, span: tuple[date, date]) -> Iterator[Window]:
        (first, last), given = span, 0
        for window in self.schedule.windows(life, past, day):
            if window.start >= last or given == _ENOUGH:
                return
            found = _within(window, first, last)
            if found.start < found.end and found.end > day:
                given += 1
                yield found


def _within(window: Window, first: date, last: date) -> Window:
    """Return what of a window lies within these days."""
    if first <= window.start and window.end <= last:
        return window
    return Window(window.dose, window.cycle, max(first, window.start), min(last, window.end))


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole set made ready. `version` changes with any word of it; `by_id` has the rules that are off, too."""

    lines: tuple[Asked, ...]
    by_age: tuple[tuple[Asked, ...], ...]
    by_id: Mapping[str, Rule]
    version: str

    def at(self, days: int) -> list[Asked]:
        """Return the lines that may have something due at an age in days."""
        lines = self.by_age[min(days // _YEAR, _OLDEST)] if days >= 0 else ()
        return [line for line in lines if line.youngest <= days < line.oldest]


def compiled(found: RuleSet) -> Rules:
    """Make a set ready."""
    lines = tuple(_asked(rule, line) for rule in found.rules for line in rule.lines if rule.in_force(line))
    ages = tuple(_lines_at(lines, years) for years in range(_OLDEST + 1))
    return Rules(lines, ages, {rule.id: rule for rule in found.rules}, found.version)


@cache
def shipped_rules() -> Rules:
    """Return the rules that are deployed, made ready once."""
    return compiled(shipped_set())


def _lines_at(lines: tuple[Asked, ...], years: int) -> tuple[Asked, ...]:
    first, last = years * _YEAR, LAST.toordinal() if years == _OLDEST else (years + 1) * _YEAR
    return tuple(line for line in lines if line.youngest < last and first <= line.oldest)


def _asked(rule: Rule, line: Line) -> Asked:
    who, unless = (*rule.who, *line.who), (*rule.unless, *line.unless)
    youngest, oldest = line.schedule.bounds()
    return Asked(
        rule,
        line.schedule,
        line.reason or rule.reason,
        tuple(condition for condition in who if not _timed(condition)),
        tuple(condition for condition in who if _timed(condition)),
        tuple(condition for condition in unless if not _timed(condition)),
        tuple(condition for condition in unless if _timed(condition)),
        _valid(rule, line),
        max(0, _days(youngest) - _SLACK) if youngest else 0,
        _days(oldest) + _SLACK if oldest else LAST.toordinal(),
        f"{CONTRAINDICATED}{rule.id}",
        isinstance(line.schedule, InPregnancy),
        rule.mandatory,
    )


def _valid(rule: Rule, line: Line) -> Spans:
    start = max(rule.valid_from, line.valid_from or rule.valid_from)
    return from_until(start, min(rule.valid_until or LAST, line.valid_until or LAST))


def _timed(condition: Condition) -> bool:
    return isinstance(condition, Aged | Pregnant | AnyOf)


def _days(age: Period) -> int:
    return int(age.months * _DAYS_OF_MONTH) + age.days
