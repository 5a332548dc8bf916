"""A tail that only reads have made is flushed by the next minute, wherever the one before was killed."""

from contextlib import suppress

import pytest

from chalicelib.access.facts import FLUSH_AT
from chalicelib.access.relay import relay
from chalicelib.following import follow
from chalicelib.jobs import minute
from chalicelib.kernel.host import Host
from tests.cutting import Killed, cut

from .cases import filed, read_often
from .recovery import settle_down
from .schedules import attempt
from .watch import SIDES, Meter
from .worlds import World, memory_world

CALLS = 8
"""of a relay that flushes"""


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


@pytest.mark.parametrize("number", range(CALLS // 2))
def test_a_relay_leaves_the_mark_where_another_one_died_after_it_had_frozen_the_list(number: int) -> None:
    for kill in range(CALLS):
        world, record = world_of_reads()
        host = world.host()

        def die(host: Host = host, record: str = record, kill: int = kill) -> None:
            with suppress(Killed):
                relay(cut(host, [], (kill, "before")), record, follow)

        relay(cut(host, [], (number, "before"), die), record, follow)
        settle_down(host)
        assert world.facts(record).entries == (), kill
