"""Every port call is killed before and after: nothing acknowledged is lost, nothing is done twice."""

from dataclasses import fields

import pytest

from .matrix import Tally, expected, in_memory
from .operations import OPERATIONS
from .schedules import trace
from .watch import Meter, Process
from .worlds import memory_world

DOUBLES = 300


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Every single kill and a seeded sample of double ones; `python -m tests.crash.matrix --all` runs all."""
    found = in_memory(DOUBLES)
    print(found.line("crash"))
    return found


@pytest.mark.abuse("Q01", "Q07")
def test_no_kill_loses_doubles_or_releases_anything(tally: Tally) -> None:
    assert tally.wrong == []


def test_no_port_but_the_clock_is_out_of_sight() -> None:
    world = memory_world()
    host = Process(world, Meter()).host()
    seen = {one.name for one in fields(host) if getattr(host, one.name) is not getattr(world, one.name, None)}
    assert {one.name for one in fields(host)} - seen - {"memo"} == {"clock"}
    assert any("scanner.scan" in trace(operation) for operation in OPERATIONS)


def test_every_port_call_is_killed_on_both_sides(tally: Tally) -> None:
    assert tally.reached == expected()
    assert len(tally.reached) == 2 * tally.calls
    assert tally.failed > 0
