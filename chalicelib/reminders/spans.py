"""Stretches of days, half open and in order: the algebra in which conditions and windows are combined."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

Span = tuple[date, date]
Spans = tuple[Span, ...]

FIRST, LAST = date.min, date.max
ALWAYS: Spans = ((FIRST, LAST),)
NEVER: Spans = ()


def from_until(start: date, end: date) -> Spans:
    """Return the days start <= day < end."""
    return ((start, end),) if start < end else NEVER


def both(one: Spans, other: Spans) -> Spans:
    """Return the days that lie in both."""
    if one is ALWAYS:
        return other
    if other is ALWAYS:
        return one
    if len(one) == len(other) == 1:
        return from_until(max(one[0][0], other[0][0]), min(one[0][1], other[0][1]))
    meets = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple((start, end) for start, end in meets if start < end)


def either(many: Iterable[Spans]) -> Spans:
    """Return the days that lie in at least one."""
    days: list[Span] = []
    for spans in many:
        if spans is ALWAYS:
            return ALWAYS
        days.extend(spans)
    return _joined(days) if len(days) > 1 else tuple(days)


def _joined(days: list[Span]) -> Spans:
    found: list[Span] = []
    for start, end in sorted(days):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def outside(spans: Spans) -> Spans:
    """Return the days that lie in none of these, which are apart and in order."""
    edges = [(FIRST, FIRST), *spans, (LAST, LAST)]
    return tuple((one[1], other[0]) for one, other in pairwise(edges) if one[1] < other[0])
