"""An opposition told by phone: the person is told of it once and then forgotten, whatever comes late, dies or cuts in."""

from chalicelib.access.relay import send
from chalicelib.enrolment import support
from tests.enrolment.world import World
from tests.people import SUPPORT, person


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
