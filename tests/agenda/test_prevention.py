"""What the person says of prevention: a status for each rule, and what was done elsewhere in the history."""

from datetime import date, timedelta

import pytest

from chalicelib.kernel.errors import AccessDenied, Invalid, NotFound
from tests.people import DOCTOR, HOLDER, STRANGER

from .world import CARER, PARENT, World

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize("who", [HOLDER, PARENT, CARER], ids=lambda who: who.id)
def test_what_was_done_elsewhere_is_in_the_history_under_its_rule_and_day(who: object) -> None:
    world = World()
    entry = world.mark("hpv", "DONE", date(2025, 3, 1), who)
    assert (entry.line.status, entry.line.on, entry.line.rule) == ("DONE", date(2025, 3, 1), "hpv")
    assert world.kept.acts == {("hpv", date(2025, 3, 1))}


def test_saying_it_again_is_one_item_and_one_act() -> None:
    world = World()
    first = world.mark("hpv", "DONE", date(2025, 3, 1))
    assert world.mark("hpv", "DONE", date(2025, 3, 1)).line.version == first.line.version
    assert world.mark("hpv", "TO_PLAN").line.version == 2
    assert len(world.listed()) == 1
    assert world.kept.acts == {("hpv", date(2025, 3, 1))}


@pytest.mark.parametrize("status", ["TO_PLAN", "NOT_DONE", "NOT_SPECIFIED"])
def test_only_what_is_done_becomes_an_act(status: str) -> None:
    world = World()
    assert world.mark("colorectal_screening", status).line.status == status
    assert world.kept.calls == 0


@pytest.mark.parametrize(
    ("status", "on", "fault"),
    [
        ("DONE", None, "is required: on which day it was done"),
        ("DONE", TODAY + timedelta(days=1), "lies before birth or in the future"),
        ("DONE", date(1955, 8, 13), "lies before birth or in the future"),
        ("TO_PLAN", TODAY - timedelta(days=1), "lies in the past"),
        ("TO_PLAN", date(2036, 11, 28), "lies more than ten years ahead"),
        ("NOT_DONE", TODAY, "goes with what is done or to be planned"),
        ("NOT_SPECIFIED", TODAY, "goes with what is done or to be planned"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words_and_nothing_is_kept(status: str, on: date, fault: str) -> None:
    world = World()
    with pytest.raises(Invalid) as told:
        world.mark("hpv", status, on)
    assert told.value.fields == {"/on": fault}
    assert (world.kept.calls, world.listed()) == (0, [])


def test_today_is_the_day_where_the_holder_lives() -> None:
    late = World(territory="988", start=World().start.replace(hour=14))  # 28 November in Nouméa
    assert late.mark("hpv", "DONE", date(2026, 11, 28)).line.on == date(2026, 11, 28)


def test_a_rule_that_nobody_knows_is_named_as_what_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        World().mark("unknown", "TO_PLAN")
    assert refused.value.fields == {"/rule": "is not a rule that reminds"}


@pytest.mark.parametrize("who", [STRANGER, DOCTOR], ids=lambda who: who.id)
def test_nobody_else_says_anything(who: object) -> None:
    world = World()
    with pytest.raises((AccessDenied, NotFound)):
        world.mark("hpv", "DONE", date(2025, 3, 1), who)
    assert world.kept.calls == 0


def test_an_item_without_a_day_is_listed_unless_a_first_day_is_asked_for() -> None:
    world = World()
    world.mark("colorectal_screening", "TO_PLAN")
    world.mark("hpv", "TO_PLAN", date(2026, 12, 24))
    assert [one.line.rule for one in world.listed()] == ["colorectal_screening", "hpv"]
    assert [one.line.rule for one in world.listed(since=TODAY)] == ["hpv"]


def test_where_several_acts_count_the_usual_one_is_meant_unless_another_is_named() -> None:
    world = World()
    world.mark("colorectal_screening", "DONE", date(2025, 3, 1))
    world.mark("colorectal_screening", "DONE", date(2026, 3, 1), act="colonoscopy")
    assert world.kept.acts == {("fit", date(2025, 3, 1)), ("colonoscopy", date(2026, 3, 1))}
    for status, on, act in (("DONE", date(2025, 3, 1), "hpv"), ("TO_PLAN", None, "fit")):
        with pytest.raises(Invalid) as told:
            world.mark("colorectal_screening", status, on, act=act)
        assert list(told.value.fields) == ["/act"]


def test_not_done_takes_back_what_was_said_to_be_done_though_the_item_was_removed() -> None:
    world = World()
    world.remove(world.mark("hpv", "DONE", date(2026, 1, 2)).id)
    world.mark("hpv", "NOT_DONE")
    assert world.kept.acts == set()
