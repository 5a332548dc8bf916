"""Messages that come twice, in another order, two weeks late or never: each reminder goes out once."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from chalicelib import jobs
from chalicelib.access.relay import relay
from chalicelib.following import follow
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.reminders import slots
from tests.cutting import Killed, cut

from .country import LETTERHEAD, Country, DeafServer, once

LIVES = ((date(1974, 8, 14), "F"), (date(2026, 9, 1), "M"), (date(1996, 3, 3), "M"))
OVER = ("child_exam_04", 1, "")
"""what the child was due on 2 November and is not any more forty days later: the examination of the third month"""


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
    assert all(set(told) <= set(country.told(record)) for record, told in zip(country.records, expected, strict=True))
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


@pytest.mark.abuse("Q03")
def test_what_the_mail_server_did_not_take_is_told_by_day_and_not_in_the_night():
    country, bodies = _woken()
    down = replace(country.host, mail=DeafServer())
    for body in bodies:
        with suppress(CarnetError):
            jobs.reminders(down, LETTERHEAD)(json.loads(body))
    country.clock.set(datetime(2026, 11, 2, 20, tzinfo=UTC))  # it is there again
    for hour in range(20, 36):
        if hour == 26:
            jobs.night(country.host)
        country.work()
        if hour < 31:
            country.deliver(bodies)  # dead letters that somebody moves back
            assert not country.mails, hour
        country.clock.advance(timedelta(hours=1))
    country.at(datetime(2026, 11, 3, 14, tzinfo=UTC))
    assert len(country.mails) == 3
    assert set(country.mails.values()) == {1}


@pytest.mark.abuse("Q01", "C04")
def test_a_forged_message_wakes_nobody():
    country = _armed()
    for place in ("2026-11-02T09#01", "2027-01-01T07#00", "", "x", "2026-11-02T10#00"):
        country.deliver([json.dumps({"job": "remind", "place": place, "records": " ".join(country.records)})])
    assert not country.mails
    assert not any(country.told(record) for record in country.records)


@pytest.mark.abuse("Q01")
def test_when_no_worker_ran_for_forty_days_everybody_is_told_once_they_are_back():
    expected = _expected()
    country, _ = _woken()
    for _ in range(40):
        country.clock.advance(timedelta(days=1))
        jobs.minute(country.host)
        jobs.night(country.host)
        _taken(country)  # no message is kept for longer than fourteen days
    assert not country.mails
    jobs.night(country.host)
    country.work()
    for record, told in zip(country.records, expected, strict=True):
        assert set(country.told(record)) >= set(told) - {OVER}
        assert OVER not in country.told(record)
    assert all(once(country.told(record)) for record in country.records)
    assert set(country.mails.values()) == {1}
    assert len(country.mails) == len(LIVES)
    assert [len(country.waiting(record)) for record in country.records] == [1, 1, 1]
    country.clock.advance(timedelta(days=20))
    jobs.night(country.host)
    assert not [sk for pk, sk in country.host.rows.everything() if pk.startswith("v#") and sk < "2026-12"]


@pytest.mark.abuse("Q01")
def test_a_record_laid_on_an_hour_that_was_just_read_for_the_last_time_is_found_by_the_next_night():
    country = _armed()
    country.work()
    record = country.records[0]
    country.clock.set(datetime(2026, 11, 4, 2, 0, tzinfo=UTC))
    slots.wake(country.host)
    slots.again(country.host)
    country.host.rows.put(slots.row("2026-11-04T01#00", record))  # on its way since before two o'clock
    for _ in range(24):
        country.clock.advance(timedelta(hours=1))
        slots.wake(country.host)
    assert slots.again(country.host) == 1


def test_an_outage_is_caught_up_in_as_many_tries_as_it_takes():
    country = _armed()
    country.clock.advance(timedelta(days=40))
    tries = 0
    while True:
        calls: list[str] = []
        tries += 1
        try:
            slots.wake(cut(country.host, calls, (100, "before")))
        except Killed:
            continue
        break
    assert 10 < tries < 40
    assert slots.wake(country.host) == 0
    assert len(_taken(country)) == 1


def test_what_the_version_before_kept_of_the_hours_is_read_on():
    country = _armed()
    (held,) = {hour for record in country.records for hour in country.waiting(record)}
    country.clock.set(datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
    country.host.rows.put({"pk": "s#system", "sk": "hours", "shards": 1, "hour": "2026-11-20T01", "oldest": held})
    slots.wake(country.host)
    assert slots.again(country.host) == len(LIVES)
    assert slots.again(country.host) == len(LIVES)


def test_of_more_hours_than_the_cursor_holds_none_is_forgotten():
    country = Country(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    slots.again(country.host)
    for number in range(slots.MOST_LEFT + 50):
        moment = country.clock.now() + timedelta(hours=number)
        country.host.rows.put(slots.row(f"{moment:%Y-%m-%dT%H}#00", "x"))
    country.clock.advance(timedelta(hours=number))
    for _ in range(3):
        assert slots.again(country.host) == slots.MOST_LEFT + 50
    cursor = country.host.rows.get([("s#system", "hours")])["s#system", "hours"]
    assert len(cursor["left"]) < 15 * slots.MOST_LEFT
    country.host.rows.delete(("h#2026-11-02T09#00", "x"))
    assert slots.again(country.host) == slots.MOST_LEFT + 49


@pytest.mark.abuse("Q01")
@pytest.mark.parametrize("first", [jobs.minute, jobs.night])
def test_who_was_laid_days_before_the_first_minute_and_the_first_night_is_found(first: Callable[[Host], object]):
    country = Country(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    record = country.open(date(1974, 8, 14))
    relay(country.host, record, follow)
    country.drain()
    assert country.waiting(record)
    country.clock.advance(timedelta(days=3))
    first(country.host)
    country.work()
    assert country.told(record)
    assert once(country.told(record))
