"""The digest that reminders read: derived again from the entries, whatever was killed, whoever was faster."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.gate import Ask, gate
from chalicelib.access.grant import Grant
from chalicelib.enrolment import life
from chalicelib.kernel.errors import AccessDenied, CarnetError, Invalid
from chalicelib.profile import actions, prevention
from chalicelib.profile.acting import did
from chalicelib.profile.prevention import HEALTH, Health
from chalicelib.profile.words import ACTS, RISKS, SECTIONS
from tests.cutting import Killed, cut
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB
from tests.profile.world import CARER, PARENT, adult, dose, draft, minor, note

REMINDERS = Actor(Kind.SYSTEM, "system:reminders", "Carnet")


def grant_of(world: World) -> Grant:
    return gate(world.host, Ask(REMINDERS, world.record, "reminder:arm", rows=(HEALTH,)))


def health(world: World) -> Health:
    return prevention.health_of(grant_of(world))


def test_an_empty_profile_has_an_empty_digest():
    world = adult()
    assert health(world) == Health()
    assert prevention.refresh(world.host, grant_of(world)).health == Health()


def test_the_digest_holds_what_reminders_depend_on_and_nothing_else():
    world = adult()
    note(world, "vaccinations", **dose("influenza", date(2025, 10, 20)))
    note(world, "vaccinations", LAB, product={"system": "ATC", "code": "J07BX05"}, on=date(2025, 11, 2))
    note(world, "prevention", act="fit", on=date(2025, 2, 3), result="abnormal")
    note(world, "conditions", label="Asthme", risk="respiratory_or_cardiac")
    note(world, "conditions", label="Allaitement", risk="chronic", until=date(2020, 1, 1))
    note(world, "conditions", label="Migraine")
    note(world, "pregnancies", began_on=date(2026, 3, 1))
    note(world, "allergies", label="Pénicilline")
    prevention.choose(world.host, HOLDER, world.record, "covid_autumn", on=False)
    assert health(world) == Health(
        risks=frozenset({"respiratory_or_cardiac"}),
        pregnancies=((date(2026, 3, 1), None),),
        acts=(
            ("fit", date(2025, 2, 3), "abnormal"),
            ("influenza", date(2025, 10, 20), ""),
            ("rsv", date(2025, 11, 2), ""),
        ),
        opted_out=frozenset({"covid_autumn"}),
    )


def test_a_dose_of_which_only_the_cip_code_is_told_is_refused_for_nobody_could_count_it():
    world, said = adult(), {"product": {"system": "CIP", "code": "3400930000000"}, "on": date(2025, 11, 3)}
    with pytest.raises(Invalid) as refused:
        note(world, "vaccinations", **said)
    assert set(refused.value.fields) == {"/entry/act"}
    made = note(world, "vaccinations", act="rsv", **said).entry
    assert health(world).acts == (("rsv", date(2025, 11, 3), ""),)
    with pytest.raises(Invalid):
        actions.change(world.host, HOLDER, world.record, made.id, draft("vaccinations", **said), None)


def test_an_atc_code_of_a_vaccine_that_no_rule_counts_may_be_noted():
    world = adult()
    note(world, "vaccinations", product={"system": "ATC", "code": "J07BC02"}, on=date(2025, 11, 3))
    assert health(world).acts == ()


def test_no_risk_is_said_to_come_from_who_may_not_write_it():
    assert "professional" not in SECTIONS["conditions"].writers
    assert not [one.code for one in RISKS.values() if "professional" in one.source]


def test_a_correction_and_a_deletion_change_the_digest():
    world = adult()
    made = note(world, "vaccinations", **dose("dtp")).entry
    actions.change(world.host, HOLDER, world.record, made.id, draft("vaccinations", **dose("zoster")), 1)
    assert [act for act, _, _ in health(world).acts] == ["zoster"]
    actions.delete(world.host, HOLDER, world.record, made.id, None)
    assert health(world).acts == ()


def test_what_several_people_noted_counts_once_with_what_one_of_them_knew_more():
    world = adult()
    for who, result in ((HOLDER, ""), (DOCTOR, "normal"), (LAB, "")):
        note(world, "prevention", who, act="fit", on=date(2025, 2, 3), result=result)
    for ended in (None, date(2025, 12, 1)):
        note(world, "pregnancies", began_on=date(2025, 3, 1), ended_on=ended)
    found = health(world)
    assert found.acts == (("fit", date(2025, 2, 3), "normal"),)
    assert found.pregnancies == ((date(2025, 3, 1), date(2025, 12, 1)),)


@pytest.mark.parametrize(
    ("other", "ended"),
    [
        (date(2026, 2, 20), date(2026, 6, 9)),
        (date(2026, 3, 9), date(2026, 6, 9)),
        (date(2026, 6, 9), None),  # the next one
        (date(2024, 3, 1), None),  # forgotten long ago: it is over by the weeks that it can last
    ],
)
def test_a_pregnancy_that_was_noted_twice_is_over_when_its_end_was_said_once(other: date, ended: date | None):
    world, began = adult(), date(2026, 3, 1)
    for days in ({"began_on": began, "ended_on": date(2026, 6, 9)}, {"began_on": other}):
        note(world, "pregnancies", **days)
    assert dict(health(world).pregnancies) == {began: date(2026, 6, 9), other: ended}


def test_an_atc_code_in_small_letters_is_the_same_vaccine():
    world = adult()
    note(world, "vaccinations", product={"system": "ATC", "code": "j07bb02"}, on=date(2025, 11, 3))
    assert health(world).acts == (("influenza", date(2025, 11, 3), ""),)


def test_the_digest_keeps_the_first_and_the_last_twenty_days_of_an_act_however_many_are_noted():
    world, first = adult(), date(2001, 1, 1)
    for number in range(50):
        note(world, "vaccinations", DOCTOR, act="dtp", on=first + timedelta(number))
    days = [(on - first).days for _, on, _ in health(world).acts]
    assert days == [*range(20), *range(30, 50)]


def test_hiding_an_entry_from_professionals_changes_no_reminder():
    world = adult()
    made = note(world, "vaccinations", **dose("dtp")).entry
    actions.hide(world.host, HOLDER, world.record, made.id)
    assert len(health(world).acts) == 1


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_an_agenda_calls_done_becomes_an_act_of_the_history_once(act: str):
    world = adult()
    for _ in range(2):
        did(world.host, HOLDER, world.record, act, date(2026, 5, 2))
    assert health(world).acts == ((act, date(2026, 5, 2), ""),)
    with pytest.raises(Invalid):
        did(world.host, HOLDER, world.record, "nothing", date(2026, 5, 2))


def test_a_rule_is_switched_off_and_on_by_the_holder_and_the_representative_only():
    world = minor()
    for who in (HOLDER, PARENT):
        assert prevention.choose(world.host, who, world.record, "hpv", on=False).opted_out == {"hpv"}
        assert prevention.choose(world.host, who, world.record, "hpv", on=True).opted_out == set()
    for who in (CARER, DOCTOR):
        with pytest.raises(AccessDenied):
            prevention.choose(world.host, who, world.record, "hpv", on=False)
    with pytest.raises(Invalid):
        prevention.choose(world.host, HOLDER, world.record, "astrology", on=False)


def _noted(world: World) -> None:
    note(world, "vaccinations", key="visit-17-x", **dose("dtp"))


def _corrected(world: World) -> None:
    actions.change(world.host, HOLDER, world.record, _only(world), draft("vaccinations", **dose("zoster")), None)


def _deleted(world: World) -> None:
    actions.delete(world.host, HOLDER, world.record, _only(world), None)


def _chosen(world: World) -> None:
    prevention.choose(world.host, HOLDER, world.record, "zoster", on=False)


def _only(world: World) -> str:
    entries = actions.listing(world.host, HOLDER, world.record).entries
    return entries[0].entry.id if entries else "p" + "a" * 25


STEPS: dict[str, tuple[list[Callable[[World], None]], Callable[[World], None]]] = {
    "note": ([], _noted),
    "change": ([_noted], _corrected),
    "delete": ([_noted], _deleted),
    "choose": ([], _chosen),
}


def _state(world: World) -> Any:
    entries = actions.listing(world.host, HOLDER, world.record).entries
    return [(one.entry.version, one.entry.content) for one in entries], health(world)


def _relay(world: World) -> None:
    """Do what the relay and the sweep have the reminders do: refresh, compute, take the marks off."""
    world.clock.advance(timedelta(minutes=3))
    prevention.sweep(world.host)
    if [one for one in world.host.queue.receive(prevention.QUEUE, 100) if json.loads(one.body)["job"] == "arm"]:
        _, done = prevention.current(world.host, grant_of(world))
        done()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", STEPS)
def test_killed_at_any_call_a_retry_leaves_one_entry_and_a_digest_that_says_the_same(name: str, when: str):
    before, step = STEPS[name]

    def begin() -> World:
        world = adult()
        for one in before:
            one(world)
        return world

    whole = begin()
    step(whole)
    reached, number, killed = _state(whole), -1, True
    while killed:
        number, killed = number + 1, False
        world = begin()
        healthy = world.host
        world.host = cut(healthy, [], (number, when))
        try:
            step(world)
        except Killed:
            killed = True
        world.host = healthy
        try:
            step(world)
        except CarnetError:
            assert name == "delete", number  # it was done: there is nothing left to delete
        _relay(world)
        assert _state(world) == reached, number
    assert number >= 4


@pytest.mark.parametrize("name", ["note", "change", "delete"])
def test_killed_at_any_call_and_never_tried_again_the_digest_still_says_what_the_entries_say(name: str):
    before, step = STEPS[name]
    number, killed = -1, True
    while killed:
        number, killed = number + 1, False
        world = adult()
        for one in before:
            one(world)
        healthy = world.host
        world.host = cut(healthy, [], (number, "after"))
        try:
            step(world)
        except Killed:
            killed = True
        world.host = healthy
        _relay(world)
        said = [one.entry.content.known_act() for one in actions.listing(world.host, HOLDER, world.record).entries]
        assert [act for act, _, _ in health(world).acts] == said, number
        assert marked(world) == [], number


def marked(world: World) -> list[str]:
    return [sk for (_, sk), row in world.host.rows.everything().items() if sk.startswith("3p#") and "work" in row]


def test_a_record_that_was_closed_meanwhile_is_not_woken_for_ever_and_is_armed_when_it_opens_again():
    world = adult()
    note(world, "vaccinations", **dose("dtp"))
    life.close(world.host, HOLDER, world.record)
    world.work()
    world.clock.advance(timedelta(minutes=3))
    prevention.sweep(world.host)
    assert marked(world) == []
    refused = world.host.rows.everything().keys()
    for _ in range(3):
        world.clock.advance(timedelta(minutes=3))
        world.work()
    assert world.host.rows.everything().keys() == refused
    life.reopen(world.host, HOLDER, world.record)
    world.work()
    assert (len(health(world).acts), marked(world)) == (1, [])


def test_an_entry_written_while_reminders_were_computed_keeps_its_mark():
    world = adult()
    made = note(world, "vaccinations", **dose("dtp")).entry
    fresh = prevention.refresh(world.host, grant_of(world))
    actions.change(world.host, HOLDER, world.record, made.id, draft("vaccinations", **dose("zoster")), None)
    prevention.armed(world.host, grant_of(world), fresh)
    assert len(prevention.refresh(world.host, grant_of(world)).marks) == 1


def test_two_writers_at_once_lose_nothing_of_each_other():
    world = adult()
    old = gate(world.host, Ask(HOLDER, world.record, "profile:list", rows=(HEALTH,)))  # read before the other wrote
    note(world, "vaccinations", **dose("dtp"))
    prevention.choose(world.host, HOLDER, world.record, "hpv", on=False)
    found = prevention.refresh(world.host, old).health
    assert (len(found.acts), found.opted_out) == (1, {"hpv"})
    assert health(world) == found


WRITES = st.lists(
    st.tuples(st.sampled_from(["vaccinations", "prevention", "delete"]), st.integers(0, 4)), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None)
@given(WRITES)
def test_the_digest_always_is_what_the_entries_derive(writes: list[tuple[str, int]]):
    world, ids = adult(), list[str]()
    for what, number in writes:
        on = date(2026, 1, 1 + number)
        if what == "delete" and ids:
            actions.delete(world.host, HOLDER, world.record, ids.pop(number % len(ids)), None)
        elif what == "vaccinations":
            ids.append(note(world, "vaccinations", **dose("dtp", on)).entry.id)
        elif what == "prevention":
            ids.append(note(world, "prevention", act="fit", on=on, result="normal").entry.id)
    kept = health(world)
    world.host.rows.delete((f"r#{world.record}", HEALTH))
    assert prevention.refresh(world.host, grant_of(world)).health == kept


@pytest.mark.parametrize(
    ("act", "most"),
    [
        (lambda w: note(w, "allergies", label="Lait"), 4),
        (lambda w: note(w, "vaccinations", **dose()), 6),
        (lambda w: actions.listing(w.host, HOLDER, w.record), 3),
        (lambda w: actions.summary(w.host, HOLDER, w.record), 6),
        (lambda w: prevention.choose(w.host, HOLDER, w.record, "hpv", on=False), 3),
    ],
)
def test_a_request_makes_few_store_calls(act: Callable[[World], Any], most: int):
    world = adult()
    note(world, "vaccinations", **dose("hpv"))
    healthy, calls = world.host, list[str]()
    world.host = replace(cut(healthy, calls, None), memo=healthy.memo)  # a process that has run before
    act(world)
    world.host = healthy
    assert len([one for one in calls if one != "send"]) <= most
