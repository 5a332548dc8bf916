"""A record that a parent had erased, and what is left of it after its nights."""

from datetime import timedelta

from chalicelib.access.opening import records_of
from chalicelib.enrolment import life
from tests.enrolment.coming_of_age import PARENT, grown, nearly_eighteen
from tests.enrolment.world import World
from tests.people import HOLDER


def erased_by_a_parent() -> World:
    """Return whose parent has the record erased, who is of age by now and has a code, on the day it is destroyed."""
    world = nearly_eighteen()
    life.activate(world.host, PARENT, world.reference, world.code)
    world.clock.advance(timedelta(days=10))
    life.close(world.host, PARENT, world.record)
    life.erase(world.host, PARENT, world.record)
    world = grown(world)
    world.work()
    (world.reference,) = world.choices().codes
    return world.at(world.until, 3 * 3600)


def left(world: World) -> list[object]:
    """Let nights pass and return what names the record."""
    for _ in range(3):
        world.night()
        world.clock.advance(timedelta(days=2))
    named = [key for key, row in world.host.rows.everything().items() if world.record in repr((key, row))]
    return [*named, *records_of(world.host, HOLDER)]
