"""A colleague who declares a whole house lifts no limit, and brings nobody back whom the holder took out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.choices import Limit
from chalicelib.access.clocks import instant
from chalicelib.access.decide import decide
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.thing import Thing
from chalicelib.care import actions as care
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding
from chalicelib.consent.changing import Wish
from chalicelib.kernel.errors import Conflict
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB

BIOLOGY = Thing("document", "d" * 26, "BIOLOGIE", "pro:other", "org:other", "available")


def reads(world: World, who: Actor = LAB) -> bool:
    """Tell whether somebody of the laboratory reads what the limit leaves out."""
    key = facts_key(world.record)
    facts = facts_of(world.record, world.host.rows.get([key])[key])
    return decide(facts, world.choices(), who, "document:read", BIOLOGY, world.host.clock.now()).allowed


def member(world: World, who: str, *, there: bool) -> None:
    """Let the holder decide about the team."""
    deciding.team(world.host, Wish(HOLDER, world.record), who, member=there)


HOUSE_FIRST = pytest.mark.parametrize("first", [True, False], ids=["before", "after"])


@HOUSE_FIRST
@pytest.mark.abuse("A03")
def test_the_limit_of_a_permission_is_not_lifted_by_the_house_while_it_lasts(*, first: bool) -> None:
    world = World().activate()
    limit = Limit(categories=frozenset({"RADIO_SC"}), ends=instant(world.host.clock.now() + timedelta(hours=2)))
    gestures = [
        lambda: care.declare(world.host, DOCTOR, world.record, LAB.organisation),
        lambda: consent.allow(world.host, HOLDER, world.record, LAB.id, limit=limit),
    ]
    member(world, DOCTOR.id, there=True)
    for gesture in gestures if first else reversed(gestures):
        gesture()
    assert not reads(world)
    assert reads(world, replace(LAB, id="pro:colleague"))  # the others who work there are of the team
    world.clock.advance(timedelta(hours=2))
    assert reads(world)  # what has ended limits nobody


@pytest.mark.abuse("A03")
def test_a_limit_is_not_lifted_by_the_name() -> None:
    world = World().activate()
    member(world, DOCTOR.id, there=True)
    consent.allow(world.host, HOLDER, world.record, LAB.id, limit=Limit(categories=frozenset({"RADIO_SC"})))
    with pytest.raises(Conflict):
        care.declare(world.host, DOCTOR, world.record, LAB.id)
    assert not reads(world)


@pytest.mark.abuse("A03")
def test_a_house_that_the_holder_took_out_does_not_come_back_by_those_who_work_there() -> None:
    world = World().activate()
    for who, there in ((LAB.organisation, True), (LAB.organisation, False), (LAB.id, True)):
        member(world, who, there=there)
    with pytest.raises(Conflict):
        care.declare(world.host, LAB, world.record, "pro:colleague")
    assert reads(world)  # whom the holder named reads on
    care.declare(world.host, replace(LAB, organisation="org:practice"), world.record, "pro:colleague")


@HOUSE_FIRST
@pytest.mark.abuse("A03")
def test_whom_the_holder_took_out_by_name_no_house_brings_back(*, first: bool) -> None:
    world = World().activate()
    gestures = [
        lambda: care.declare(world.host, DOCTOR, world.record, LAB.organisation),
        lambda: member(world, LAB.id, there=False),
    ]
    for who in (DOCTOR.id, LAB.id):
        member(world, who, there=True)
    for gesture in gestures if first else reversed(gestures):
        gesture()
    member(world, LAB.organisation, there=True)
    assert not reads(world)
    member(world, LAB.id, there=True)
    assert reads(world)


@pytest.mark.abuse("A03")
def test_who_was_of_the_team_by_the_house_only_is_taken_out_by_name() -> None:
    world = World().activate()
    member(world, LAB.organisation, there=True)
    assert reads(world)
    member(world, LAB.id, there=False)
    assert not reads(world)
    consent.withdraw(world.host, HOLDER, world.record, LAB.id)
    assert reads(world)
