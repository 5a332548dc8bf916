"""One notice reaches one recipient once, over the first of the person's channels that takes it."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.access.codes import code_of, first_code, new_reference
from chalicelib.access.gate import Ask, gate
from chalicelib.kernel.errors import Invalid, Unavailable
from chalicelib.notices import contact_actions
from chalicelib.notices.actions import notify
from tests.cutting import cut
from tests.people import HOLDER

from .world import BROWSER, EMAIL, HOUSE, LETTERHEAD, PHONE, Down, World


def test_without_a_contact_row_the_notice_goes_to_the_address_of_the_enrolment() -> None:
    world = World()
    world.tell()
    assert world.arrived() == [f"email {EMAIL}"]
    assert world.mail.sent[0]["Subject"] == "Votre espace de santé"
    assert "https://carnet.example" in world.mail.sent[0].get_content()


def test_a_notice_delivered_again_is_told_once() -> None:
    world = World()
    for _ in range(3):
        world.tell()
    world.tell(name="two")
    assert world.arrived() == [f"email {EMAIL}"] * 2
    assert len({mail["Message-ID"] for mail in world.mail.sent}) == 2


@pytest.mark.parametrize("reached", [False, True])
def test_a_notice_makes_few_store_calls(*, reached: bool) -> None:
    world, calls = World(), list[str]()
    if reached:
        world.reach()
    world.tell()
    world.host = replace(cut(world.host, calls, None), memo=world.host.memo)  # a process that has run before
    world.tell(name="two")
    # facts with key and person, the entry, what was told; the way back; the mail itself; that it was told
    assert calls == ["get", "update", "get", "put_many", "send", "put"]


def test_the_channels_are_tried_in_the_persons_order() -> None:
    world = World()
    world.reach(phone=PHONE)
    world.prefer("sms", "email")
    world.tell()
    assert world.arrived() == [f"sms {PHONE}"]


def test_a_channel_that_is_not_in_the_order_is_not_used() -> None:
    world = World()
    world.reach(phone=PHONE)
    world.prefer("sms")
    world.sms.unknown.add(PHONE)
    world.tell()
    assert world.arrived() == []


def test_a_channel_that_refuses_is_marked_and_the_next_one_is_tried() -> None:
    world = World()
    world.reach(phone=PHONE)
    world.mail.unknown.add(EMAIL)
    world.tell()
    assert world.arrived() == [f"sms {PHONE}"]
    assert world.contact().bounced == ("email",)
    world.tell(name="two")
    assert world.arrived() == [f"sms {PHONE}"] * 2


def test_a_new_address_takes_the_mark_away() -> None:
    world = World()
    world.mail.unknown.add(EMAIL)
    world.tell()
    world.reach(email="new@example.org")
    assert world.contact().bounced == ()
    world.tell(name="two")
    assert world.arrived() == ["email new@example.org"]


def test_a_browser_that_is_over_is_forgotten_and_the_next_channel_is_tried() -> None:
    world = World()
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    world.tell()
    world.push.over.add(BROWSER.endpoint)
    world.tell(name="two")
    assert world.arrived() == [f"email {EMAIL}", f"push {BROWSER.endpoint}"]
    assert world.contact().devices == ()


def test_what_is_pushed_is_one_fixed_sentence() -> None:
    world = World()
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    world.tell()
    assert list(world.push.sent.values()) == ["Une nouveauté vous attend dans votre espace de santé.".encode()]


def test_a_channel_that_is_down_is_neither_marked_nor_jumped() -> None:
    world = World()
    world.reach(phone=PHONE)
    whole, world.host = world.host, replace(world.host, mail=Down())
    with pytest.raises(Unavailable):
        world.tell()
    world.host = whole
    assert world.contact().bounced == ()
    world.tell()
    assert world.arrived() == [f"email {EMAIL}"]


def test_where_there_is_no_provider_of_short_messages_no_number_is_marked() -> None:
    world = World()
    world.reach(email="", phone=PHONE)

    class Nobody(Down):
        def accepts(self, *_: object) -> bool:
            return False

    whole, world.host = world.host, replace(world.host, sms=Nobody())
    world.tell()
    world.host = whole
    assert world.contact().bounced == ()
    world.tell()
    assert world.arrived() == [f"sms {PHONE}"]


def test_what_is_never_wanted_is_not_told() -> None:
    world = World()
    world.prefer(deposits="never")
    world.tell()
    assert world.arrived() == []


@pytest.mark.parametrize("event", ["emergency", "closing", "record-opened", "contact-change", "announcement"])
def test_what_the_law_wants_told_is_told_at_once_whatever_is_preferred(event: str) -> None:
    world = World()
    world.prefer(deposits="never", changes="never", accesses="never", reminders="never")
    world.tell(event)
    assert world.arrived() == [f"email {EMAIL}"]


def test_a_code_travels_in_the_message_and_is_never_pushed() -> None:
    world = World()
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    reference, code = new_reference(), first_code(date(1955, 8, 14), world.host.clock.now())
    chosen = Ask(HOLDER, world.record, "choices:code", change=lambda c: replace(c, codes={reference: code}))
    text = code_of(gate(world.host, chosen).policy_key, reference)
    world.tell("invitation")
    assert world.arrived() == [f"email {EMAIL}"]
    assert f"{reference} / {text}" in world.mail.sent[0].get_content()
    assert not any(text.encode() in repr(row).encode() for row in world.rows.everything().values())


def test_a_code_that_was_used_is_sent_no_more() -> None:
    world = World()
    world.tell("invitation")
    assert world.arrived() == []


def test_a_person_without_any_means_is_no_error_and_may_be_told_later() -> None:
    world = World()
    world.reach(email="", address=HOUSE)
    world.tell()
    assert world.arrived() == []
    world.reach(email=EMAIL)
    notify(world.host, LETTERHEAD, world.notice())
    assert world.arrived() == [f"email {EMAIL}"]


def test_an_event_that_nobody_knows_changes_nothing() -> None:
    world = World()
    before = world.rows.everything()
    with pytest.raises(Invalid):
        world.tell("birthday")
    assert world.rows.everything() == before
