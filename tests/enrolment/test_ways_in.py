"""Nobody is kept out of their own record for good, and nobody comes into it by what was meant for a child."""

from datetime import date, timedelta

import pytest

from chalicelib.access.clocks import comes_of_age
from chalicelib.enrolment import life, support
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.vault.reading import Filter, listing
from tests.enrolment.clocked import nights
from tests.enrolment.coming_of_age import MOTHER, PARENT, grown, nearly_eighteen, recipients
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, STRANGER, SUPPORT, person


def opened_by_itself() -> World:
    """Return whose record opened after the six weeks, and who never came."""
    world = World()
    world.work()
    assert nights(world, 1, 43)[-1] == "open"
    return world


def with_a_parent() -> World:
    """Return a child of nearly eighteen whose parent has activated the record."""
    world = nearly_eighteen()
    life.activate(world.host, PARENT, world.reference, world.code)
    return world


def comes_in(world: World) -> str:
    """Bring the one code there is; return the state that the holder finds."""
    (world.reference,) = world.choices().codes
    world.activate()
    assert world.choices().holder == HOLDER.id
    return world.state


def reopens(world: World) -> None:
    """Come into a closed record, and open it again."""
    assert comes_in(world) == "closed"
    assert life.reopen(world.host, HOLDER, world.record).state == "open"


def test_whose_record_was_closed_by_phone_before_they_ever_came_reads_it_and_opens_it_again() -> None:
    world = opened_by_itself()
    support.close(world.host, SUPPORT, world.reference, person().birth_date)
    world.work()
    reopens(world)


@pytest.mark.parametrize("resent", [False, True])
def test_whose_record_was_suspended_before_they_ever_came_objects_to_its_closing(resent: bool) -> None:
    world = opened_by_itself()
    until = life.suspend(world.host, ENROLMENT, world.record).until
    world.work()
    if resent:
        support.resend(world.host, SUPPORT, world.reference)
        world.work()
    assert comes_in(world) == "suspended"
    assert world.until == until
    world.work()
    with pytest.raises(NotFound):
        listing(world.host, HOLDER, world.record, Filter())
    assert life.resume(world.host, HOLDER, world.record).state == "open"


def test_whose_record_was_suspended_before_they_ever_came_gets_in_once_it_is_closed() -> None:
    world = opened_by_itself()
    life.suspend(world.host, ENROLMENT, world.record)
    world.work()
    nights(world, 44, 90)
    assert world.state == "closed"
    support.resend(world.host, SUPPORT, world.reference)
    world.work()
    reopens(world)


def test_who_comes_of_age_while_their_record_is_closed_is_sent_a_code_and_their_parents_are_out() -> None:
    world = with_a_parent()
    life.close(world.host, PARENT, world.record)
    world.work()
    grown(world)
    assert recipients(world)[-1] == person().email
    assert world.choices().proxies == {}
    with pytest.raises(NotFound):
        life.reopen(world.host, PARENT, world.record)
    reopens(world)


def test_who_comes_of_age_while_their_record_is_suspended_is_sent_a_code_once_it_is_closed() -> None:
    world = with_a_parent()
    life.suspend(world.host, ENROLMENT, world.record)
    world.work()
    grown(world)
    for _ in range(45):
        world.clock.advance(timedelta(days=1))
        world.night()
    assert recipients(world)[-1] == person().email
    assert world.choices().proxies == {}
    reopens(world)


def test_a_closed_record_that_has_its_holder_is_given_to_nobody() -> None:
    world = World().activate()
    life.close(world.host, HOLDER, world.record)
    with pytest.raises(Conflict):
        support.resend(world.host, SUPPORT, world.reference)
    with pytest.raises(NotFound):
        life.activate(world.host, STRANGER, world.reference, world.code)
    assert world.choices().holder == HOLDER.id


@pytest.mark.abuse("A23")
def test_a_code_sent_again_for_a_child_goes_to_who_represents_it_and_opens_nothing_to_them_after_the_birthday() -> None:
    world = with_a_parent()
    support.resend(world.host, SUPPORT, world.reference)
    world.work()
    assert recipients(world)[-1] == MOTHER.email
    (world.reference,) = world.choices().codes
    world.at(comes_of_age(date(2008, 11, 16)), 1800)  # the night has not come yet
    with pytest.raises(NotFound):
        life.activate(world.host, PARENT, world.reference, world.code)
    world.clock.advance(timedelta(days=1))
    world.night()
    assert comes_in(world) == "open"


def test_who_comes_of_age_while_their_parents_have_the_record_erased_gets_in_and_keeps_it() -> None:
    world = with_a_parent()
    life.close(world.host, PARENT, world.record)
    life.erase(world.host, PARENT, world.record)
    world.work()
    grown(world)
    assert (world.choices().proxies, recipients(world)[-1]) == ({}, person().email)
    assert comes_in(world) == "erasing"
    assert life.keep(world.host, HOLDER, world.record).state == "closed"
