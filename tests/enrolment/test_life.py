"""The life of a record, from the letter to the archive: one write a turn, one answer to whoever may not know."""

import pytest

from chalicelib.access.choices import Delegation
from chalicelib.consent import actions as consent
from chalicelib.consent.actions import mine
from chalicelib.enrolment import life, support
from chalicelib.enrolment.actions import find
from chalicelib.kernel.errors import AccessDenied, Conflict, NotFound
from chalicelib.vault.reading import Filter, listing
from tests.enrolment.world import World
from tests.people import DOCTOR, ENROLMENT, HOLDER, STRANGER, SUPPORT, person


def turns(world: World) -> list[str]:
    return [entry.action for entry in world.journal()]


def test_whoever_brings_the_code_opposes_without_an_account():
    world = World()
    state, new = life.oppose(world.host, world.reference, world.code)
    assert (state.state, new, turns(world)) == ("opposed", True, ["record:invite", "record:oppose"])


def test_opposing_again_gives_the_same_answer_and_changes_nothing():
    world = World()
    first, _ = life.oppose(world.host, world.reference, world.code)
    world.clock.advance(world.start - world.start.replace(day=1))
    for _ in range(8):  # the right code never runs out of tries
        assert life.oppose(world.host, world.reference, world.code) == (first, False)


def test_a_wrong_a_spent_and_an_unknown_code_get_one_answer():
    world = World()
    told = []
    for reference, text in ((world.reference, "0000-0000-0000"), ("0" * 20, world.code)):
        with pytest.raises(NotFound) as caught:
            life.oppose(world.host, reference, text)
        told.append((caught.value.detail, type(caught.value)))
    world.activate()
    with pytest.raises(NotFound) as caught:
        life.oppose(world.host, world.reference, world.code)
    assert {*told, (caught.value.detail, type(caught.value))} == {told[0]}


def test_after_five_wrong_tries_the_right_code_no_longer_works():
    world = World()
    for _ in range(5):
        with pytest.raises(NotFound):
            life.oppose(world.host, world.reference, "0000-0000-0000")
    with pytest.raises(NotFound):
        life.oppose(world.host, world.reference, world.code)
    assert world.state == "invited"


def test_an_activated_record_is_open_found_by_its_holder_and_its_code_is_spent():
    world = World()
    assert life.activate(world.host, HOLDER, world.reference, world.code).state == "open"
    assert [one.record for one in mine(world.host, HOLDER)] == [world.record]
    assert (world.choices().holder, world.choices().codes) == (HOLDER.id, {})
    with pytest.raises(NotFound):
        life.activate(world.host, STRANGER, world.reference, world.code)


def test_a_record_that_is_somebodys_is_not_given_to_another_with_a_code():
    world = World()
    world.activate()
    from chalicelib.access import codes

    reference = codes.new_reference()
    codes.publish(world.host, world.record, reference)
    world.decide(codes={reference: codes.new_code("activation", "activation", world.clock.now())})
    world.reference = reference
    with pytest.raises(NotFound):
        life.activate(world.host, STRANGER, reference, world.code)
    assert mine(world.host, STRANGER) == []


def test_whoever_opposed_may_change_their_mind_with_the_same_code():
    world = World()
    life.oppose(world.host, world.reference, world.code)
    assert world.activate().state == "open"


def test_a_parent_activates_the_record_of_a_child_and_is_not_its_holder():
    child = World(person(birth=person().birth_date.replace(year=2015)))
    child.activate()
    found = child.choices()
    assert (found.holder, found.proxies[HOLDER.id].kind) == ("", "parent")
    assert found.proxies[HOLDER.id].ends == "2033-08-13T22:00:00+00:00"
    assert [one.record for one in mine(child.host, HOLDER)] == [child.record]


def test_an_activation_sent_again_gives_the_same_answer_to_the_holder_and_to_a_parent():
    for who in (person(), person(birth=person().birth_date.replace(year=2015))):
        world = World(who)
        text = world.code
        first = life.activate(world.host, HOLDER, world.reference, text)
        before = world.choices()
        assert life.activate(world.host, HOLDER, world.reference, text) == first
        assert world.choices() == before


def _child_with_a_new_code(**choices: object) -> World:
    child = World(person(birth=person().birth_date.replace(year=2015))).activate()
    child.decide(**choices)
    support.resend(child.host, SUPPORT, child.reference)
    (child.reference,) = child.choices().codes
    return child


@pytest.mark.abuse("A25")
def test_a_parent_whom_a_court_kept_out_does_not_come_back_with_a_new_code():
    child = _child_with_a_new_code(proxies={}, blocked=frozenset({HOLDER.id}))
    with pytest.raises(NotFound):
        child.activate()
    assert child.choices().proxies == {}


def test_a_code_makes_no_third_parent():
    other = Delegation("parent", "Sacha AUTRE", "2033-08-13T22:00:00+00:00")
    child = _child_with_a_new_code(proxies={"citizen:une": other, STRANGER.id: other})
    with pytest.raises(NotFound):
        child.activate()
    assert set(child.choices().proxies) == {"citizen:une", STRANGER.id}


