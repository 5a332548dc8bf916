"""An opposition told by phone: the person is told of it once, then forgotten, whatever comes late or cuts in."""

from chalicelib.access.relay import send
from chalicelib.enrolment import life, support
from chalicelib.notices import contact_actions
from tests.enrolment.test_races import races
from tests.enrolment.world import World
from tests.people import HOLDER, SUPPORT, person


def oppose(world: World) -> None:
    support.oppose(world.host, SUPPORT, world.reference, world.code, person().birth_date)


def informed() -> World:
    world = World()
    world.work()
    return world


def told(world: World) -> list[str]:
    return [mail.get_content() for mail in world.host.mail.sent]


def test_an_invitation_that_comes_late_does_not_forget_who_has_not_been_told_of_the_opposition():
    world = informed()
    oppose(world)
    send(world.host, "notices", {"record": world.record, "event": "invitation", "name": "first"})
    world.work()
    assert len(told(world)) == 2


def test_a_code_sent_just_before_the_opposition_does_not_keep_it_from_being_told():
    world = informed()
    support.resend(world.host, SUPPORT, world.reference)
    (world.reference,) = world.choices().codes
    oppose(world)
    world.work()
    assert len(told(world)) == 3


def opposed() -> World:
    world = informed()
    oppose(world)
    return world


def changes_their_mind(world: World) -> None:
    life.activate(world.host, HOLDER, world.reference, world.code)
    contact_actions.reach(world.host, HOLDER, world.record, ("neu@example.org", "", None))


def contact(world: World) -> str:
    return contact_actions.read(world.host, HOLDER, world.record)[1].email


def test_who_changes_their_mind_while_they_are_told_and_forgotten_keeps_what_they_said_since():
    seen = 0
    for world, *_ in races(opposed, lambda w: w.work(), changes_their_mind):
        world.work()
        assert contact(world) == "neu@example.org"
        seen += 1
    assert seen > 30


def test_who_changes_their_mind_while_an_opposition_with_the_code_forgets_them_keeps_what_they_said_since():
    for world, _, told in races(informed, lambda w: life.oppose(w.host, w.reference, w.code), changes_their_mind):
        assert (contact(world), told) == ("neu@example.org", "done")


def test_who_changes_their_mind_after_they_were_forgotten_can_be_reached_again():
    world = opposed()
    world.work()
    before = len(told(world))
    life.activate(world.host, HOLDER, world.reference, world.code)
    world.work()
    world.night()
    assert (contact(world), world.state, len(told(world))) == ("", "open", before)
    contact_actions.reach(world.host, HOLDER, world.record, ("neu@example.org", "", None))
    assert contact(world) == "neu@example.org"
