"""Killed at any call, a turn of a record has happened once or not at all, and trying again finishes it."""

import contextlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.clocks import comes_of_age
from chalicelib.access.rules import ALREADY
from chalicelib.consent.actions import mine
from chalicelib.enrolment import clock, life, support
from chalicelib.enrolment.reinviting import forget_unused, reinvite
from chalicelib.kernel.errors import CarnetError
from tests.cutting import Killed, cut
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, SUPPORT, person

Step = Callable[[World], None]


def _invited() -> World:
    world = World()
    world.work()
    return world


def _open() -> World:
    world = _invited().activate()
    world.work()
    return world


def _closed() -> World:
    world = _open()
    life.close(world.host, HOLDER, world.record)
    return world


def _erasing() -> World:
    world = _closed()
    life.erase(world.host, HOLDER, world.record)
    return world


def _suspended() -> World:
    world = _open()
    life.suspend(world.host, ENROLMENT, world.record)
    return world


def _opposed() -> World:
    world = _invited()
    life.oppose(world.host, world.reference, world.code)
    return world


def _unused() -> World:
    world = _opposed()
    reinvite(world.host, ENROLMENT, person())
    world.work()
    world.clock.advance(timedelta(days=400))
    return world


def _due() -> World:
    world = _invited()
    world.clock.advance(timedelta(days=50))
    return world


def _grown() -> World:
    world = World(person(birth=date(2008, 11, 20))).activate()
    world.work()
    world.at(comes_of_age(date(2008, 11, 20)), 7200)
    return world


STEPS: dict[str, tuple[Callable[[], World], Step, str, int]] = {
    "oppose": (_invited, lambda w: life.oppose(w.host, w.reference, w.code), "record:oppose", 1),
    "activate": (_invited, lambda w: life.activate(w.host, HOLDER, w.reference, w.code), "record:activate", 1),
    "close": (_open, lambda w: life.close(w.host, HOLDER, w.record), "record:close", 1),
    "reopen": (_closed, lambda w: life.reopen(w.host, HOLDER, w.record), "record:reopen", 1),
    "erase": (_closed, lambda w: life.erase(w.host, HOLDER, w.record), "record:erase", 1),
    "keep": (_erasing, lambda w: life.keep(w.host, HOLDER, w.record), "record:keep", 1),
    "resume": (_suspended, lambda w: life.resume(w.host, HOLDER, w.record), "record:resume", 1),
    "decease": (_open, lambda w: life.decease(w.host, ENROLMENT, w.record), "record:decease", 1),
    "suspend": (_open, lambda w: life.suspend(w.host, ENROLMENT, w.record), "record:suspend", 1),
    "open by clock": (_due, lambda w: clock.turn(w.host, w.record, "2026-12-15", jobs.ELSEWHERE), "record:open", 1),
    "majority": (_grown, lambda w: clock.lay(w.host, w.record) and None, "record:majority", 1),
    "resend": (_invited, lambda w: support.resend(w.host, SUPPORT, w.reference) and None, "support:resend", 2),
    "reinvite": (_opposed, lambda w: reinvite(w.host, ENROLMENT, person()) and None, "record:reinvite", 2),
    "forget": (_unused, lambda w: forget_unused(w.host, w.record) and None, "contact:forget", 2),
}
"""name -> the world before, the step, what the journal calls it, how often a retry may leave it done there"""


def _again(world: World, step: Step) -> None:
    try:
        step(world)
    except CarnetError:
        return  # done already: the state says so


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", STEPS)
def test_a_turn_killed_anywhere_is_finished_by_the_next_try(name: str, when: str):
    begin, step, action, most = STEPS[name]
    whole, calls = begin(), list[str]()
    healthy, whole.host = whole.host, cut(whole.host, calls, None)
    step(whole)
    whole.host = healthy
    reached = (whole.state, whole.choices().holder, len(whole.choices().codes))
    for number in range(len(calls)):
        world = begin()
        healthy, world.host = world.host, cut(world.host, [], (number, when))
        with contextlib.suppress(Killed):  # a call that is refused is not one after which it can be killed
            step(world)
        world.host = healthy
        _again(world, step)
        world.work()
        assert (world.state, world.choices().holder, len(world.choices().codes)) == reached, number
        done = [entry for entry in world.journal() if entry.action == action and entry.reason != ALREADY]
        assert 1 <= len(done) <= most, number
        if name == "activate":
            assert [one.record for one in mine(world.host, HOLDER)] == [world.record], number
    assert len(calls) >= 3


def test_a_night_killed_at_any_call_loses_nobody():
    for number in range(60):
        world = _due()
        healthy = world.host
        world.host = cut(healthy, [], (number, "after"))
        with contextlib.suppress(Killed):
            clock.night(world.host)
        world.host = healthy
        world.night()
        assert world.state == "open", number
