"""A worker that is early: the entry is in the journal before the row says whom a change of contact is told to."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.enrolment import support
from chalicelib.kernel.errors import Unavailable
from chalicelib.notices import contact_actions
from tests.cutting import cut
from tests.enrolment.world import World as Living
from tests.people import HOLDER, SUPPORT, person

from .world import BROWSER, EMAIL, PHONE, World

EITHER = ("before", "after")


def early(world: Any) -> None:
    """Let the workers run; what they cannot do yet comes again."""
    with suppress(Unavailable):
        world.work()


def late(world: Any) -> None:
    """Let them run once what was refused comes again."""
    world.clock.advance(timedelta(minutes=10))
    world.work()


def reached() -> World:
    world = World()
    world.reach(phone=PHONE)
    world.work()
    world.mail.sent.clear()
    return world


CHANGED = {
    "phone": lambda h, w: contact_actions.reach(h, HOLDER, w.record, (EMAIL, "+33600000099", None)),
    "silenced": lambda h, w: contact_actions.prefer(h, HOLDER, w.record, "fr", ("push", "email"), {}),
}


@pytest.mark.abuse("T07")
@pytest.mark.parametrize("what", CHANGED)
def test_the_old_number_is_told_however_early_the_worker_is(what: str) -> None:
    wrong, number, calls = [], 0, ["?"]
    while number < len(calls):
        for side in EITHER:
            world, calls = reached(), list[str]()
            CHANGED[what](cut(world.host, calls, (number, side), lambda w=world: early(w)), world)
            late(world)
            if f"sms {PHONE}" not in world.arrived():
                wrong.append((number, side, world.arrived()))
        number += 1
    assert wrong == []


@pytest.mark.abuse("T07")
def test_a_silenced_address_is_told_though_a_browser_hears_first_and_the_worker_is_early() -> None:
    wrong, number, calls = [], 0, ["?"]
    while number < len(calls):
        world, calls = reached(), list[str]()
        contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
        world.work()
        world.mail.sent.clear()
        host = cut(world.host, calls, (number, "before"), lambda w=world: early(w))
        contact_actions.prefer(host, HOLDER, world.record, "fr", ("push",), {})
        late(world)
        if f"email {EMAIL}" not in world.arrived():
            wrong.append(number)
        number += 1
    assert wrong == []


@pytest.mark.abuse("T07")
def test_the_old_number_is_told_of_what_the_help_desk_noted_however_early_the_worker_is() -> None:
    wrong, number, calls = [], 0, ["?"]
    while number < len(calls):
        for side in EITHER:
            world, calls = Living(person().model_copy(update={"phone": PHONE})).activate(), list[str]()
            world.work()
            world.host.sms.sent.clear()
            host, change = cut(world.host, calls, (number, side), lambda w=world: early(w)), ("sms", "+33600000099")
            birth = person().birth_date
            support.contact(host, SUPPORT, world.reference, birth, change, contact_actions.propose)
            late(world)
            if PHONE not in [to for to, _ in world.host.sms.sent.values()]:
                wrong.append((number, side))
        number += 1
    assert wrong == []
