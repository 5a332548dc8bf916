"""Messages that come twice, in another order, two weeks late or never: each reminder goes out once."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from chalicelib import jobs
from chalicelib.reminders import slots

from .country import Country, once

LIVES = ((date(1974, 8, 14), "F"), (date(2026, 9, 1), "M"), (date(1996, 3, 3), "M"))


def _armed() -> Country:
    country = Country()
    for birth, sex in LIVES:
        country.open(birth, "29", sex)
    country.work()
    country.clock.set(datetime(2026, 11, 2, 10, 0, tzinfo=UTC))
    return country


def _taken(country: Country) -> list[str]:
    """Take away what the queue holds."""
    found = country.host.queue.receive("reminders", 1000)
    for one in found:
        country.host.queue.delete("reminders", one.receipt)
    return [one.body for one in found]


def _split(bodies: list[str]) -> list[str]:
    """Return the same wake-ups with one record each, and the wake-ups to lay them anew."""
    found = []
    for body in map(json.loads, bodies):
        for record in body["records"].split():
            found.append(json.dumps({**body, "records": record}))
            found.append(json.dumps({"record": record, "job": "arm"}))
    return found


def _woken() -> tuple[Country, list[str]]:
    country = _armed()
    slots.wake(country.host)
    return country, _split(_taken(country))


def _expected() -> list[list[tuple[str, int, str]]]:
    country, _ = _woken()
    slots.again(country.host)
    country.work()
    return [sorted(country.told(record)) for record in country.records]


def _wrong(country: Country, expected: list[list[tuple[str, int, str]]]) -> list[str]:
    found = [sorted(country.told(record)) for record in country.records]
    return [
        *(["lost or doubled"] if found != expected else []),
        *(["twice"] if not all(map(once, found)) or set(country.mails.values()) - {1} else []),
        *(["laid twice"] if [len(country.waiting(one)) for one in country.records] != [1, 1, 1] else []),
        *(["two Message-IDs"] if len(country.mails) != sum(bool(told) for told in expected) else []),
    ]


@pytest.mark.abuse("Q01", "Q03")
def test_in_any_order_and_twice_each_reminder_goes_out_once():
    expected, tried = _expected(), 0
    orders = list(permutations(range(6)))
    for order in random.Random(4).sample(orders, 240):
        country, bodies = _woken()
        country.deliver(bodies[place] for place in order)
        country.deliver(bodies[place] for place in reversed(order))
        country.work()
        country.clock.advance(timedelta(hours=1))
        country.work()
        assert _wrong(country, expected) == [], order
        tried += 1
    print(f"{tried} orders of {6} messages, each twice: 0 lost, 0 twice")


@pytest.mark.abuse("Q01", "Q03")
def test_a_message_that_comes_two_weeks_late_finds_nothing_left_to_do():
    expected = _expected()
    for late in range(6):
        country, bodies = _woken()
        country.deliver(body for place, body in enumerate(bodies) if place != late)
        country.clock.advance(timedelta(days=14))
        before = len(country.mails)
        country.deliver([bodies[late], bodies[late]])
        jobs.night(country.host)
        country.work()
        assert set(country.mails.values()) <= {1}
        assert len(country.mails) - before <= 3
        for record, told in zip(country.records, expected, strict=True):
            found = country.told(record)
            assert once(found)
            assert set(told) <= set(found)  # and what has become due meanwhile


@pytest.mark.abuse("Q01")
def test_when_every_message_is_lost_the_night_finds_everybody_again():
    expected = _expected()
    country, _ = _woken()
    country.clock.advance(timedelta(hours=22))
    jobs.night(country.host)
    country.work()
    assert [set(told) <= set(country.told(record)) for record, told in zip(country.records, expected, strict=True)]
    assert all(once(country.told(record)) for record in country.records)
    assert len(country.mails) == 3


@pytest.mark.abuse("Q01", "Q03")
def test_days_on_which_nothing_ran_are_caught_up():
    country = _armed()
    country.clock.advance(timedelta(days=40))
    country.work()
    assert all(country.told(record) for record in country.records)
    assert len(country.mails) == 3
    assert set(country.mails.values()) == {1}


@pytest.mark.abuse("Q03")
def test_at_night_nobody_is_told_and_in_the_morning_everybody_is():
    country, bodies = _woken()
    country.clock.set(datetime(2026, 11, 2, 23, 0, tzinfo=UTC))
    country.deliver(bodies)
    assert not country.mails
    assert [country.waiting(record) for record in country.records] == [["2026-11-03T07#00"[:13]]] * 3
    country.at(datetime(2026, 11, 3, 6, 59, tzinfo=UTC))
    assert not country.mails
    country.at(datetime(2026, 11, 3, 7, 0, tzinfo=UTC))
    assert len(country.mails) == 3


@pytest.mark.abuse("Q01", "C04")
def test_a_forged_message_wakes_nobody():
    country = _armed()
    for place in ("2026-11-02T09#01", "2027-01-01T07#00", "", "x", "2026-11-02T10#00"):
        country.deliver([json.dumps({"job": "remind", "place": place, "records": " ".join(country.records)})])
    assert not country.mails
    assert not any(country.told(record) for record in country.records)
