"""Two destructions of one record at once, one of which dies: whatever the other read meanwhile, nothing is left."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from chalicelib import jobs
from chalicelib.enrolment import life
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import AccessDenied, NotFound
from tests.cutting import cut
from tests.enrolment.destroyed import CALLS, TURNED, dies, flushed, nights, traces
from tests.enrolment.racing import plans, races
from tests.enrolment.world import World
from tests.people import HOLDER


@pytest.mark.abuse("C07")
def test_a_destruction_that_read_what_another_had_half_deleted_forgets_no_day_of_refusals():
    for number in range(TURNED, len(CALLS), 5):
        for at in range(2, TURNED, 2):
            world = flushed()
            other = partial(dies, world, number)
            with suppress(AccessDenied):
                shred(cut(world.host, [], (at, "before"), other), world.record, jobs.ELSEWHERE)
            for _ in range(3):
                world.night()
                world.clock.advance(timedelta(days=1))
            world.night()
            assert traces(world) == [], (at, number)


def test_two_destructions_that_a_holder_overtakes_leave_nothing_of_their_plans():
    for at in range(2, TURNED):
        world = flushed()

        def keep(world: World = world) -> None:
            with suppress(NotFound):  # too late
                life.keep(world.host, HOLDER, world.record)

        def other(world: World = world, at: int = at, keep: Callable[[], None] = keep) -> None:
            with suppress(AccessDenied):
                shred(cut(world.host, [], (at, "before"), keep), world.record, jobs.ELSEWHERE)

        with suppress(AccessDenied):
            shred(cut(world.host, [], (at, "before"), other), world.record, jobs.ELSEWHERE)
        nights(world)
        assert plans(world) == [], at


def test_a_holder_who_comes_too_late_to_keep_a_record_leaves_no_trace_of_it():
    def destroys(world: World) -> None:
        shred(world.host, world.record, jobs.ELSEWHERE)

    for world, kept, _ in races(flushed, lambda w: life.keep(w.host, HOLDER, w.record), destroys):
        nights(world)
        assert (kept == "done") == (traces(world) != [])
