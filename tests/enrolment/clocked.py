"""Records by age, and nights that pass."""

from datetime import date, datetime, timedelta

from tests.enrolment.world import World
from tests.people import person


def nights(world: World, first: int, last: int) -> list[str]:
    """Let the nights of these days come, counted from the start; return the state after each of them."""
    states = []
    for days in range(first, last + 1):
        world.at(world.start + timedelta(days=days)).at(world.clock.now().replace(hour=2))
        world.night()
        states.append(world.state)
    return states


def child(birth: date, start: datetime) -> World:
    """Return the open record of a child whose parent is HOLDER."""
    world = World(person(birth=birth), start).activate()
    world.work()
    return world
