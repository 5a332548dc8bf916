"""Which reminders are due, and on which day to look again. Pure functions over dated rules."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from .model import Due, History, Person, Window
from .rules import Rule

_ONE_DAY = timedelta(days=1)


def due(person: Person, history: History, rules: tuple[Rule, ...], today: date) -> list[Due]:
    """Return what to remind of today: at most one reminder of each rule, in the order of the rules."""
    found = ((rule, _first_open(_windows(rule, person, history, today), today)) for rule in rules)
    return [_due(rule, window) for rule, window in found if window]


def next_due(person: Person, history: History, rules: tuple[Rule, ...], after: date) -> date | None:
    """Return the first day later than `after` on which `due` gives something, if the history stays as it is."""
    day = after + _ONE_DAY
    windows = (window for rule in rules for window in _windows(rule, person, history, day))
    return min((first for window in windows if (first := window.first_from(day))), default=None)


def _windows(rule: Rule, person: Person, history: History, day: date) -> Iterator[Window]:
    if not rule.concerns(person):
        return
    past = tuple(event for event in history if event.rule == rule.id)
    # Before the rule is valid, the turn that counts is the one that runs when it begins to be.
    for window in rule.schedule.windows(person.birth, past, max(day, rule.valid_from)):
        yield replace(window, start=max(window.start, rule.valid_from))


def _first_open(windows: Iterator[Window], day: date) -> Window | None:
    return next((window for window in windows if window.start <= day < window.end), None)


def _due(rule: Rule, window: Window) -> Due:
    return Due(
        rule=rule.id,
        dose=window.dose,
        cycle=window.start,
        window_start=window.start,
        window_end=window.end,
        reason_fr=rule.reason.fr,
        reason_en=rule.reason.en,
        source=rule.source,
    )
