"""The own reminders and appointments use the index of all reminders: once, in their hour, never the secret ones.

The kills of `test_scale_kills.py` run over them as well.
"""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations

import pytest

from chalicelib import jobs
from chalicelib.access.choices import Delegation
from chalicelib.access.gate import Ask, gate
from chalicelib.agenda.actions import plan
from chalicelib.agenda.model import Words
from chalicelib.agenda.planning import Draft
from chalicelib.kernel.errors import CarnetError
from chalicelib.reminders import hours, slots
from tests.people import HOLDER
from tests.reminders.hours import DEPARTMENTS, changes

from .country import LETTERHEAD, Country, DeafServer, once

LIVES = ((date(1974, 8, 14), "F"), (date(1996, 3, 3), "M"))
MINOR = date(2012, 5, 4)
TEN, EVE = datetime(2026, 11, 2, 10, 0, tzinfo=UTC), datetime(2026, 11, 2, 17, 0, tzinfo=UTC)


def _busy() -> Country:
    """Return a country at ten in UTC where everybody asked to be told at half past nine and at five in the evening."""
    country = Country()
    for birth, sex in LIVES:
        country.busy(country.open(birth, "29", sex), "2026-11-02T10:30")
    country.work()
    country.clock.set(TEN)
    return country


def _woken() -> tuple[Country, list[str]]:
    """Return the wake-ups of that hour, one record each, and as many to lay the records anew."""
    country = _busy()
    slots.wake(country.host)
    found = []
    for one in country.host.queue.receive("reminders", 100):
        country.host.queue.delete("reminders", one.receipt)
        body = json.loads(one.body)
        for record in body["records"].split():
            found += [json.dumps({**body, "records": record}), json.dumps({"record": record, "job": "arm"})]
    assert len(found) == 4
    return country, found


def _own(country: Country) -> list[int]:
    """Return how often each was told of the agenda, each time under another name."""
    assert all(once(country.told(record)) for record in country.records)
    return [len(country.own(record)) for record in country.records]


@pytest.mark.abuse("Q03")
def test_an_own_reminder_goes_out_in_its_hour_and_an_appointment_on_its_eve():
    country = _busy()
    assert _own(country) == [0, 0]
    country.work()
    assert (_own(country), len(country.mails)) == ([1, 1], 2)
    country.at(EVE - timedelta(minutes=1))
    assert (_own(country), len(country.mails)) == ([1, 1], 2)
    country.at(EVE)
    assert (_own(country), len(country.mails)) == ([2, 2], 4)
    for _ in range(48):
        country.at(country.clock.now() + timedelta(hours=1))
    assert _own(country) == [2, 2]
    assert set(country.mails.values()) == {1}


@pytest.mark.abuse("Q01", "Q03")
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_any_order_and_twice_what_the_agenda_asks_for_goes_out_once(order: tuple[int, ...]):
    country, bodies = _woken()
    country.deliver(bodies[place] for place in order)
    country.deliver(bodies[place] for place in reversed(order))
    country.at(EVE)
    country.deliver(bodies)
    country.work()
    assert (_own(country), len(country.mails)) == ([2, 2], 4)
    assert set(country.mails.values()) == {1}
    assert [len(country.waiting(record)) for record in country.records] == [1, 1]


@pytest.mark.abuse("Q01", "Q03")
@pytest.mark.parametrize(("late", "own"), [(timedelta(hours=3), 1), (timedelta(hours=23), 2), (timedelta(days=14), 1)])
def test_a_message_that_comes_late_tells_once_what_is_not_over_by_then(late: timedelta, own: int):
    country, bodies = _woken()
    country.clock.advance(late)
    for _ in range(2):
        country.deliver(bodies)
        country.work()
    assert _own(country) == [own, own]
    assert set(country.mails.values()) <= {1}


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("department", DEPARTMENTS)
def test_on_the_day_of_a_change_of_clocks_the_agenda_speaks_once_and_at_its_hour_on_the_wall(department: str):
    zone = hours.zone_of(department)
    for change in changes(zone):
        begin = datetime.combine(change - timedelta(days=1), time(9), zone).astimezone(UTC)
        country, told = Country(begin.replace(minute=0)), []
        country.busy(country.open(date(1996, 2, 29), department, "M"), f"{change}T10:30")
        while country.clock.now() < begin + timedelta(days=3):
            before = len(country.mails)
            country.work()
            if len(country.mails) > before:
                told += [country.clock.now().astimezone(zone)] * (_own(country)[0] - len(told))
            country.clock.advance(timedelta(hours=1))
        assert [(one.date(), one.hour) for one in told] == [(change, 10), (change, 18)], change


@pytest.mark.abuse("A21", "Q04")
@pytest.mark.parametrize("secret", [True, False])
def test_of_what_a_minor_keeps_secret_nobody_gets_a_mail(secret: bool):
    country = Country()
    record = country.open(MINOR)
    holder = replace(HOLDER, id=f"{HOLDER.id}0")
    parents = {"citizen:a": Delegation("parent", "A", email="a@example.org")}
    gate(country.host, Ask(holder, record, "choices:allow", change=lambda now: replace(now, proxies=parents)))
    country.work()
    country.at(TEN)
    country.host.mail.sent.clear()
    appointment = Draft("appointment", datetime.fromisoformat("2026-11-03T10:00"), Words(title="Dr"), secret=secret)
    plan(country.host, holder, record, appointment)
    while country.clock.now() < TEN + timedelta(days=2):
        country.work()
        country.clock.advance(timedelta(hours=1))
    reached = sorted(str(mail["To"]) for mail in country.host.mail.sent)
    assert reached == ([] if secret else ["a@example.org", "p0@example.org"])
    assert len(country.own(record)) == (0 if secret else 1)


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("down", [False, True])
def test_what_is_asked_for_in_an_hour_that_told_already_does_not_wait_for_the_afternoon_after_the_night(down: bool):
    country = Country()
    record = country.open(date(1996, 3, 3), "29", "M")
    holder = replace(HOLDER, id=f"{HOLDER.id}0")

    def ask(wall: str) -> None:
        plan(country.host, holder, record, Draft("reminder", datetime.fromisoformat(wall), Words(title="Pilulier")))

    ask("2026-11-02T19:05")
    country.work()
    country.at(TEN)  # what was due on that day is told
    country.host.mail.sent.clear()
    country.clock.set(datetime(2026, 11, 2, 18, 10, tzinfo=UTC))
    if down:  # claimed, and told by nobody yet
        slots.wake(country.host)
        deaf = replace(country.host, mail=DeafServer())
        for one in country.host.queue.receive("reminders", 100):
            with suppress(CarnetError):
                jobs.reminders(deaf, LETTERHEAD)(json.loads(one.body))
            country.host.queue.delete("reminders", one.receipt)
    else:
        country.work()
    ask("2026-11-02T19:55")  # the last hour before the night
    ask("2026-11-03T08:10")
    country.work()
    for passed in range(1, 14):
        country.at(datetime(2026, 11, 2, 18, 10, tzinfo=UTC) + timedelta(hours=passed))
        if passed == 8:
            jobs.night(country.host)
            country.drain()
        if passed < 13:
            assert len(country.mails) == (0 if down else 1), passed
    country.at(datetime(2026, 11, 3, 8, 10, tzinfo=UTC))
    assert len(country.own(record)) == 3
    country.at(datetime(2026, 11, 3, 14, 10, tzinfo=UTC))
    assert (len(country.mails), set(country.mails.values()), len(country.own(record))) == (2, {1}, 3)
    assert len(country.waiting(record)) <= 1
