"""When somebody is told: in no zone, on no day on which clocks change, at night, twice or never."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from chalicelib.reminders import hours
from chalicelib.reminders.compiled import shipped_rules
from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Person
from tests.reminders.hours import DEPARTMENTS, _days, changes

from .country import Country, once

YEARS = range(2025, 2031)
LEAP_BIRTHS = tuple(date(year, 2, 29) for year in range(1928, 2029, 4))


@pytest.mark.abuse("Q03")
def test_eight_in_the_morning_is_an_hour_in_which_everybody_may_be_told():
    for department in DEPARTMENTS:
        zone = hours.zone_of(department)
        for day in _days():
            begins = hours.begins(hours.morning(zone, day))
            local = begins.astimezone(zone)
            assert local.date() == day
            assert time(8) <= local.time() < time(9)
            assert not hours.quiet(zone, begins)


@pytest.mark.abuse("Q03")
def test_whenever_it_is_the_next_possible_hour_is_never_at_night_and_never_later_than_twelve_hours():
    tried = 0
    for department in DEPARTMENTS:
        zone = hours.zone_of(department)
        for change in changes(zone):
            for quarter in range(-96, 192):
                now = datetime.combine(change, time(), zone).astimezone(UTC) + timedelta(minutes=15 * quarter)
                slot = hours.begins(hours.soon(zone, now))
                assert slot >= now.replace(minute=0)
                assert slot - now <= timedelta(hours=13)
                assert not hours.quiet(zone, max(slot, now))
                tried += 1
    print(f"{tried} moments around {sum(len(changes(hours.zone_of(one))) for one in DEPARTMENTS)} changes of clocks")


def _births(change: date) -> list[date]:
    """Return a birth on the very day of the change, then those on 29 February: a third of them each year, in turn."""
    leap = [birth for birth in LEAP_BIRTHS if birth < change and (birth.year // 4 + change.year) % 3 == 0]
    return [date(change.year - 50, change.month, change.day), *leap]


def _due(birth: date, department: str, days: list[date]) -> set[tuple[str, int, str]]:
    """Return what is due on one of the days to who did nothing so far."""
    who = Person(birth, "F", department)
    return {(one.rule, one.dose, one.cycle) for day in days for one in due(who, (), shipped_rules(), day)}


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("department", DEPARTMENTS)
def test_around_every_change_of_clocks_everybody_is_told_exactly_once_and_by_day(department):
    zone, told, on_the_day = hours.zone_of(department), 0, []
    for change in changes(zone):
        days = [change + timedelta(days=more) for more in (-1, 0, 1)]
        country = Country(datetime.combine(days[0], time(), zone).astimezone(UTC).replace(minute=0))
        births = _births(change)
        for birth in births:
            country.open(birth, department)
        while (now := country.clock.now()) < datetime.combine(days[-1], time(23), zone):
            before = len(country.host.mail.sent)
            country.work()
            local = now.astimezone(zone)
            mails = country.host.mail.sent[before:]
            assert time(8) <= local.time() < time(20) or not mails, (change, local)
            on_the_day += [local.date() for mail in mails if mail["To"] == "p0@example.org"]
            country.clock.advance(timedelta(hours=1))
        for record, birth in zip(country.records, births, strict=True):
            expected = _due(birth, department, days)
            assert expected or birth.year == change.year, (change, birth)  # at four weeks of age nothing is due
            assert sorted(country.told(record)) == sorted(expected), (change, birth)
            told += len(expected)
        assert set(country.mails.values()) == {1}
    assert set(changes(zone)) <= set(on_the_day)
    assert len(on_the_day) == len(set(on_the_day))
    print(f"{department}: {told} reminders, each once")


def _nights(birth: date) -> list[date]:
    """Return the last days of February and the first of March, year by year."""
    found = [date(year, 2, 26) + timedelta(days=more) for year in YEARS for more in range(6)]
    return [day for day in found if day > birth]


@pytest.mark.abuse("Q03")
def test_born_on_a_leap_day_whoever_is_to_be_told_something_new_is_looked_at_on_that_day():
    found = 0
    for birth in LEAP_BIRTHS:
        for department in ("29", "973"):

            def at(day: date, birth: date = birth, department: str = department) -> set[tuple[str, int, str]]:
                return _due(birth, department, [day])

            who, seen = Person(birth, "F", department), [max(birth, date(2025, 1, 1))]
            while (day := next_due(who, (), shipped_rules(), seen[-1])) and day < date(2031, 1, 1):
                assert at(day) - at(seen[-1]), (birth, day)
                assert at(day - timedelta(days=1)) <= at(seen[-1]), (birth, day)
                seen.append(day)
            assert seen == sorted(set(seen))
            assert seen[1:], birth
            begins = [day for day in _nights(birth) if at(day) - at(day - timedelta(days=1))]
            assert begins == [day for day in seen if day in _nights(birth)], birth
            found += len(seen)
    print(f"{found} days, each once")


def test_a_reminder_of_the_leap_day_itself_comes_on_it_and_not_again():
    country = Country(datetime(2028, 2, 28, 0, 0, tzinfo=UTC))
    record = country.open(date(1978, 2, 28))
    for _ in range(96):
        country.work()
        country.clock.advance(timedelta(hours=1))
    assert once(country.told(record))
    assert len(country.mails) == 1
