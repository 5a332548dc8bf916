"""Counted once whatever is killed or doubled, and told so that nobody can be picked out."""

import random
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.kernel.errors import AccessDenied, Broken, NotFound
from chalicelib.reminders import counting, coverage
from chalicelib.reminders.coverage import Line, told
from chalicelib.reminders.model import Person
from chalicelib.reminders.picture import picture
from chalicelib.reminders.state import Sent
from tests.cutting import cut
from tests.people import ENROLMENT, HOLDER, INSURER, SUPPORT

from .country import Country


def _reminded(number: int, department: str = "29") -> Country:
    country = Country()
    for one in range(number):
        country.open(date(1974, 8, 1 + one % 28), department)
    country.work()
    country.clock.advance(timedelta(hours=1))
    country.work()
    return country


def _sums(country: Country) -> Counter:
    return counting.sums(country.host, "2026-11-01", "2026-12-31")


def _cell(country: Country, kind: str) -> int:
    return _sums(country)["2026-11", "colorectal_screening", "50-64", "29", kind]


def test_what_was_due_and_sent_is_counted_however_often_the_nights_count():
    country = _reminded(13)
    for _ in range(20):
        country.clock.advance(timedelta(days=1))
        jobs.night(country.host)
        jobs.night(country.host)
        country.work()
        assert _cell(country, "due") == _cell(country, "sent") == 13
    assert not [sk for pk, sk in country.host.rows.everything() if pk.startswith("v#") and sk.startswith("2026-11-02")]


def test_who_does_not_want_to_be_told_is_due_and_not_sent():
    country = Country()
    record = country.open(date(1974, 8, 14))
    country.work()
    from dataclasses import replace

    from chalicelib.notices import contact_actions
    from chalicelib.notices.contact import Contact

    holder = replace(HOLDER, id=f"{HOLDER.id}0")
    contact_actions.prefer(country.host, holder, record, "fr", Contact().order, {"reminders": "never"})
    country.clock.advance(timedelta(hours=1))
    country.work()
    country.clock.advance(timedelta(days=1))
    jobs.night(country.host)
    assert (_cell(country, "due"), _cell(country, "sent")) == (1, 0)


def test_the_store_holds_no_word_and_no_number_of_coverage_in_clear():
    country = _reminded(12)
    country.clock.advance(timedelta(days=1))
    jobs.night(country.host)
    rows = {key: row for key, row in country.host.rows.everything().items() if key[0][:2] in ("v#", "s#")}
    assert any(pk.startswith("v#") for pk, _ in rows)
    for (pk, _), row in rows.items():
        if pk.startswith(("v#", "s#coverage")):
            assert set(row) <= {"pk", "sk", "body", "state"}
            assert not [record for record in country.records if record in repr(row)]


def test_fewer_than_eleven_are_told_of_nobody():
    country = _reminded(10)
    country.clock.advance(timedelta(days=1))
    jobs.night(country.host)
    assert coverage.table(country.host, ENROLMENT, "2026-11").splitlines() == [",".join(coverage.COLUMNS)]
    assert coverage.ages(country.host, ENROLMENT, "2026-11", "colorectal_screening") == {}


def test_from_eleven_on_the_table_and_the_picture_tell():
    country = _reminded(23)
    country.clock.advance(timedelta(days=1))
    jobs.night(country.host)
    lines = coverage.table(country.host, ENROLMENT, "2026-11").splitlines()
    assert "2026-11,colorectal_screening,50-64,29,23,23," in lines
    found = coverage.ages(country.host, ENROLMENT, "2026-11", "colorectal_screening")
    assert found == {"50-64": (23, 23, 0)}
    root = ET.fromstring(picture("colorectal_screening, 2026-11", found))
    assert root.tag.endswith("svg")
    assert "23" in [text.text for text in root.iter() if text.tag.endswith("text")]


@pytest.mark.abuse("A10", "A12")
@pytest.mark.parametrize("actor", [HOLDER, INSURER, SUPPORT])
def test_nobody_else_reads_coverage(actor):
    for read in (coverage.table, lambda h, a, m: coverage.ages(h, a, m, "influenza")):
        with pytest.raises((AccessDenied, NotFound)):
            read(Country().host, actor, "2026-11")


def _parts(line: Line) -> list[int]:
    """Return every number that one line gives away: the columns and what lies between them."""
    found = [one for one in line.columns if one]
    between = [abs(one - other) for place, one in enumerate(found) for other in found[place + 1 :]]
    return found + [one for one in between if one]


