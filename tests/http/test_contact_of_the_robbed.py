"""What a reader of these mends found of how the holder is reached (2026-11-28): each test failed before its mend."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.enrolment import life, support
from chalicelib.kernel.errors import Conflict, Refused, Unavailable
from chalicelib.notices import contact_actions
from chalicelib.notices.contact import FORMER, Former
from tests.enrolment.world import World as Notified
from tests.intake_files import number
from tests.invited import code, invite
from tests.people import HOLDER, SUPPORT, person

from .api_scene import Scene

MINE, PHONE = "mine@example.org", "+33600000042"


def mails(scene: Scene) -> list[str]:
    return [str(mail["To"]) for mail in scene.world.host.mail.sent]


def robbed(scene: Scene, contact: str, **more: str) -> None:
    """Have a thief change the contact until it is refused, then let the notices go."""
    for turn in range(FORMER + 2):
        scene.world.send("holder", "PUT", contact, body={"email": f"thief{turn}@example.org", **more})
    scene.world.work()


def helped(scene: Scene) -> tuple[str, Any]:
    """Return the contact path of a record of the holder, and what has the help desk note another address."""
    who, host = person(ins=number(77)), scene.world.host
    record, reference = invite(host, who)
    life.activate(host, scene.actor("holder"), reference, code(host, record, reference))
    about = {"reference": reference, "birth_date": who.birth_date.isoformat(), "channel": "email"}
    return f"/records/{record}/contact", lambda value: scene.world.send(
        "support", "POST", "/support/contacts", body={**about, "value": value}
    )


def test_a_number_that_a_thief_added_can_be_taken_away() -> None:
    scene = Scene()
    contact = f"/records/{scene.record}/contact"
    robbed(scene, contact, phone="+33600000099")
    scene.done(204, "holder", "PUT", contact, body={"email": MINE})


def test_who_is_robbed_in_the_week_of_their_own_change_goes_back() -> None:
    scene = Scene()
    contact = f"/records/{scene.record}/contact"
    scene.done(204, "holder", "PUT", contact, body={"email": MINE})
    scene.world.clock.advance(timedelta(days=1))
    robbed(scene, contact)
    scene.done(204, "holder", "PUT", contact, body={"email": MINE})


@pytest.mark.abuse("T07")
def test_going_back_to_an_address_of_this_week_is_told_to_the_one_it_replaces() -> None:
    scene = Scene()
    contact, phone = f"/records/{scene.record}/contact", "+33600000001"
    scene.done(204, "holder", "PUT", contact, body={"email": "ex@example.org", "phone": phone})
    scene.world.clock.advance(timedelta(days=8))
    scene.done(204, "holder", "PUT", contact, body={"email": MINE, "phone": phone})
    for turn in range(10, 30):
        body = {"email": MINE, "phone": f"+336000000{turn}"}
        if scene.world.send("holder", "PUT", contact, body=body).status == 204:
            phone = body["phone"]
    assert scene.world.send("holder", "PUT", contact, body={"email": "ex@example.org", "phone": phone}).status == 409
    scene.world.work()
    scene.world.host.mail.sent.clear()
    scene.done(204, "holder", "PUT", contact, body={"email": "ex@example.org", "phone": phone})
    scene.world.work()
    assert MINE in mails(scene)


@pytest.mark.abuse("T07")
def test_the_help_desk_helps_whoever_is_robbed_at_any_time() -> None:
    scene = Scene()
    contact, propose = helped(scene)
    for turn in range(FORMER + 2):
        scene.world.send("holder", "PUT", contact, body={"email": f"thief{turn}@example.org"})
    assert propose("rescue@example.org").status == 200
    scene.world.clock.advance(timedelta(hours=73))
    assert scene.done(200, "holder", "GET", contact)["email"] == "rescue@example.org"


@pytest.mark.abuse("T07")
def test_a_change_that_is_refused_is_neither_journaled_nor_told() -> None:
    scene = Scene()
    contact, propose = helped(scene)
    for turn in range(FORMER - 1):
        scene.done(204, "holder", "PUT", contact, body={"email": f"a{turn}@example.org"})
    propose("b@example.org")
    scene.world.clock.advance(timedelta(hours=73))
    shown = scene.done(200, "holder", "GET", contact)
    assert scene.world.send("holder", "PUT", contact, body={"email": "a8@example.org"}).status == 409
    record = contact.split("/")[2]
    actions = [one["action"] for one in scene.done(200, "holder", "GET", f"/records/{record}/history")["entries"]]
    assert actions.count("contact:change") == FORMER - 1
    scene.done(204, "holder", "PUT", contact, body={"email": shown["email"], "phone": shown["phone"]})


@pytest.mark.abuse("T07")
def test_an_old_number_is_told_while_mail_is_down() -> None:
    scene = Scene()
    contact, host = f"/records/{scene.record}/contact", scene.world.host
    scene.done(204, "holder", "PUT", contact, body={"email": MINE, "phone": PHONE})
    scene.world.work()
    host.sms.sent.clear()

    def down(_message: object) -> None:
        raise Unavailable

    host.mail.send = down  # type: ignore[method-assign]
    scene.done(204, "holder", "PUT", contact, body={"email": "thief@example.org", "phone": "+33600000051"})
    with suppress(Unavailable):
        scene.world.work()
    assert [to for to, _ in host.sms.sent.values()] == [PHONE]


@pytest.mark.abuse("T07")
def test_an_old_address_that_was_remembered_before_there_were_times_is_still_told() -> None:
    scene = Scene()
    contact = f"/records/{scene.record}/contact"
    scene.done(204, "holder", "PUT", contact, body={"email": MINE})
    scene.world.work()
    scene.world.host.mail.sent.clear()
    with pytest.MonkeyPatch.context() as before:
        bare = lambda since, **more: Former(**more)  # noqa: E731
        before.setattr("chalicelib.notices.contact.Former", bare)
        scene.done(204, "holder", "PUT", contact, body={"email": "thief1@example.org"})
    scene.done(204, "holder", "PUT", contact, body={"email": "thief2@example.org"})
    scene.world.work()
    assert MINE in mails(scene)


def test_a_refusing_address_is_offered_once_in_one_telling() -> None:
    scene = Scene()
    contact, propose = helped(scene)
    scene.done(204, "holder", "PUT", contact, body={"email": MINE})
    scene.world.work()
    host, calls = scene.world.host, list[str]()
    host.mail.unknown.add(MINE)
    send = host.mail.send
    host.mail.send = lambda mail: (calls.append(str(mail["To"])), send(mail))[1]  # type: ignore[method-assign]
    assert propose("rescue@example.org").status == 200
    scene.world.work()
    assert calls == [MINE]


class NoTexts:
    """A deployment that sends no texts."""

    def accepts(self, _number: str) -> bool:
        return False

    def send(self, *_: object) -> None:
        raise Refused


def test_who_is_robbed_of_the_number_goes_back_where_nobody_sends_texts() -> None:
    world = Notified().activate()
    world.host = replace(world.host, sms=NoTexts())
    for turn in range(FORMER + 2):
        with suppress(Conflict):
            contact_actions.reach(world.host, HOLDER, world.record, (MINE, f"+336000001{turn:02d}", None))
        world.work()
    contact_actions.reach(world.host, HOLDER, world.record, (MINE, PHONE, None))


def test_what_stood_nowhere_before_takes_no_room_among_the_old_addresses() -> None:
    world = Notified(person().model_copy(update={"phone": ""})).activate()
    for turn in range(FORMER):
        change = ("sms", f"+336000001{turn:02d}")
        support.contact(world.host, SUPPORT, world.reference, person().birth_date, change, contact_actions.propose)
        world.work()
    contact_actions.reach(world.host, HOLDER, world.record, (MINE, "", None))
