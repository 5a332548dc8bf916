"""Codes sent or brought while something else happens to the record: nothing false is told, nothing of them is left."""

from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.enrolment import life, support
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import CarnetError, Conflict
from chalicelib.kernel.host import Host
from tests.cutting import cut
from tests.enrolment.coming_of_age import PARENT, eighteen_before_the_letter, grown, nearly_eighteen
from tests.enrolment.overtaken import erased_by_a_parent, left
from tests.enrolment.racing import races
from tests.enrolment.world import World
from tests.people import HOLDER, SUPPORT

KEY = "resend-0001"


@pytest.mark.abuse("C07")
@pytest.mark.parametrize("key", [None, "", KEY])
def test_nothing_is_left_of_a_code_brought_or_sent_anew_while_the_destruction_is_planned(key: str | None):
    for number in range(16):
        world = erased_by_a_parent()
        healthy, text = world.host, world.code

        def act(world: World = world, healthy: Host = healthy, text: str = text) -> None:
            with suppress(CarnetError):
                if key is None:
                    life.activate(healthy, HOLDER, world.reference, text)
                else:
                    support.resend(healthy, SUPPORT, world.reference, key)

        shred(cut(healthy, [], (number, "before"), act), world.record, jobs.ELSEWHERE)
        assert left(world) == [], number


def test_a_request_whose_code_is_not_good_any_more_at_eighteen_is_not_answered_as_if_it_had_been_sent():
    world = nearly_eighteen()
    support.resend(world.host, SUPPORT, world.reference, KEY)
    world.work()
    grown(world)
    with pytest.raises(Conflict):
        support.resend(world.host, SUPPORT, world.reference, KEY)


def test_a_request_whose_code_a_parent_has_used_is_not_answered_as_if_it_had_been_sent():
    world = nearly_eighteen()
    first = world.reference
    support.resend(world.host, SUPPORT, first, KEY)
    (world.reference,) = world.choices().codes
    life.activate(world.host, PARENT, world.reference, world.code)
    with pytest.raises(Conflict):
        support.resend(world.host, SUPPORT, first, KEY)


def test_a_request_whose_code_a_newer_one_that_has_lapsed_made_void_is_not_answered_as_if_it_had_been_sent():
    world = World()
    for key in (KEY, "resend-0002"):
        support.resend(world.host, SUPPORT, world.reference, key)
    world.clock.advance(timedelta(days=400))
    with pytest.raises(Conflict):
        support.resend(world.host, SUPPORT, world.reference, KEY)


@pytest.mark.abuse("C07")
def test_a_code_that_was_overtaken_while_it_was_made_leaves_no_row():
    for act in (
        lambda w: life.oppose(w.host, w.reference, w.code),
        lambda w: support.resend(w.host, SUPPORT, w.reference, KEY),
    ):
        for world, *_ in races(eighteen_before_the_letter, lambda w: w.work(), act):
            world.work()
            known = set(world.choices().codes) | {world.reference}
            for one in world.journal():
                known |= {one.about, one.detail.get("reference", ""), *one.detail.get("void", ())}
            rows = world.host.rows.everything().items()
            ours = {key[0][2:] for key, row in rows if key[0].startswith("k#") and row.get("record") == world.record}
            assert ours <= known
