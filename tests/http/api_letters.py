"""What only a letter or the holder can tell: references and codes of invented people, fresh for every request."""

from itertools import count
from typing import Any

from chalicelib.consent import handing
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import life
from tests.intake_files import number
from tests.invited import code, invite
from tests.people import HOLDER, person

from .api_world import World

LETTERS = {
    "life_oppose": ("reference", "code"),
    "life_activate": ("reference", "code"),
    "enrolment_reinvitation": ("ins", "family_name", "given_names", "birth_date", "sex", "birth_place"),
    "support_look": ("reference",),
    "support_resend": ("reference",),
    "support_oppose": ("reference", "code", "birth_date"),
    "support_close": ("reference", "birth_date"),
    "support_contact": ("reference", "birth_date"),
    "support_session": ("reference", "code"),
}
"""operation -> the members of its body"""
_REINVITED = "enrolment_reinvitation"
_OPEN = ("support_close", "support_contact", "support_session")
_numbers = count(1)


def letter(world: World, operation: str) -> dict[str, Any]:
    """Return what the body needs, about a person made for it."""
    who = person(ins=number(next(_numbers)))
    record, reference = invite(world.host, who)
    if operation in _OPEN:
        life.activate(world.host, HOLDER, reference, code(world.host, record, reference))
    if operation == _REINVITED:
        life.oppose(world.host, reference, code(world.host, record, reference))
    if operation == "support_session":
        reference = _for_help(world, record)
    known = {
        **who.model_dump(mode="json", include={"family_name", "given_names", "sex", "birth_place"}),
        "ins": {"value": who.ins, "oid": who.oid},
        "reference": reference,
        "code": code(world.host, record, reference),
        "birth_date": who.birth_date.isoformat(),
    }
    return {name: known[name] for name in LETTERS[operation]}


def _for_help(world: World, record: str) -> str:
    return handing.ask_for_help(world.host, Wish(HOLDER, record)).reference
