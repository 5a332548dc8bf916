"""A tail that only reads have made is flushed by the next minute, wherever the one before was killed."""

import pytest

from chalicelib.access.facts import FLUSH_AT
from chalicelib.jobs import minute

from .cases import filed, read_often
from .recovery import settle_down
from .schedules import attempt
from .watch import SIDES, Meter
from .worlds import World, memory_world


def world_of_reads() -> tuple[World, str]:
    """A record with nothing to relay, read until its tail wants to be flushed."""
    world = memory_world()
    case = filed(world)
    world.records = (case.record,)
    read_often(world.host(), case, FLUSH_AT - len(world.facts(case.record).entries))
    return world, case.record


def calls_of_a_minute() -> int:
    world, _ = world_of_reads()
    meter = Meter()
    attempt(world, meter, minute)
    return len(meter.trace)


@pytest.mark.parametrize("side", SIDES)
def test_a_minute_killed_at_any_call_is_made_good_by_the_next_one_without_another_access(side: str) -> None:
    for number in range(calls_of_a_minute()):
        world, record = world_of_reads()
        meter = Meter((number, side))
        attempt(world, meter, minute)
        assert meter.fired
        assert len(world.facts(record).entries) in (0, FLUSH_AT)
        settle_down(world.host())
        assert world.facts(record).entries == (), (number, side)
