"""Refusals in the history: nobody is hidden behind a flood of others, and what is not shown one by one is counted."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.journal import Entry
from chalicelib.history import actions as history
from chalicelib.history import http
from chalicelib.history.model import Wanted
from chalicelib.kernel.errors import CarnetError
from chalicelib.vault import reading
from chalicelib.vault.consult import consult
from chalicelib.vault.model import SECRET, WITHHELD
from tests.cutting import cut
from tests.people import DOCTOR, HOLDER, PHYSIO

from .confidential import PARENT, Records, with_helpers

KEPT, FLOOD, PAGE = history.KEPT_IN_CHAIN, history.KEPT_IN_CHAIN + 30, 1000
INTRUDER = replace(PHYSIO, id="pro:810000000666", name="Intrus")
ELSEWHERE = replace(PHYSIO, organisation="org:1750100199", organisation_name="Cabinet du Large")
NOTHING = Wanted()


@pytest.fixture
def records() -> Records:
    found = with_helpers()
    found.choose(lambda c: replace(c, physician=DOCTOR.id))
    return found


def refused(records: Records, times: int = 1, who: Actor = PHYSIO, document: str = "") -> None:
    for _ in range(times):
        with suppress(CarnetError):
            if document:
                consult(records.host, who, records.record, document)
            else:
                reading.listing(records.host, who, records.record, reading.Filter())


def night(records: Records) -> None:
    records.host.clock.advance(timedelta(days=1))
    history.roll_up(records.host)


def entries(records: Records, who: Actor = HOLDER, wanted: Wanted = NOTHING) -> Iterator[Entry]:
    """Yield the refusals of all pages, and what stands for others."""
    page = history.history(records.host, who, records.record, wanted)
    yield from (one for one in page.entries if one.effect == "deny")
    while page.cursor:
        page = history.history(records.host, who, records.record, wanted, page.cursor)
        yield from (one for one in page.entries if one.effect == "deny")


def more(found: list[Entry]) -> int:
    return sum(one.detail.get("more", 0) for one in found)


def test_who_is_refused_after_a_flood_is_read_of_and_the_rest_of_the_flood_is_counted(records: Records) -> None:
    refused(records, FLOOD)
    refused(records, 2, INTRUDER)
    refused(records, 1, ELSEWHERE)
    night(records)
    found = [*entries(records)]
    assert INTRUDER.id in {one.actor for one in found}
    assert ELSEWHERE.organisation in {one.organisation for one in found}
    shown = [one for one in found if "more" not in one.detail]
    assert (len(shown), len(shown) + more(found)) == (KEPT, FLOOD + 3)
    assert sorted(one.at for one in shown) == [one.at for one in reversed(shown)]


def test_so_is_who_is_refused_after_a_flood_of_more_than_a_page_of_rows(records: Records) -> None:
    for hour in range(PAGE // 500):
        refused(records, 500, replace(PHYSIO, id=f"pro:{hour}"))
        records.host.clock.advance(timedelta(hours=1))
    refused(records, 3, INTRUDER)
    refused(records, 3, replace(PHYSIO, id="pro:0"))
    night(records)
    found = [*entries(records)]
    shown = [one.actor for one in found if "more" not in one.detail]
    assert (len(shown), shown.count(INTRUDER.id), len(shown) + more(found)) == (KEPT + 1, 1, PAGE + 6)


def test_a_few_refusals_are_all_shown_and_nothing_is_said_of_others(records: Records) -> None:
    refused(records, 3)
    night(records)
    found = [*entries(records)]
    assert (len(found), more(found)) == (3, 0)


def test_the_count_is_found_by_who_looks_for_refusals_and_said_in_words(records: Records) -> None:
    refused(records, FLOOD)
    day = records.host.clock.now().date()
    night(records)
    found = [*entries(records, wanted=Wanted(refused=True, since=day, until=day))]
    (view,) = [one for one in map(http._view, found) if one.more]
    assert (view.more, view.who.name, view.effect, view.group) == (FLOOD - KEPT, "Carnet", "deny", "system")
    assert view.at.startswith(day.isoformat())
    assert view.why.fr != view.reason
    assert view.said == view.document == view.subject == ""


def flooded_about(records: Records, code: str) -> None:
    """Let somebody be refused again and again about what is kept back, and once about the record."""
    refused(records, FLOOD, document=records.deposit(code))
    refused(records, 1)
    night(records)


@pytest.mark.abuse("A21")
def test_a_flood_about_a_secret_is_counted_for_the_minor_alone(records: Records) -> None:
    flooded_about(records, SECRET)
    assert more([*entries(records)]) == FLOOD - KEPT + 1
    told = [one for one in entries(records, PARENT) if one.actor != PARENT.id]
    assert [(one.actor, one.about) for one in told] == [(PHYSIO.id, "")]


@pytest.mark.abuse("A28")
def test_a_flood_about_what_waits_for_its_announcement_is_counted_for_nobody(records: Records) -> None:
    flooded_about(records, WITHHELD)
    found = [*entries(records)]
    assert [(one.actor, one.about) for one in found] == [(PHYSIO.id, "")]


def test_a_treating_physician_reads_of_no_refusal_and_of_no_count(records: Records) -> None:
    refused(records, FLOOD)
    night(records)
    assert [*entries(records, DOCTOR)] == []


@pytest.mark.parametrize("days", [1, 2, 6])
def test_a_refusal_is_read_of_at_once_and_after_any_failed_night_of_a_week(records: Records, days: int) -> None:
    refused(records, 2)
    records.host.clock.advance(timedelta(days=days))
    assert len([*entries(records)]) == 2
    history.roll_up(records.host)
    assert len([*entries(records)]) == 2


def test_what_was_refused_since_yesterday_is_read_of_behind_a_flood_of_earlier_days(records: Records) -> None:
    for _ in range(3):
        refused(records, 500)
        records.host.clock.advance(timedelta(hours=2))
    night(records)
    refused(records, 1, INTRUDER)
    records.host.clock.advance(timedelta(days=1))
    refused(records, 1, ELSEWHERE)
    found = [*entries(records)]
    assert [one.actor for one in found if one.actor == INTRUDER.id] == [INTRUDER.id]
    assert [one.at for one in found if one.organisation == ELSEWHERE.organisation] == [found[0].at]


def test_refusals_that_wait_are_read_in_one_call(records: Records) -> None:
    refused(records, 2)
    calls: list[str] = []
    history.history(cut(records.host, calls, None), HOLDER, records.record)
    assert calls.count("query") == 1  # the journal is in facts still
