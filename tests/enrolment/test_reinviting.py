"""Who opposed and asks for a record gets a new code, nothing opens without it, and the address goes with it."""

from datetime import timedelta

import pytest

from chalicelib.enrolment import life
from chalicelib.enrolment.reinviting import forget_opposed, reinvite
from chalicelib.kernel.errors import AccessDenied, CarnetError, Conflict, NotFound
from tests.enrolment.clocked import nights
from tests.enrolment.reinvited import ASKS, kept, newest, opposed, sent
from tests.enrolment.world import World
from tests.invited import code
from tests.people import ENROLMENT, HOLDER, STRANGER, SUPPORT, person


def test_who_opposed_more_than_a_year_ago_gets_in_with_the_new_code() -> None:
    world = opposed()
    world.clock.advance(timedelta(days=500))
    with pytest.raises(NotFound):
        life.activate(world.host, HOLDER, world.reference, world.code)
    assert reinvite(world.host, ENROLMENT, ASKS).state == "opposed"
    world.work()
    assert sent(world)[-1] == "camille@other.example"
    reference = newest(world)
    life.activate(world.host, HOLDER, reference, code(world.host, world.record, reference))
    assert (world.state, world.choices().holder) == ("open", HOLDER.id)
    assert kept(world).email == "camille@other.example"


def test_a_new_code_opens_nothing_by_itself_however_long_one_waits() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    assert set(nights(world, 1, 60)) == {"opposed"}


def test_the_code_of_before_is_void() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    with pytest.raises(NotFound):
        life.activate(world.host, HOLDER, world.reference, world.code)


def test_the_means_of_contact_go_with_a_code_that_nobody_brings() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    nights(world, 1, 3)
    assert kept(world).email == "camille@other.example"  # the letter may still be brought
    nights(world, 365, 368)
    assert (kept(world).email, kept(world).ins) == ("", person().ins)
    entries = [entry.action for entry in world.journal()]
    assert entries.count("contact:forget") == 1


def test_whoever_only_opposed_is_not_looked_at_a_year_later() -> None:
    world = opposed()
    nights(world, 41, 44)
    assert "contact:forget" not in [entry.action for entry in world.journal()]
    assert forget_opposed(world.host, world.record) == ()


def test_who_opposes_once_more_with_the_new_code_cannot_be_reached() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    world.work()
    reference = newest(world)
    life.oppose(world.host, reference, code(world.host, world.record, reference))
    assert (world.state, kept(world).email) == ("opposed", "")


def test_what_asks_under_other_traits_is_refused_and_nothing_is_kept_of_it() -> None:
    world = opposed()
    for wrong in ({"family_name": "AUTRE"}, {"given_names": ("Dominique",)}, {"sex": "M"}):
        with pytest.raises(Conflict):
            reinvite(world.host, ENROLMENT, ASKS.model_copy(update=wrong))
    assert (newest(world), kept(world).email) == (world.reference, "")


@pytest.mark.parametrize("actor", [HOLDER, STRANGER, SUPPORT], ids=["holder", "stranger", "support"])
def test_nobody_but_an_enrolment_client_has_a_code_sent(actor: object) -> None:
    world = opposed()
    with pytest.raises((AccessDenied, NotFound)):
        reinvite(world.host, actor, ASKS)  # type: ignore[arg-type]
    assert newest(world) == world.reference


def test_who_did_not_oppose_is_sent_nothing() -> None:
    for world in (World(), World().activate()):
        with pytest.raises((AccessDenied, NotFound)):
            reinvite(world.host, ENROLMENT, ASKS)
    with pytest.raises(CarnetError):
        reinvite(World().host, ENROLMENT, person(ins="1" * 15))


def test_the_code_of_a_child_goes_to_its_representative_who_becomes_its_proxy() -> None:
    child = person(birth=World().start.date() - timedelta(days=3000))
    world = opposed(child)
    reinvite(world.host, ENROLMENT, child)
    world.work()
    reference = newest(world)
    life.activate(world.host, STRANGER, reference, code(world.host, world.record, reference))
    assert (world.state, list(world.choices().proxies)) == ("open", [STRANGER.id])
