"""A reference leads to its record without a row until it is tried; then its tries are counted."""

import pytest

from chalicelib.access.codes import TRIES, attempt, new_reference, place_of, record_named
from chalicelib.access.facts import partition
from chalicelib.kernel.errors import NotFound
from tests.cutting import cut
from tests.enrolment.world import World

CALLS = 6
"""of a first try: count, look, write, look again, count, read"""


def counted(world: World) -> list[object]:
    return [row["tries"] for (pk, _), row in world.host.rows.everything().items() if pk.startswith("k#")]


def destroy(world: World) -> None:
    for row in world.host.rows.query(partition(world.record)):
        world.host.rows.delete((str(row["pk"]), str(row["sk"])))
    world.host.rows.delete(place_of(world.reference))


def test_no_row_leads_to_an_invitation_until_its_first_try() -> None:
    world = World()
    assert record_named(world.host, world.reference) == world.record
    assert counted(world) == []
    calls = list[str]()
    assert attempt(cut(world.host, calls, None), world.reference) == world.record
    assert counted(world) == [1]
    assert len([call for call in calls if call != "unwrap"]) >= CALLS


def test_every_try_counts_and_the_last_one_is_the_last() -> None:
    world = World()
    for _ in range(TRIES):
        assert attempt(world.host, world.reference) == world.record
    for _ in range(3):
        with pytest.raises(NotFound):
            attempt(world.host, world.reference)
    assert counted(world) == [TRIES]
    assert record_named(world.host, world.reference) == world.record


def test_a_reference_that_never_was_leads_nowhere_and_leaves_nothing() -> None:
    world = World()
    for call in (attempt, record_named):
        with pytest.raises(NotFound):
            call(world.host, new_reference())
    assert counted(world) == []


@pytest.mark.parametrize("place", range(CALLS + 2))
def test_two_first_tries_at_once_both_count(place: int) -> None:
    world = World()
    other = lambda: attempt(world.host, world.reference)  # noqa: E731
    assert attempt(cut(world.host, [], (place, "before"), other), world.reference) == world.record
    assert counted(world) in ([1], [2])
    assert counted(world) == [2] or place >= CALLS


@pytest.mark.parametrize("place", range(CALLS + 2))
def test_a_record_destroyed_during_the_first_try_leaves_nothing(place: int) -> None:
    world = World()
    host = cut(world.host, [], (place, "before"), lambda: destroy(world))
    try:
        attempt(host, world.reference)
    except NotFound:
        assert counted(world) == []
        assert world.host.rows.query(partition(world.record)) == []
