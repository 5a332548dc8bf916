"""Which reminders are due, and on which day to look again. Pure functions over dated rules."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from .model import Due, History, Person
from .rules import Rule, Rules
from .windows import Window

_ONE_DAY = timedelta(days=1)


def due(person: Person, history: History, rules: Rules, today: date) -> list[Due]:
    """Return everything that should be done today, whether or not it was reminded of."""
    return [
        _due(rule, window)
        for rule in rules.rules
        for window in _windows(rule, person, history, today)
        if window.start <= today < window.end
    ]


def next_due(person: Person, history: History, rules: Rules, after: date) -> date | None:
    """Return the first day later than `after` on which `due` has a (rule, dose, cycle) that it has not on `after`."""
    day = after + _ONE_DAY
    windows = [
        window for rule in rules.rules for seen in (after, day) for window in _windows(rule, person, history, seen)
    ]
    return min((window.start for window in windows if after < window.start < window.end), default=None)


def _windows(rule: Rule, person: Person, history: History, day: date) -> Iterator[Window]:
    if not rule.concerns(person) or rule.id in person.opted_out:
        return
    past = sorted({act.on for act in history if act.code in rule.counts})
    for window in rule.schedule.windows(person.birth, past, max(day, rule.valid_from)):
        yield replace(window, start=max(window.start, rule.valid_from))


def _due(rule: Rule, window: Window) -> Due:
    return Due(
        rule.id, window.dose, window.cycle, window.start, window.end, rule.reason.fr, rule.reason.en, rule.source
    )
