"""When the rules change everybody is looked at anew, by pages, wherever it is killed; and long hours are spread."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.reminders import campaign, roster, slots, turns

from .country import Country


def _country(number: int = 12) -> Country:
    country = Country()
    for one in range(number):
        country.open(date(1974, 8, 1 + one % 28))
    country.work()
    return country


def _rules(country: Country) -> list[str]:
    return [rules for shard in range(roster.SHARDS) for _, rules in roster.page(country.host, shard, "", 1000)]


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Returns what makes the rules other ones."""

    def change() -> str:
        for module in (campaign, turns):
            monkeypatch.setattr(module, "rules_version", lambda: "another")
        return "another"

    return change


def test_a_country_without_anybody_has_no_campaign_to_go_on_with():
    country = Country()
    assert campaign.step(country.host, pages=1000) == 0
    at = campaign.progress(country.host)
    assert at
    assert at.ended
    assert at.rules == turns.rules_version()
    assert campaign.step(country.host) == 0


def test_a_new_record_stands_on_the_roster_with_the_rules_of_the_day():
    assert _rules(_country()) == [turns.rules_version()] * 12


@pytest.mark.parametrize("pages", [1, 3, 50])
def test_everybody_is_looked_at_anew_in_steps_of_any_size(pages, monkeypatch, changed):
    country = _country()
    now = changed()
    monkeypatch.setattr(campaign, "PAGE", 2)
    seen = []
    for _ in range(400):
        campaign.step(country.host, pages)
        at = campaign.progress(country.host)
        seen.append((at.turn, at.shard, at.after))
        country.drain()
        if at.ended:
            break
        country.clock.advance(timedelta(minutes=20))
    assert at.ended
    assert at.turn == 2
    assert at.handed == 12
    assert seen == sorted(seen)
    assert set(_rules(country)) == {now}


def test_whose_message_was_lost_is_found_by_the_next_pass(changed):
    country = _country()
    now = changed()
    campaign.step(country.host, pages=1000)
    for one in country.host.queue.receive("reminders", 1000):  # every message of the first pass is lost
        country.host.queue.delete("reminders", one.receipt)
    assert set(_rules(country)) == {turns.shipped_rules().version[:16]}
    for _ in range(4):
        country.clock.advance(timedelta(hours=2))
        campaign.step(country.host, pages=1000)
        country.drain()
    assert set(_rules(country)) == {now}
    assert campaign.progress(country.host).ended


def test_a_closed_record_does_not_keep_a_campaign_from_ending(changed):
    country = _country(2)
    now = changed()
    key = (f"r#{country.records[0]}", "0facts")
    row = country.host.rows.get([key])[key]
    country.host.rows.put({**row, "state": "closed"})
    for _ in range(4):
        country.clock.advance(timedelta(hours=2))
        campaign.step(country.host, pages=1000)
        country.drain()
    assert campaign.progress(country.host).ended
    assert _rules(country) == [now]


def test_two_campaigns_at_once_lose_nobody(changed):
    country = _country()
    now = changed()
    for _ in range(200):
        campaign.step(country.host, pages=1)
        campaign.step(country.host, pages=2)
    country.drain()
    assert set(_rules(country)) == {now}


def test_an_hour_longer_than_a_page_is_handed_on(monkeypatch):
    monkeypatch.setattr(slots, "PAGE", 5)
    monkeypatch.setattr(slots, "GROUP", 2)
    country = _country(23)
    country.clock.advance(timedelta(hours=1))
    bodies = country.work()
    assert sum('"page"' in body for body in bodies) == 4
    assert all(country.told(record) for record in country.records)
    assert set(country.mails.values()) == {1}
    assert len(country.mails) == 23


def test_a_long_hour_makes_later_ones_wider_and_nobody_is_lost(monkeypatch):
    monkeypatch.setattr(slots, "PAGE", 5)
    monkeypatch.setattr(slots, "LONG", 2)
    country = _country(23)
    country.clock.advance(timedelta(hours=1))
    country.work()
    country.host.memo.pop("shards")
    for one in range(10):
        country.open(date(1974, 9, 1 + one))
    country.work()
    wide = {pk[-2:] for pk, _ in country.host.rows.everything() if pk.startswith("h#2026-11-02T10")}
    assert len(wide) > 1
    country.clock.advance(timedelta(hours=1))
    country.work()
    assert all(country.told(record) for record in country.records)
    assert len(country.mails) == 33


def test_the_sweep_reads_as_much_for_a_hundred_records_as_for_three():
    reads = {}
    for number in (3, 100):
        country = Country()
        for _ in range(number):
            country.open(date(1996, 3, 3), sex="M")
        country.work()
        country.at(country.clock.now() + timedelta(days=1))  # what was due at first is told: all lie far ahead
        country.clock.advance(timedelta(days=1))
        calls, inner = [], country.host.rows.begin_names
        country.host.rows.begin_names = lambda *a, _c=calls, _i=inner, **k: (_c.append(a), _i(*a, **k))[1]
        assert slots.wake(country.host) == 0
        reads[number] = len(calls)
    assert reads[3] == reads[100] == 25


def test_a_night_says_what_it_did():
    country = _country(2)
    country.clock.advance(timedelta(hours=1))
    assert jobs.night(country.host)["due"] == 2
