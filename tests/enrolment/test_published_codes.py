"""Whoever makes a code may be killed at any call: of the code nothing is left once its record is destroyed."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib import jobs
from chalicelib.access.codes import activations
from chalicelib.agenda import links
from chalicelib.consent import handing
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import life, support
from chalicelib.enrolment.majority import come_of_age
from chalicelib.enrolment.reinviting import reinvite
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from tests.cutting import Killed, cut
from tests.enrolment.coming_of_age import PARENT, eighteen_before_the_letter, nearly_eighteen
from tests.enrolment.overtaken import erased_by_a_parent, left
from tests.enrolment.world import LETTERHEAD, World
from tests.people import ENROLMENT, HOLDER, SUPPORT, person

Way = tuple[Callable[[], World], Callable[[Host, World], object]]


def held() -> World:
    return World().activate()


def opposed() -> World:
    world = World()
    life.oppose(world.host, world.reference, world.code)
    return world


def of_age() -> World:
    world = nearly_eighteen()
    life.activate(world.host, PARENT, world.reference, world.code)
    return world.at("2026-11-16T00:00:00+01:00")


def _informed(host: Host, world: World) -> None:
    jobs.notices(host, LETTERHEAD)({"record": world.record, "event": "invitation", "name": "first"})


WAYS: dict[str, Way] = {
    "sent anew": (World, lambda host, world: support.resend(host, SUPPORT, world.reference)),
    "letter": (eighteen_before_the_letter, _informed),
    "majority": (of_age, lambda host, world: come_of_age(host, world.record)),
    "coming back": (opposed, lambda host, world: reinvite(host, ENROLMENT, person())),
    "handed over": (held, lambda host, world: handing.hand_over(host, Wish(HOLDER, world.record))),
    "calendar": (held, lambda host, world: links.share(host, HOLDER, world.record, in_words=False)),
}


def destroyed(world: World, act: Callable[[Host, World], object]) -> World:
    """Let it be done once more, and the record be opened by whom it is about, and destroyed as they ask."""
    with suppress(CarnetError):
        act(world.host, world)
    world.work()
    if world.choices().holder != HOLDER.id:
        (world.reference,) = activations(world.choices())
        world.activate()
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    return world.at(world.until, 3 * 3600)


def references(world: World) -> set[str]:
    """Return what leads to the record."""
    return {pk for (pk, _), row in world.host.rows.everything().items() if row.get("record") == world.record}


@pytest.mark.parametrize("way", WAYS)
def test_of_a_code_whose_maker_was_killed_nothing_is_left_once_the_record_is_destroyed(way: str):
    prepare, act = WAYS[way]
    published = 0
    for number in range(40):
        world = prepare()
        before = references(world)
        try:
            act(cut(world.host, [], (number, "after")), world)
        except Killed:
            published += references(world) > before
            assert left(destroyed(world, act)) == [], number
        else:
            break
    assert published, "no kill came behind a published code"
    assert number < 30


@pytest.mark.parametrize("when", ["before", "after"])
def test_of_a_code_that_a_destruction_overtakes_while_it_is_made_nothing_is_left(when: str):
    for number in range(16):
        world = erased_by_a_parent()
        healthy = world.host

        def destroy(world: World = world, healthy: Host = healthy) -> None:
            with suppress(CarnetError):
                shred(healthy, world.record, jobs.ELSEWHERE)

        with suppress(CarnetError):
            support.resend(cut(healthy, [], (number, when), destroy), SUPPORT, world.reference)
        assert left(world) == [], number