def test_an_opposed_record_is_still_known_so_that_nobody_invites_again():
    world = World()
    life.oppose(world.host, world.reference, world.code)
    from chalicelib.access.opening import record_of

    assert record_of(world.host, person().oid, person().ins) == world.record
    with pytest.raises((NotFound, AccessDenied)):
        find(world.host, DOCTOR, person().oid, person().ins)


def test_close_reopen_close_erase_keep_each_stand_once_in_the_history():
    world = World().activate()
    for verb in (life.close, life.reopen, life.close, life.erase, life.keep):
        verb(world.host, HOLDER, world.record)
    assert [action.split(":")[1] for action in turns(world)[-5:]] == ["close", "reopen", "close", "erase", "keep"]
    assert world.state == "closed"


def test_what_the_law_says_follows_is_said_by_the_entry():
    world = World().activate()
    life.close(world.host, HOLDER, world.record)
    assert tuple(world.journal()[-1].obligations) == ("notify-change", "clock")


@pytest.mark.abuse("T09")
@pytest.mark.parametrize("verb", [life.erase, life.keep])
def test_a_step_of_the_procedure_cannot_be_skipped(verb):
    world = World().activate()
    with pytest.raises(Conflict):
        verb(world.host, HOLDER, world.record)
    assert world.state == "open"


@pytest.mark.abuse("T09")
def test_a_closed_record_is_reopened_and_does_not_resume():
    world = World().activate()
    life.close(world.host, HOLDER, world.record)
    with pytest.raises(Conflict):
        life.resume(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    with pytest.raises(Conflict):
        life.resume(world.host, HOLDER, world.record)


@pytest.mark.parametrize("verb", [life.close, life.reopen, life.erase, life.keep, life.resume])
def test_nobody_else_turns_a_record(verb):
    world = World().activate()
    for who in (STRANGER, DOCTOR, ENROLMENT):
        with pytest.raises((NotFound, AccessDenied)):
            verb(world.host, who, world.record)
    assert world.state == "open"


@pytest.mark.abuse("A26")
def test_a_suspended_record_opens_to_nobody_until_its_holder_objects():
    world = World().activate()
    life.suspend(world.host, ENROLMENT, world.record)
    for who in (HOLDER, DOCTOR, STRANGER):
        with pytest.raises((NotFound, AccessDenied)):
            listing(world.host, who, world.record, Filter())
    assert life.resume(world.host, HOLDER, world.record).state == "open"
    assert listing(world.host, HOLDER, world.record, Filter()).documents == ()


@pytest.mark.abuse("A26")
def test_a_closed_record_is_read_by_its_holder_only():
    world = World().activate()
    world.decide(allowed=frozenset({DOCTOR.id}))
    life.close(world.host, HOLDER, world.record)
    assert listing(world.host, HOLDER, world.record, Filter()).documents == ()
    with pytest.raises(AccessDenied):
        listing(world.host, DOCTOR, world.record, Filter())


@pytest.mark.abuse("A27")
def test_after_death_the_record_is_frozen_for_everybody():
    world = World().activate()
    world.decide(allowed=frozenset({DOCTOR.id}))
    assert life.decease(world.host, ENROLMENT, world.record).state == "deceased"
    for who in (HOLDER, DOCTOR, STRANGER):
        with pytest.raises((NotFound, AccessDenied)):
            listing(world.host, who, world.record, Filter())
    with pytest.raises((NotFound, AccessDenied)):
        life.reopen(world.host, HOLDER, world.record)


def test_death_told_twice_starts_no_clock_anew_and_leaves_an_opposition_alone():
    world = World().activate()
    first = life.decease(world.host, ENROLMENT, world.record)
    world.clock.advance(world.start - world.start.replace(day=1))
    assert life.decease(world.host, ENROLMENT, world.record) == first
    opposed = World()
    life.oppose(opposed.host, opposed.reference, opposed.code)
    assert life.decease(opposed.host, ENROLMENT, opposed.record).state == "opposed"


def test_the_holder_of_a_suspended_record_finds_it_to_object_and_reads_nothing_else_in_it():
    world = World()
    world.activate()
    suspended = life.suspend(world.host, ENROLMENT, world.record)
    (one,) = mine(world.host, HOLDER)
    assert (one.state, one.until, one.may) == ("suspended", suspended.until, ["record:resume", "record:look"])
    with pytest.raises(NotFound):
        consent.read(world.host, HOLDER, one.record)
    life.resume(world.host, HOLDER, one.record)
    assert [(one.state, one.until) for one in mine(world.host, HOLDER)] == [("open", "")]


def test_nobody_else_finds_a_suspended_record():
    world = World()
    world.activate()
    life.suspend(world.host, ENROLMENT, world.record)
    assert mine(world.host, STRANGER) == []
