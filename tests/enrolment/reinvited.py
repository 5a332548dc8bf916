"""Somebody who opposed and asks for a record after all."""

from chalicelib.access.person import Person, read_person
from chalicelib.enrolment import life
from chalicelib.notices.actions import SYSTEM
from tests.enrolment.world import World
from tests.people import person

ASKS = person().model_copy(update={"email": "camille@other.example"})


def opposed(who: Person | None = None) -> World:
    world = World(who)
    world.work()
    life.oppose(world.host, world.reference, world.code)
    world.work()
    return world


def sent(world: World) -> list[str]:
    return [str(mail["To"]) for mail in world.host.mail.sent]  # type: ignore[attr-defined]


def newest(world: World) -> str:
    (reference,) = world.choices().codes
    return reference


def kept(world: World) -> Person:
    from chalicelib.access.gate import Ask, gate

    return read_person(world.host, gate(world.host, Ask(SYSTEM, world.record, "notice:send", person=True)))
