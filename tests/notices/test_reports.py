"""A provider's word: what failed is told over the next channel, once, and nothing else changes."""

import pytest

from chalicelib.notices.actions import report

from .world import EMAIL, HOUSE, PHONE, World


def sent(**means: object) -> World:
    world = World()
    world.reach(**means)  # type: ignore[arg-type]
    world.work()
    world.mail.sent.clear()
    world.tell("emergency")
    return world


def test_a_bounce_marks_the_channel_and_tells_over_the_next_one() -> None:
    world = sent(phone=PHONE)
    report(world.host, world.reference("email"), "email", "bounced")
    world.work()
    assert world.arrived() == [f"email {EMAIL}", f"sms {PHONE}"]
    assert world.contact().bounced == ("email",)


def test_a_report_repeated_changes_nothing() -> None:
    world = sent(phone=PHONE)
    reference = world.reference("email")
    for _ in range(4):
        report(world.host, reference, "email", "bounced")
        world.work()
    assert world.arrived() == [f"email {EMAIL}", f"sms {PHONE}"]
    rows = world.entries()
    report(world.host, reference, "email", "bounced")
    world.work()
    assert world.entries() == rows


def test_a_delivered_message_is_not_told_again() -> None:
    world = sent(phone=PHONE)
    report(world.host, world.reference("email"), "email", "delivered")
    world.tell("emergency")
    assert world.arrived() == [f"email {EMAIL}"]


def test_a_late_word_of_delivery_does_not_undo_a_bounce() -> None:
    world = sent(phone=PHONE)
    reference = world.reference("email")
    report(world.host, reference, "email", "bounced")
    report(world.host, reference, "email", "delivered")
    world.work()
    assert world.arrived() == [f"email {EMAIL}", f"sms {PHONE}"]


def test_a_late_bounce_does_not_mark_the_address_that_was_given_since() -> None:
    world = sent()
    world.reach(email="new@example.org")
    report(world.host, world.reference("email"), "email", "bounced")
    assert world.contact().bounced == ()
    world.work()
    assert "email new@example.org" in world.arrived()


def test_when_everything_bounced_an_urgent_notice_becomes_a_letter() -> None:
    world = sent(phone=PHONE, address=HOUSE)
    for channel in ("email", "sms"):
        report(world.host, world.reference(channel), channel, "bounced")
        world.work()
    assert world.contact().bounced == ("email", "sms")
    assert [pk for pk, _ in world.rows.everything() if pk.startswith("l#waiting#")]


@pytest.mark.parametrize(("reference", "channel"), [("0" * 32, "email"), (None, "sms")])
def test_a_reference_that_leads_nowhere_or_to_another_channel_changes_nothing(
    reference: str | None, channel: str
) -> None:
    world = sent(phone=PHONE)
    before = world.rows.everything()
    report(world.host, reference or world.reference("email"), channel, "bounced")
    assert world.rows.everything() == before


def test_a_reference_tells_nothing() -> None:
    world = sent(phone=PHONE)
    (reference,) = {world.reference("email")}
    assert f"<{reference}@example.org>" == world.mail.sent[-1]["Message-ID"]
    row = world.rows.everything()[f"n#{reference}", "0"]
    assert set(row) == {"pk", "sk", "body"}
    assert world.record not in repr(row)
