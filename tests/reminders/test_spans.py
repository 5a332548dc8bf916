"""Stretches of days combine like sets of days."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reminders.spans import ALWAYS, FIRST, LAST, NEVER, Spans, both, either, from_until, outside

START = date(2026, 1, 1)
RANGE = [START + timedelta(n) for n in range(24)]


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    edges = draw(st.lists(st.sampled_from([*RANGE, FIRST, LAST]), max_size=6, unique=True).map(sorted))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


def days(found: Spans) -> set[date]:
    return {day for day in RANGE if any(start <= day < end for start, end in found)}


@given(spans(), spans())
def test_both_are_the_days_of_one_and_the_other(one, other):
    assert days(both(one, other)) == days(one) & days(other)
    assert (both(ALWAYS, one), both(one, ALWAYS)) == (one, one)


@given(st.lists(spans(), max_size=4))
def test_either_are_the_days_of_any_apart_and_in_order(many):
    found = either(many)
    assert days(found) == set().union(*(days(one) for one in many))
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(spans())
def test_outside_are_the_other_days(one):
    assert days(outside(either([one]))) == set(RANGE) - days(one)
    assert (outside(ALWAYS), outside(NEVER)) == (NEVER, ALWAYS)


def test_a_stretch_that_ends_before_it_begins_has_no_day():
    assert (from_until(START, START), from_until(LAST, START)) == (NEVER, NEVER)