def test_no_number_no_difference_between_columns_and_none_between_two_nights_is_below_eleven():
    tries, shown, chance = 0, 0, random.Random(11)
    for _ in range(3000):
        line, due, sent, done = Line("50-64", "29"), 0, 0, 0
        for _night in range(30):
            due += chance.choice((0, 1, 2, 5, 12, 40))
            sent = min(due, sent + chance.choice((0, 1, 3, 11, 40)))
            done = min(sent, done + chance.choice((0, 0, 1, 2, 12)))
            after = told(line, due, sent, done)
            assert all(one >= 11 for one in _parts(after)), (line, after)
            for one, other in ((line.sent, after.sent), (line.due, after.due), (line.done, after.done)):
                assert one == other or abs(one - other) >= 11
            line, tries = after, tries + 1
        shown += line.columns.count(None) == 0
    print(f"{tries} nights: nothing below eleven")
    assert shown > 1000


def test_a_picture_without_numbers_says_so():
    assert "no number to publish" in picture("x < y", {})
    ET.fromstring(picture("x < y", {}))


def test_days_on_which_nothing_happened_cost_a_night_nothing():
    country = _reminded(1)
    for _ in range(40):
        country.clock.advance(timedelta(days=1))
        jobs.night(country.host)
    calls: list[str] = []
    counting.night(cut(country.host, calls, None))
    assert calls == ["query"] * counting.SHARDS


def test_who_is_counted_after_the_day_was_summed_up_changes_no_sum_and_leaves_no_row():
    country = _reminded(13)
    rows = [row for (pk, _), row in country.host.rows.everything().items() if pk.startswith("v#")]
    assert rows
    for _ in range(20):
        country.clock.advance(timedelta(days=1))
        counting.night(country.host)
    country.host.rows.put_many(rows[:3])
    assert counting.night(country.host) == 0
    assert _cell(country, "due") == 13
    assert not [pk for pk, _ in country.host.rows.everything() if pk.startswith("v#")]


def test_a_day_without_news_costs_a_night_and_a_minute_few_calls():
    country = Country()
    for _ in range(3):
        country.clock.advance(timedelta(days=1))
        jobs.minute(country.host)
        jobs.night(country.host)
    country.clock.advance(timedelta(days=1))
    minute: list[str] = []
    night: list[str] = []
    jobs.minute(country.host)
    country.clock.advance(timedelta(minutes=1))
    jobs.minute(cut(country.host, minute, None))
    jobs.night(cut(country.host, night, None))
    print(f"a minute {len(minute)} calls, a night {len(night)}")
    assert len(minute) <= 22
    assert len(night) <= 245  # four of them for intake files that are to be forgotten


def _days(country: Country, number: int) -> None:
    """Count one person on a day and so many on the next that no shard is read with one call."""
    who = Person(date(1974, 8, 14), "F", "29")
    for one in range(number):
        sent = Sent("colorectal_screening", 0, "", "2026-11-03" if one else "2026-11-02")
        country.host.rows.put(counting._row(country.host, f"record{one}", sent, who, ("due", sent.on)))


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("place", range(14))
def test_of_two_nights_that_close_days_at_once_none_counts_what_the_other_has_left_of_them(place: int):
    country, number = Country(), 2200
    _days(country, number)
    country.clock.advance(timedelta(days=20))
    counting.night(cut(country.host, [], (place, "before"), lambda: counting.night(country.host)))
    assert _cell(country, "due") == number


def _told(country: Country) -> int:
    lines = list(coverage.ages(country.host, ENROLMENT, "2026-11", "colorectal_screening").values())
    return lines[0][1] if lines else 0


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("place", range(18))
def test_two_nights_that_tell_at_once_tell_no_numbers_less_than_eleven_apart(place: int):
    country, seen = _reminded(12), []
    counting.night(country.host)

    def four_more() -> None:
        who = Person(date(1974, 8, 14), "F", "29")
        for one in range(4):
            sent = Sent("colorectal_screening", 0, "", "2026-11-02")
            for kind in ("due", "sent"):
                country.host.rows.put(counting._row(country.host, f"more{one}", sent, who, (kind, sent.on)))
        counting.night(country.host)
        coverage.publish(country.host)
        seen.append(_told(country))

    coverage.publish(cut(country.host, [], (place, "before"), four_more))
    seen.append(_told(country))
    assert seen[-1] in (12, 16)
    assert len(set(seen)) == 1


def test_a_day_that_does_not_open_keeps_no_other_from_being_counted_and_is_counted_when_it_was_repaired():
    country = Country()
    _days(country, 3)
    rows = country.host.rows.everything()
    row = next(row for key, row in rows.items() if key[0].startswith("v#") and key[1].startswith("2026-11-02"))
    country.host.rows.put({**row, "body": row["body"][::-1]})
    country.clock.advance(timedelta(days=20))
    for _ in range(2):
        with pytest.raises(Broken):
            counting.night(country.host)
        assert _cell(country, "due") == 2
    country.host.rows.put(row)
    counting.night(country.host)
    assert _cell(country, "due") == 3
    assert not [key for key in country.host.rows.everything() if key[0].startswith("v#")]
