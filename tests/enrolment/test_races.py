"""Two turns of one record at once: wherever the second cuts in, the record has one history and nobody is told wrong."""

from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access import choices
from chalicelib.access.gate import Ask, gate
from chalicelib.access.opening import open_record
from chalicelib.access.person import FIRST, open_person
from chalicelib.enrolment import clock, life, support
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import CarnetError
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Killed, cut, each_call
from tests.enrolment.destroyed import lived, traces
from tests.enrolment.racing import Act, plans, races, said
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, STRANGER, SUPPORT, person


def _due() -> World:
    world = World()
    world.work()
    world.clock.advance(timedelta(days=50))
    return world


def _open() -> World:
    world = World().activate()
    world.work()
    return world


def _activate(who) -> Act:
    return lambda w: life.activate(w.host, who, w.reference, w.code)


def test_of_two_people_with_one_code_one_gets_the_record():
    seen = 0
    for world, first, second in races(World, _activate(HOLDER), _activate(STRANGER)):
        won = {HOLDER.id: first, STRANGER.id: second}
        assert sorted(won.values()) == ["NotFound", "done"]
        assert won[world.choices().holder] == "done"
        seen += 1
    assert seen > 10


def test_an_opposition_and_the_opening_at_once_are_one_of_both():
    def opens(world: World) -> None:
        clock.turn(world.host, world.record, "2026-12-15", jobs.ELSEWHERE)

    for world, _, told in races(_due, opens, lambda w: life.oppose(w.host, w.reference, w.code)):
        turns = [e.action for e in world.journal() if e.action in ("record:open", "record:oppose")]
        assert len(turns) == 1
        assert (world.state, told) in (("opposed", "done"), ("open", "NotFound"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda w: life.close(w.host, HOLDER, w.record), lambda w: life.suspend(w.host, ENROLMENT, w.record)),
        (lambda w: life.suspend(w.host, ENROLMENT, w.record), lambda w: life.decease(w.host, ENROLMENT, w.record)),
        (lambda w: life.decease(w.host, ENROLMENT, w.record), lambda w: life.close(w.host, HOLDER, w.record)),
    ],
)
def test_two_turns_at_once_each_stand_where_the_other_left_the_record(first: Act, second: Act):
    names = {"record:close": "closed", "record:suspend": "suspended", "record:decease": "deceased"}
    for world, *told in races(_open, first, second):
        turned = [names[entry.action] for entry in world.journal() if entry.action in names]
        assert world.state == turned[-1]
        assert len(turned) == told.count("done")


def test_a_holder_who_is_told_that_the_record_is_kept_keeps_it():
    kept = 0
    for world, _, told in races(
        lived,
        lambda w: shred(w.host, w.record, jobs.ELSEWHERE),
        lambda w: life.keep(w.host, HOLDER, w.record),
    ):
        for _ in range(3):
            world.night()
            world.clock.advance(timedelta(days=1))
        if told == "done":
            kept += 1
            assert world.state == "closed"
            assert len(listing(world.host, HOLDER, world.record, Filter()).documents) == 1
            assert plans(world) == []
        else:
            assert traces(world) == []
    assert kept > 3


def _destroys(world: World) -> None:
    """Destroy the record, in another process: what it has read, nobody else knows."""
    shred(world.host, world.record, jobs.ELSEWHERE)
    choices._parsed.clear()


def test_a_record_destroyed_while_somebody_reads_it_is_for_them_as_if_it_had_never_been():
    told = [first for _, first, _ in races(lived, lambda w: listing(w.host, HOLDER, w.record, Filter()), _destroys)]
    assert set(told) == {"NotFound"}
    assert len(told) >= 3


def test_a_plan_of_a_destruction_that_died_before_its_turn_goes_with_the_holders_change_of_mind():
    world, calls = lived(), list[str]()
    shred(cut(world.host, calls, None), world.record, jobs.ELSEWHERE)
    for place in each_call(calls[: calls.index("delete")], ["after"]):
        world = lived()
        with pytest.raises(Killed):
            shred(cut(world.host, [], place), world.record, jobs.ELSEWHERE)
        if said(world, lambda w: life.keep(w.host, HOLDER, w.record)) == "done":
            world.night()
            world.clock.advance(timedelta(days=1))
            world.night()
            assert plans(world) == [], place


def test_of_two_destructions_at_once_each_leaves_nothing():
    for world, *_ in races(lived, _destroys, _destroys):
        world.night()
        world.clock.advance(timedelta(days=2))
        world.night()
        assert traces(world) == []


def test_a_letter_sent_again_and_an_activation_at_once_leave_no_code_behind_for_a_second_person():
    for world, first, second in races(World, _activate(HOLDER), lambda w: support.resend(w.host, SUPPORT, w.reference)):
        held = world.choices().holder == HOLDER.id
        assert (first == "done") == held
        if held and second == "done":  # sent before it was somebody's: the new code is spent with the old, or void
            for reference in world.choices().codes:
                world.reference = reference
                with pytest.raises(CarnetError):
                    life.activate(world.host, STRANGER, reference, world.code)


def test_of_two_clients_that_open_a_record_at_once_the_one_who_is_told_so_gives_the_means_of_contact():
    told: dict[str, bool] = {}

    def opens(email: str) -> Act:
        def act(world: World) -> None:
            traits = person(ins="284052A321025").model_copy(update={"email": email})
            world.record, told[email] = open_record(world.host, ENROLMENT, traits, HOLDER.id)

        return act

    asides = 0
    for world, *_ in races(World, opens("first@example.org"), opens("second@example.org")):
        (winner,) = [email for email, new in told.items() if new]
        grant = gate(world.host, Ask(HOLDER, world.record, "document:list", person=True))
        found = open_person(grant.policy_key, world.record, grant.rows[grant.facts.person])
        assert found.email == winner
        asides += grant.facts.person != FIRST
    assert asides >= 2
