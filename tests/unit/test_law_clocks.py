"""Every clock of policies/clocks.csv: its length as the law or the issue writes it, and its end to the second."""

from datetime import date, datetime, timedelta

import pytest

from chalicelib.access.clocks import CLOCKS, clocks, comes_of_age, over
from chalicelib.kernel.period import Period

DAY = ("2027-03-27T22:59:59+00:00", "2027-03-28T22:00:00+00:00", "2027-03-29T22:00:00+00:00")
"""begun at 23:59:59 in Paris: over when the day is on which summer time began; a second later, a day later"""
WEEKS = ("2027-02-14T22:59:59+00:00", "2027-03-28T22:00:00+00:00", "2027-03-29T22:00:00+00:00")
MONTH = ("2027-02-27T22:59:59+00:00", "2027-03-27T23:00:00+00:00", "2027-03-28T22:00:00+00:00")
"""the first ends as the day of 23 hours begins, the second as it ends"""

ENDS: dict[str, tuple[Period | timedelta, tuple[str, str, str]]] = {
    "opposition": (Period(0, 42), WEEKS),
    "suspension": (Period(0, 42), WEEKS),
    "invitation": (Period(0, 42), WEEKS),
    "archive": (
        Period(120, 0),
        ("2028-02-28T22:59:59+00:00", "2038-02-28T23:00:00+00:00", "2038-02-28T23:00:00+00:00"),  # then 29 February
    ),
    "erasure": (Period(1, 0), MONTH),
    "announcement_seen": (Period(1, 0), MONTH),
    "disclosure": (Period(1, 0), MONTH),
    "announcement_told": (
        Period(0, 14),
        ("2026-10-11T21:59:59+00:00", "2026-10-25T23:00:00+00:00", "2026-10-26T23:00:00+00:00"),  # the day of 25 hours
    ),
    "consultation": (Period(0, 1), DAY),
    "emergency": (Period(0, 1), DAY),
    "activation": (
        Period(12, 0),
        ("2027-10-29T21:59:59+00:00", "2028-10-29T23:00:00+00:00", "2028-10-30T23:00:00+00:00"),  # winter time began
    ),
    "access_code": (
        timedelta(seconds=3600),
        ("2027-03-28T00:30:00+00:00", "2027-03-28T01:30:00+00:00", "2027-03-28T01:30:01+00:00"),
    ),
    "assisted": (
        timedelta(seconds=1800),
        ("2026-10-25T00:45:00+00:00", "2026-10-25T01:15:00+00:00", "2026-10-25T01:15:01+00:00"),
    ),
    "contact_change": (
        timedelta(seconds=259_200),
        ("2026-10-24T12:00:00+00:00", "2026-10-27T12:00:00+00:00", "2026-10-27T12:00:01+00:00"),
    ),
    "majority": (
        Period(216, 0),
        ("2009-03-28T12:00:00+00:00", "2027-03-27T23:00:00+00:00", "2027-03-28T22:00:00+00:00"),
    ),
}
"""clock -> its length; when it begins, its end, and its end when it begins one second later (a birth: one day)"""


def end(clock: str, since: str) -> str:
    return comes_of_age(date.fromisoformat(since[:10])) if clock == "majority" else over(clock, since)


def test_every_clock_is_looked_at():
    assert set(ENDS) == set(CLOCKS) == set(clocks())


@pytest.mark.parametrize("clock", ENDS)
def test_a_clock_has_the_length_that_the_law_gives_it(clock: str):
    assert clocks()[clock] == ENDS[clock][0]


@pytest.mark.parametrize("clock", ENDS)
def test_a_clock_is_over_at_its_second_and_not_one_earlier(clock: str):
    since, ends, later = ENDS[clock][1]
    step = timedelta(days=1) if clock == "majority" else timedelta(seconds=1)
    next_start = (datetime.fromisoformat(since) + step).isoformat()
    assert (end(clock, since), end(clock, next_start)) == (ends, later)
