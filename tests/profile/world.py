"""A record with a holder, people around them, and short ways to write into the profile."""

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Delegation
from chalicelib.profile import actions
from chalicelib.profile.contents import NewContent
from chalicelib.profile.model import Draft
from chalicelib.profile.reading import Shown
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, person

PARENT = Actor(Kind.CITIZEN, "citizen:parent", "Parent EXEMPLE")
CARER = Actor(Kind.CITIZEN, "citizen:aidant", "Aidant EXEMPLE")
CHILD = date(2011, 5, 4)
READER: TypeAdapter[Any] = TypeAdapter(NewContent)


def content(section: str, **members: Any) -> Any:
    return READER.validate_python({"section": section, **members})


def draft(section: str, *, secret: bool = False, key: str = "", **members: Any) -> Draft:
    return Draft(content(section, **members), secret, key)


def dose(act: str = "dtp", on: date = date(2026, 1, 12), **more: Any) -> Any:
    return {"act": act, "on": on, **more}


def adult() -> World:
    world = World().activate()
    world.decide(allowed=frozenset({DOCTOR.id}))
    return world


def minor(birth: date = CHILD) -> World:
    world = World(person(birth=birth)).activate()
    world.decide(
        holder=HOLDER.id,
        allowed=frozenset({DOCTOR.id}),
        proxies={PARENT.id: Delegation("parent")},
        carers={CARER.id: Delegation("carer")},
    )
    return world


def note(world: World, section: str, who: Actor = HOLDER, **members: Any) -> Shown:
    return actions.create(world.host, who, world.record, draft(section, **members))


def listed(world: World, who: Actor, *sections: str) -> list[str]:
    found = actions.listing(world.host, who, world.record, frozenset(sections))
    return sorted(one.entry.section for one in found.entries)
