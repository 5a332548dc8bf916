"""Two processes at one record: the second cuts in before each call of the first."""

from collections.abc import Callable

from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from tests.cutting import cut
from tests.enrolment.world import World

Act = Callable[[World], object]


def said(world: World, act: Act) -> str:
    """Return what an action told: `done`, or the name of its error."""
    try:
        act(world)
    except CarnetError as error:
        return type(error).__name__
    return "done"


def races(begin: Callable[[], World], first: Act, second: Act):
    """Yield (world, what the first was told, what the second was told) for every call before which the second cuts in.

    After a call is before the next one: nothing that another process could see lies between.
    """
    number, calls = 0, [""]
    while number < len(calls):
        world, calls, answers = begin(), [], list[str]()
        healthy = world.host

        def other(world: World = world, healthy: Host = healthy, answers: list[str] = answers) -> None:
            world.host, mine = healthy, world.host
            answers.append(said(world, second))
            world.host = mine

        world.host = cut(healthy, calls, (number, "before"), other)
        told = said(world, first)
        world.host = healthy
        if number < len(calls):
            yield world, told, *answers
        number += 1


def plans(world: World) -> list[object]:
    return [key for key in world.host.rows.everything() if str(key).startswith("('z#")]
