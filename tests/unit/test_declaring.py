"""A colleague who declares a whole house lifts no limit, and brings nobody back whom the holder took out."""

from dataclasses import replace
from datetime import timedelta

import pytest

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


def reads(world: World) -> bool:
    """Tell whether the laboratory's doctor reads what the limit leaves out."""
    key = facts_key(world.record)
    facts = facts_of(world.record, world.host.rows.get([key])[key])
    return decide(facts, world.choices(), LAB, "document:read", BIOLOGY, world.host.clock.now()).allowed


@pytest.mark.abuse("A03")
def test_the_limit_of_a_permission_is_not_lifted_by_the_house() -> None:
    world = World().activate()
    consent.allow(world.host, HOLDER, world.record, LAB.id)
    ends = instant(world.host.clock.now() + timedelta(hours=2))
    limit = Limit(categories=frozenset({"RADIO_SC"}), ends=ends)
    world.decide(limits={LAB.id: limit}, team=frozenset({DOCTOR.id}))
    for _ in range(2):
        with pytest.raises(Conflict):
            care.declare(world.host, DOCTOR, world.record, LAB.organisation)
    assert not reads(world)
    world.clock.advance(timedelta(hours=3))
    care.declare(world.host, DOCTOR, world.record, LAB.organisation)  # what has ended limits nobody
    assert reads(world)


@pytest.mark.abuse("A03")
def test_a_house_that_the_holder_took_out_does_not_come_back_by_those_who_work_there() -> None:
    world, there = World().activate(), True
    for who, member in ((LAB.organisation, there), (LAB.organisation, not there), (LAB.id, there)):
        deciding.team(world.host, Wish(HOLDER, world.record), who, member=member)
    with pytest.raises(Conflict):
        care.declare(world.host, LAB, world.record, "pro:colleague")
    assert reads(world)  # whom the holder named reads on
    care.declare(world.host, replace(LAB, organisation="org:practice"), world.record, "pro:colleague")


@pytest.mark.abuse("A03")
def test_no_colleague_brings_back_by_the_house_whom_the_holder_took_out() -> None:
    world, there = World().activate(), True
    for who, member in ((LAB.id, there), (LAB.id, not there), (DOCTOR.id, there)):
        deciding.team(world.host, Wish(HOLDER, world.record), who, member=member)
    with pytest.raises(Conflict):
        care.declare(world.host, DOCTOR, world.record, LAB.organisation)
    assert not reads(world)
    deciding.team(world.host, Wish(HOLDER, world.record), LAB.organisation, member=there)  # the holder may
    assert reads(world)
