"""What leads back from a message to a person goes with the person: with the record, and with an opposition."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.enrolment import life
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from tests.cutting import Killed, Place, cut, each_call
from tests.enrolment.destroyed import opens_still
from tests.enrolment.racing import races
from tests.enrolment.world import LETTERHEAD, World
from tests.notices.world import Down

pytestmark = pytest.mark.abuse("C07")

Tell = Callable[[World, Host], None]


def invited() -> World:
    """Return a world in which the letter of information is on its way, and nobody was told of anything before."""
    return World()


def erasing() -> World:
    """Return a world in which the holder is about to be told that the erasure was asked for."""
    return World().erase()


def tells(world: World, host: Host) -> None:
    """Take the messages that wait, as the worker of this host does, which may be down or die."""
    jobs.minute(world.host)
    for one in world.host.queue.receive("notices"):
        with suppress(Killed, CarnetError):
            jobs.notices(host, LETTERHEAD)(json.loads(one.body))
            world.host.queue.delete("notices", one.receipt)


def destroyed(world: World) -> World:
    """Return the world once the record's clock has run out and both passes of its destruction are over."""
    if world.until:
        world.at(world.until, 3600)
    for _ in range(3):
        world.night()
        world.clock.advance(timedelta(days=1))
    assert world.state == "absent"
    return world


def kills(begin: Callable[[], World]) -> Iterator[tuple[World, Place]]:
    """Yield a world for every place at which the worker that tells dies, for each of them as often as it is tried."""
    calls = list[str]()
    world = begin()
    tells(world, cut(world.host, calls, None))
    assert calls.count("put_many") == calls.count("send") == 1
    for place in each_call(calls, ("before", "half", "after")):
        world = begin()
        tells(world, cut(world.host, [], place))
        yield world, place


def test_nothing_leads_back_to_an_erased_person_from_a_notice_that_no_server_took() -> None:
    world = erasing()
    for _ in range(6):  # until it lies among the dead letters
        tells(world, replace(world.host, mail=Down()))
        world.clock.advance(timedelta(minutes=2))
    assert world.host.queue.receive("notices-dead")
    assert opens_still(destroyed(world).host) == b""


def test_nothing_leads_back_to_an_erased_person_wherever_the_worker_that_told_them_died() -> None:
    for world, place in kills(erasing):
        assert opens_still(destroyed(world).host) == b"", place


def test_nothing_leads_back_to_who_opposed_wherever_the_worker_that_informed_them_died() -> None:
    for world, place in kills(invited):
        life.oppose(world.host, world.reference, world.code)
        world.clock.advance(timedelta(minutes=2))
        world.work()  # the message comes again
        assert (world.state, opens_still(world.host)) == ("opposed", b""), place


def test_nothing_leads_back_to_a_person_who_is_told_while_their_record_is_destroyed() -> None:
    def due() -> World:
        world = erasing()
        return world.at(world.until, 3600)

    def destroys(world: World) -> None:
        shred(world.host, world.record, jobs.ELSEWHERE)

    seen = 0
    for world, *_ in races(due, lambda world: tells(world, world.host), destroys):
        assert opens_still(destroyed(world).host) == b""
        seen += 1
    assert seen > 5
