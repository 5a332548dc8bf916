"""Killed at any call, a turn of a record has happened once or not at all, and trying again finishes it."""

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest

from chalicelib import jobs
from chalicelib.access.clocks import comes_of_age
from chalicelib.access.rules import ALREADY
from chalicelib.consent.actions import mine
from chalicelib.enrolment import clock, life, support
from chalicelib.enrolment.reinviting import forget_opposed, reinvite
from chalicelib.kernel.errors import CarnetError
from tests.cutting import Killed, Place, cut, each_call
from tests.enrolment.on_paper import on_paper
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


def _suspended_unseen() -> World:
    world = _due()
    world.night()
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


def _by_phone(world: World) -> None:
    support.oppose(world.host, SUPPORT, world.reference, world.code, person().birth_date)


def _told_on_paper() -> World:
    world = on_paper()
    world.work()
    world.clock.advance(timedelta(days=31))
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
    "activate what is suspended": (
        _suspended_unseen,
        lambda w: life.activate(w.host, HOLDER, w.reference, w.code),
        "record:activate",
        1,
    ),
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
    "resend with a key": (
        _invited,
        lambda w: support.resend(w.host, SUPPORT, w.reference, "resend-0001") and None,
        "support:resend",
        1,
    ),
    "reinvite": (_opposed, lambda w: reinvite(w.host, ENROLMENT, person()) and None, "record:reinvite", 2),
    "oppose by phone": (_invited, _by_phone, "support:oppose", 1),
    "forget a letter": (_told_on_paper, lambda w: forget_opposed(w.host, w.record) and None, "contact:forget", 2),
    "forget": (_unused, lambda w: forget_opposed(w.host, w.record) and None, "contact:forget", 2),
}
"""name -> the world before, the step, what the journal calls it, how often a retry may leave it done there"""


def _again(world: World, step: Step) -> None:
    try:
        step(world)
    except CarnetError:
        return  # done already: the state says so


def told(world: World) -> Counter[tuple[str, str]]:
    """Return how many mails of each subject went to each address; sent again under its Message-ID, one is the same."""
    once = {str(mail["Message-ID"]): (str(mail["To"]), str(mail["Subject"])) for mail in world.host.mail.sent}
    return Counter(once.values())


def reached(world: World) -> tuple[object, ...]:
    return world.state, world.choices().holder, len(world.choices().codes)


@cache
def unkilled(name: str) -> tuple[list[str], tuple[object, ...], Counter[tuple[str, str]]]:
    """Return which calls a turn makes, what it comes to, and who was told."""
    begin, step, _, _ = STEPS[name]
    world, calls = begin(), list[str]()
    healthy, world.host = world.host, cut(world.host, calls, None)
    step(world)
    world.host = healthy
    world.work()
    return calls, reached(world), told(world)


def killed(name: str, *places: Place) -> World:
    """Return a world in which each try dies at its place, and one more is made."""
    begin, step, _, _ = STEPS[name]
    world = begin()
    for place in places:
        healthy, world.host = world.host, cut(world.host, [], place)
        with contextlib.suppress(Killed, CarnetError):  # done already, or refused: not a call to be killed at
            step(world)
        world.host = healthy
    _again(world, step)
    world.work()
    return world


def finished(name: str, *places: Place) -> World:
    """Return such a world, after looking that everything happened once and everybody was told once."""
    (_, _, action, most), (_, wanted, mails) = STEPS[name], unkilled(name)
    world = killed(name, *places)
    assert reached(world) == wanted, places
    done = [entry for entry in world.journal() if entry.action == action and entry.reason != ALREADY]
    assert 1 <= len(done) <= most, places
    if most == 1:
        assert told(world) == mails, places
    return world


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", STEPS)
def test_a_turn_killed_anywhere_is_finished_by_the_next_try(name: str, when: str):
    calls, _, _ = unkilled(name)
    for place in each_call(calls, [when]):
        world = finished(name, place)
        if name == "activate":
            assert [one.record for one in mine(world.host, HOLDER)] == [world.record], place
    assert len(calls) >= 3


DOUBLES, SEED = 30, 20261128


@pytest.mark.parametrize("name", ["oppose", "close", "reopen", "erase", "majority", "open by clock"])
def test_a_turn_killed_twice_is_finished_by_the_third_try(name: str):
    chance, (calls, _, _) = Random(f"{SEED} {name}"), unkilled(name)
    for _ in range(DOUBLES):
        finished(name, *(chance.choice(each_call(calls)) for _ in range(2)))


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
