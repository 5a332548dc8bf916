"""What fell due while a record was closed or suspended is made up for once it is open again."""

from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.enrolment import life
from chalicelib.reminders.actions import told
from chalicelib.vault import actions
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, LAB

SHUT = {
    "closed": (lambda w: life.close(w.host, HOLDER, w.record), lambda w: life.reopen(w.host, HOLDER, w.record)),
    "suspended": (lambda w: life.suspend(w.host, ENROLMENT, w.record), lambda w: life.resume(w.host, HOLDER, w.record)),
}


def nights(world: World, days: int) -> None:
    for _ in range(days):
        world.clock.advance(timedelta(days=1))
        world.night()


def withheld() -> World:
    world = World().activate()
    draft = Draft(
        type="11502-2",
        title="t",
        media="text/plain",
        size=3,
        sha256="",
        unique_id="1",
        confidentiality=("INVISIBLE_PATIENT",),
    )
    actions.deposit(world.host, Filing(LAB, world.record, draft), b"abc", Quotas(10**6, 10**6))
    world.work()
    return world


def announced(world: World) -> int:
    return [entry.action for entry in world.journal()].count("announcement:tell")


def waiting(world: World) -> list[tuple[str, str]]:
    """Return where an announcement lies."""
    return [key for key in world.host.rows.everything() if "#announce#" in key[1]]


@pytest.mark.abuse("A28")
@pytest.mark.parametrize("state", SHUT)
def test_an_announcement_that_fell_due_meanwhile_is_told_once_the_record_is_open_again(state: str):
    world, (shut, opened) = withheld(), SHUT[state]
    nights(world, 10)
    shut(world)
    nights(world, 10)
    assert announced(world) == 0
    opened(world)
    world.work()
    assert announced(world) == 1
    shut(world)
    world.work()
    opened(world)
    nights(world, 2)
    assert announced(world) == 1


@pytest.mark.abuse("A28")
def test_an_announcement_that_is_not_due_when_the_record_is_open_again_keeps_its_day():
    world, (shut, opened) = withheld(), SHUT["closed"]
    shut(world)
    nights(world, 5)
    opened(world)
    nights(world, 8)
    assert announced(world) == 0
    nights(world, 3)
    assert announced(world) == 1


@pytest.mark.abuse("A28")
@pytest.mark.parametrize("lost", [1, 40])
def test_an_announcement_whose_wake_ups_were_lost_is_told_when_the_workers_are_back(lost: int):
    world = withheld()
    nights(world, 13)
    for _ in range(lost):
        world.clock.advance(timedelta(days=1))
        jobs.night(world.host)
        for one in world.host.queue.receive("reminders", 100):
            world.host.queue.delete("reminders", one.receipt)
    assert announced(world) == 0
    nights(world, 2)
    assert announced(world) == 1
    assert waiting(world) == []


@pytest.mark.abuse("A28")
def test_a_day_on_which_nothing_is_left_to_tell_is_not_read_again():
    world = withheld()
    (document,) = {sk.split("#")[2] for _, sk in waiting(world)}
    decided = world.choices().announced | {document}
    world.decide(announced=decided)
    nights(world, 16)
    assert announced(world) == 0
    assert waiting(world) == []
    world = withheld()
    life.close(world.host, HOLDER, world.record)
    nights(world, 16)
    assert waiting(world) == []


@pytest.mark.parametrize("state", SHUT)
def test_reminders_go_on_after_a_time_in_which_one_fell_due(state: str):
    world, (shut, opened) = World().activate(), SHUT[state]
    world.work()
    shut(world)
    nights(world, 30)
    opened(world)
    nights(world, 2)
    assert told(world.host, HOLDER, world.record)
