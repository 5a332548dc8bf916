"""When somebody is told: in no zone, on no day on which clocks change, at night, twice or never."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.reminders import hours
from chalicelib.reminders.compiled import shipped_rules
from chalicelib.reminders.due import next_due
from chalicelib.reminders.model import Person

from .country import Country, once

DEPARTMENTS = ("29", "971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988")
YEARS = range(2025, 2031)
LEAP_BIRTHS = tuple(date(year, 2, 29) for year in range(1928, 2029, 4))


def changes(zone: ZoneInfo) -> list[date]:
    """Return the days of 2025-2030 on which the clocks of a zone change; those of Paris where none do."""
    found = [day for day in _days() if _offset(zone, day) != _offset(zone, day + timedelta(days=1))]
    return found or changes(ZoneInfo("Europe/Paris"))


def _days():
    day = date(2025, 1, 1)
    while day < date(2031, 1, 1):
        yield day
        day += timedelta(days=1)


def _offset(zone: ZoneInfo, day: date):
    return datetime.combine(day, time(), zone).utcoffset()


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


def _lives() -> list[tuple[str, date, date]]:
    """Return a department, a change of its clocks, and a birth on 29 February or on that very day."""
    found = []
    for place, department in enumerate(DEPARTMENTS):
        for turn, change in enumerate(changes(hours.zone_of(department))):
            leap = LEAP_BIRTHS[(place * 7 + turn * 3) % 20]
            found.append((department, change, leap))
            found.append((department, change, date(change.year - 50, change.month, change.day)))
    return found


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("department", DEPARTMENTS)
def test_around_every_change_of_clocks_everybody_is_told_exactly_once_and_by_day(department):
    told, days = 0, []
    for _, change, birth in [one for one in _lives() if one[0] == department]:
        zone = hours.zone_of(department)
        begin = datetime.combine(change - timedelta(days=2), time(0), zone).astimezone(UTC)
        country = Country(begin.replace(minute=0))
        record = country.open(birth, department)
        for _hour in range(5 * 24):
            before = len(country.host.mail.sent)
            country.work()
            if len(country.host.mail.sent) > before:
                local = country.clock.now().astimezone(zone).time()
                assert time(8) <= local < time(20), (change, local)
                days += [country.clock.now().astimezone(zone).date()] if birth.month == change.month else []
            country.clock.advance(timedelta(hours=1))
        assert once(country.told(record))
        assert set(country.mails.values()) <= {1}
        told += len(country.told(record))
    assert sorted(set(days) & set(changes(hours.zone_of(department)))) == changes(hours.zone_of(department))
    assert len(days) == len(set(days))
    print(f"{department}: {told} reminders, each once")


@pytest.mark.abuse("Q03")
def test_born_on_a_leap_day_every_next_day_comes_once_and_in_order():
    found = 0
    for birth in LEAP_BIRTHS[-26:]:
        for department in ("29", "973"):
            who, day, seen = Person(birth, "F", department), max(birth, date(2025, 1, 1)), []
            while (day := next_due(who, (), shipped_rules(), day)) and day < date(2031, 1, 1):
                seen.append(day)
            assert seen == sorted(set(seen))
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
