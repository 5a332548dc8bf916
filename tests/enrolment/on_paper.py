"""Somebody who is told of an opposition by letter."""

from chalicelib.enrolment import support
from tests.enrolment.lettered import HOUSE, printed
from tests.enrolment.world import World
from tests.people import SUPPORT, person


def oppose(world: World) -> None:
    support.oppose(world.host, SUPPORT, world.reference, world.code, person().birth_date)


def on_paper() -> World:
    """Return who is reached by letter alone, has theirs, and told an agent that they oppose."""
    world = World(person().model_copy(update={"email": "", "address": HOUSE}))
    world.work()
    printed(world)
    oppose(world)
    return world
