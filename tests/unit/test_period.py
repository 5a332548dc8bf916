"""Calendar periods are counted as the civil procedure code counts them (art. 641)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.period import Period

DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("day", "period", "later"),
    [
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2027-08-31", "P6M", "2028-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2024-02-29", "P50Y", "2074-02-28"),
        ("2025-12-31", "P2M", "2026-02-28"),
        ("2026-11-22", "P6W", "2027-01-03"),
        ("2026-11-22", "P42D", "2027-01-03"),
        ("2026-11-22", "P1Y2M3D", "2028-01-25"),
        ("1999-12-31", "P1D", "2000-01-01"),
    ],
)
def test_a_period_ends_on_this_day(day: str, period: str, later: str) -> None:
    assert Period.parse(period).after(date.fromisoformat(day)) == date.fromisoformat(later)


@pytest.mark.parametrize(
    "text", ["", "P", "P0D", "2M", "P2", "PM", "P-2M", "P2M1Y", "P1.5Y", "PT2M", "p2m", "P2M ", "P٢M"]
)
def test_a_text_that_is_not_a_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a period"):
        Period.parse(text)


@given(DAYS, st.integers(1, 600))
def test_months_lead_to_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = Period(months, 0).after(day)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)


@given(DAYS, st.integers(0, 600), st.integers(0, 600), st.integers(0, 60))
def test_a_longer_period_never_ends_earlier(day: date, months: int, more: int, days: int) -> None:
    assert Period(months, days).after(day) <= Period(months + more, days).after(day)


def test_turns_are_counted_from_the_first_day_and_do_not_drift() -> None:
    assert Period.parse("P1M").after(date(2026, 1, 31), 2) == date(2026, 3, 31)
