"""What the profile says counts at the next look: an act is no longer due, a rule that was switched off is silent."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.gate import Ask, gate
from chalicelib.access.grant import Shelf
from chalicelib.profile.prevention import HEALTH
from chalicelib.reminders import counting
from chalicelib.reminders.actions import arm
from chalicelib.reminders.campaigns import InPregnancy
from chalicelib.reminders.compiled import shipped_rules
from chalicelib.reminders.model import Pregnancy
from chalicelib.reminders.plan import ONE_PREGNANCY
from chalicelib.reminders.turns import SYSTEM

from .country import Country

NEXT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
FIT = "colorectal_screening"
PREGNANCY = {"pertussis_pregnancy", "dental_maternity"}


def _say(country: Country, record: str, version: int = 1, **said: list) -> None:
    """Write the digest of the profile as it is kept."""
    grant = gate(country.host, Ask(SYSTEM, record, "reminder:arm"))
    shelf, digest = Shelf(country.host, grant), {"risks": [], "pregnancies": [], "acts": [], "opted_out": [], **said}
    shelf.put(shelf.row(HEALTH, json.dumps(digest).encode(), version=version))


def _armed(**said: list) -> tuple[Country, str]:
    country = Country()
    record = country.open(date(1974, 8, 14))
    country.work()
    _say(country, record, **said)
    arm(country.host, record)
    return country, record


def _pregnant(pregnancies: list) -> tuple[Country, str]:
    """Return who was told of what is due in pregnancy on the eighth of November, in the twenty-third week."""
    country = Country(datetime(2026, 11, 7, 9, 0, tzinfo=UTC))
    record = country.open(date(1995, 8, 14))
    country.work()
    _say(country, record, pregnancies=pregnancies)
    arm(country.host, record)
    country.at(datetime(2026, 11, 8, 10, 0, tzinfo=UTC))
    return country, record


def _rules(country: Country, record: str) -> set[str]:
    return {rule for rule, _, _ in country.told(record)}


def test_what_was_done_already_is_not_reminded_of():
    told = {}
    for acts in ([], [["fit", "2026-05-04", ""]]):
        country, record = _armed(acts=acts)
        country.at(NEXT)
        told[len(acts)] = _rules(country, record)
    assert told[0] - told[1] == {FIT}


def test_a_rule_that_was_switched_off_is_silent_and_the_others_are_not():
    country, record = _armed(opted_out=[FIT])
    country.at(NEXT)
    assert FIT not in _rules(country, record)
    assert _rules(country, record)


def test_a_risk_that_is_noted_later_is_reminded_of_at_the_next_hour_and_once():
    country, record = _armed()
    country.at(NEXT)
    before = _rules(country, record)
    _say(country, record, risks=["chronic"])
    arm(country.host, record)
    country.at(NEXT + timedelta(hours=1))
    country.at(NEXT + timedelta(hours=2))
    country.at(NEXT + timedelta(hours=3))
    assert "influenza" in _rules(country, record) - before
    assert len(country.told(record)) == len(set(country.told(record)))
    assert len(country.mails) == 2
    assert set(country.mails.values()) == {1}


@pytest.mark.parametrize("days", [-9, 9, -80])
def test_a_pregnancy_whose_first_day_is_corrected_or_noted_by_two_people_is_told_of_once(days: int):
    began = date(2026, 6, 1)
    other = began + timedelta(days=days)
    country, record = _pregnant([[began.isoformat(), None]])
    assert _rules(country, record) >= PREGNANCY
    for said in ([[other.isoformat(), None]], [[began.isoformat(), None], [other.isoformat(), None]]):
        _say(country, record, version=2, pregnancies=said)
        arm(country.host, record)
        for _ in range(100):
            country.clock.advance(timedelta(days=1))
            country.work()
        assert sorted(rule for rule, _, _ in country.told(record) if rule in PREGNANCY) == sorted(PREGNANCY)
    twice, record = _pregnant([[began.isoformat(), None], [other.isoformat(), None]])
    assert sorted(rule for rule, _, _ in twice.told(record) if rule in PREGNANCY) == sorted(PREGNANCY)


def test_no_rule_speaks_so_early_that_two_pregnancies_it_speaks_of_could_be_taken_for_one():
    lines = [line.schedule for line in shipped_rules().lines if isinstance(line.schedule, InPregnancy)]
    began = date(2026, 1, 1)
    assert lines
    assert all(one._start(Pregnancy(began)) - began >= ONE_PREGNANCY for one in lines)


def test_the_next_pregnancy_is_told_of_again_though_it_begins_with_the_end_of_the_one_before():
    country, record = _pregnant([["2026-06-01", None]])
    lost = date(2026, 11, 9)
    _say(country, record, version=2, pregnancies=[["2026-06-01", lost.isoformat()], [lost.isoformat(), None]])
    arm(country.host, record)
    for _ in range(150):
        country.clock.advance(timedelta(days=1))
        country.work()
    assert sorted(rule for rule, _, _ in country.told(record) if rule in PREGNANCY) == sorted([*PREGNANCY, *PREGNANCY])


def test_an_act_within_sixty_days_counts_as_the_effect_of_its_reminder_and_once():
    country, record = _armed()
    country.at(NEXT)
    _say(country, record, acts=[["fit", "2026-11-20", "normal"]])
    country.clock.set(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    for _ in range(3):
        arm(country.host, record)
        country.clock.advance(timedelta(days=1))
        jobs.night(country.host)
        country.work()
    sums = counting.sums(country.host, "2026-11-01", "2026-12-31")
    assert {kind: sums["2026-11", FIT, "50-64", "29", kind] for kind in counting.KINDS} == {
        "due": 1,
        "sent": 1,
        "done": 1,
    }


def test_an_act_long_after_the_reminder_is_nobodys_effect():
    country, record = _armed()
    country.at(NEXT)
    _say(country, record, acts=[["fit", "2027-02-20", ""]])
    country.clock.set(datetime(2027, 2, 21, 9, 0, tzinfo=UTC))
    arm(country.host, record)
    country.clock.advance(timedelta(days=1))
    jobs.night(country.host)
    assert counting.sums(country.host, "2026-11-01", "2027-03-31")["2026-11", FIT, "50-64", "29", "done"] == 0
