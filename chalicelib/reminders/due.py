"""Which reminders are due, and on which day to look again. Pure functions over dated rules."""

from datetime import date, timedelta

from .compiled import Asked, Rules
from .life import Life
from .model import Due, History, Person
from .schedules import Window
from .sentences import said
from .spans import LAST

Name = tuple[str, int, str]


def due(person: Person, history: History, rules: Rules, today: date) -> list[Due]:
    """Return everything that should be done today, whether or not it was reminded of; later acts are not known yet."""
    life = Life.until(person, history, today)
    found: dict[Name, Due] = {}
    for line in rules.at((today - person.birth).days):
        for window in line.open_on(life, today):
            found.setdefault(_name(line, window), _due(line, window, life, today))
    return list(found.values())


def next_due(person: Person, history: History, rules: Rules, after: date) -> date | None:
    """Return the first day later than `after` on which `due` has a (rule, dose, cycle) that it has not on `after`."""
    now = _names(person, history, rules, after)
    changes = sorted({act.on for act in history if act.on > after})
    for day, change in zip([after, *changes], [*changes, LAST], strict=True):
        if day > after and _names(person, history, rules, day) - now:
            return day
        life = Life.until(person, history, day)
        if first := _first_later(life, rules, (day, change), now):
            return first
    return None


def _names(person: Person, history: History, rules: Rules, day: date) -> set[Name]:
    life = Life.until(person, history, day)
    lines = rules.at((day - person.birth).days)
    return {_name(line, window) for line in lines for window in line.open_on(life, day)}


def _first_later(life: Life, rules: Rules, between: tuple[date, date], now: set[Name]) -> date | None:
    """Return the first day in between on which something new begins."""
    (after, first), age = between, (between[0] - life.person.birth).days
    for line in rules.lines:
        # Nothing of a line begins before its youngest age.
        if line.oldest < age or life.person.birth + timedelta(line.youngest) >= first:
            continue
        for window in line.windows(life, after):
            if window.start > after and _name(line, window) not in now:
                first = min(first, window.start)
                break
    return first if first < between[1] else None


def _name(line: Asked, window: Window) -> Name:
    return line.rule.id, window.dose, window.cycle


def _due(line: Asked, window: Window, life: Life, today: date) -> Due:
    fr, en = said(line.reason, line.mandatory if _obliged(line, life, today) else None)
    return Due(line.rule.id, window.dose, window.cycle, window.start, window.end, fr, en, line.rule.source)


def _obliged(line: Asked, life: Life, today: date) -> bool:
    law, person = line.mandatory, life.person
    if law is None or person.birth < law.born_from:
        return False
    return law.until_age is None or today < life.aged(law.until_age)
