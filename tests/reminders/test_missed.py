"""What was missed while no worker ran: an own reminder is told however late, an appointment as long as it is ahead."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.agenda import actions
from chalicelib.agenda.planning import Draft
from chalicelib.reminders import slots
from tests.agenda.world import draft
from tests.people import HOLDER

from .country import Country

OWN = "agenda"


def _planned(*drafts: Draft) -> tuple[Country, str]:
    """Open the record of somebody of thirty who was told of all else, and plan."""
    country = Country()
    record = country.open(date(1996, 3, 3), sex="M")
    country.work()
    country.at(datetime(2026, 11, 2, 10, 0, tzinfo=UTC))
    for one in drafts:
        actions.plan(country.host, replace(HOLDER, id=f"{HOLDER.id}0"), record, one, "")
    country.work()
    return country, record


def _told(country: Country, record: str) -> int:
    return len([rule for rule, _, _ in country.told(record) if rule == OWN])


@pytest.mark.parametrize("days", [0, 2, 40])
def test_an_own_reminder_is_told_at_the_next_run_however_late_and_once(days: int):
    country, record = _planned(draft("2026-11-04T10:00", kind="reminder"))
    assert country.waiting(record) == ["2026-11-04T09"]
    late = datetime(2026, 11, 4, 9, 0, tzinfo=UTC) + timedelta(days=days)
    country.clock.set(late)
    slots.again(country.host)
    country.work()
    assert _told(country, record) == 1
    country.at(late + timedelta(days=1))
    slots.again(country.host)
    country.work()
    assert _told(country, record) == 1
    assert set(country.mails.values()) == {1}


@pytest.mark.parametrize(("back", "times"), [("12T17:00", 1), ("13T08:59", 1), ("13T09:00", 0), ("16T09:00", 0)])
def test_an_appointment_is_told_late_as_long_as_it_lies_ahead(back: str, times: int):
    country, record = _planned(draft("2026-11-13T10:00"))
    assert country.waiting(record) == ["2026-11-12T17"]
    country.clock.set(datetime.fromisoformat(f"2026-11-{back}+00:00"))
    slots.again(country.host)
    country.work()
    country.at(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    assert _told(country, record) == times
