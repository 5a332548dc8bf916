"""How the holder is reached: what counts when, and who is told of a change."""

from datetime import timedelta

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.access.grant import Grant
from chalicelib.history.actions import history
from chalicelib.kernel.errors import Conflict, Invalid, NotFound, Stale
from chalicelib.kernel.ports import Subscription
from chalicelib.notices import contact_actions
from chalicelib.notices.actions import report
from chalicelib.notices.contact import Contact
from tests.people import DOCTOR, HOLDER, STRANGER, SUPPORT

from .world import BROWSER, EMAIL, HOUSE, PHONE, World

NEW = "new@example.org"


def test_a_change_counts_from_the_next_notice_and_is_told_at_the_old_address() -> None:
    world = World()
    world.reach(email=NEW, phone=PHONE)
    world.work()
    assert world.arrived() == [f"email {EMAIL}"]
    assert "coordonnées" in world.mail.sent[0].get_content()
    world.tell()
    assert world.arrived() == [f"email {EMAIL}", f"email {NEW}"]


def test_each_of_two_changes_in_a_row_is_told_at_the_address_before_it() -> None:
    world = World()
    world.reach(email=NEW)
    world.reach(email="newer@example.org")
    world.work()
    assert sorted(world.arrived()) == [f"email {EMAIL}", f"email {NEW}"]


def test_preferences_that_drop_no_address_are_changed_without_a_notice() -> None:
    world = World()
    world.prefer("email", accesses="never")
    world.work()
    assert world.arrived() == []


@pytest.mark.abuse("T07")
def test_a_browser_that_hears_first_from_now_on_is_told_by_mail_once() -> None:
    world = World()
    for _ in range(2):
        contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
        world.work()
    assert world.arrived() == [f"email {EMAIL}"]


@pytest.mark.abuse("T07")
def test_where_no_mail_is_wanted_a_browser_is_told_by_text() -> None:
    world = World()
    world.reach(email="", phone=PHONE)
    world.work()
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    world.work()
    assert world.arrived() == [f"email {EMAIL}", f"sms {PHONE}"]


@pytest.mark.abuse("T07")
def test_an_address_that_is_silenced_hears_of_it() -> None:
    world = World()
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    world.prefer("push", accesses="never")
    world.work()
    assert world.arrived() == [f"email {EMAIL}"] * 2
    world.tell()
    assert world.arrived()[-1].startswith("push")


def _granted(world: World) -> Grant:
    return gate(world.host, Ask(HOLDER, world.record, "contact:change", detail={"what": "test", "name": ""}))


def _propose(world: World, name: str = "asked") -> None:
    contact_actions.propose(world.host, _granted(world), "email", NEW, name)


def test_what_support_was_asked_for_counts_after_72_hours_and_the_old_address_is_told_at_once() -> None:
    world = World()
    _propose(world)
    world.tell("contact-change", "asked")
    assert world.arrived() == [f"email {EMAIL}"]
    world.clock.advance(timedelta(hours=72) - timedelta(seconds=1))
    assert world.contact().email == EMAIL
    world.tell(name="before")
    world.clock.advance(timedelta(seconds=1))
    assert world.contact().email == NEW
    world.tell(name="after")
    assert world.arrived() == [f"email {EMAIL}"] * 2 + [f"email {NEW}"]


@pytest.mark.parametrize("typed", ["camille@example..org", "camille@", "@@@@@", "..@example.org", "camille"])
def test_an_address_mistyped_at_the_help_desk_is_marked_and_the_next_channel_is_told(typed: str) -> None:
    world = World()  # as it may stand there since before the help desk was refused it
    world.reach(email=EMAIL, phone=PHONE)
    contact_actions.propose(world.host, _granted(world), "email", typed, "asked")
    world.clock.advance(timedelta(days=3))
    world.tell()
    assert world.arrived() == [f"sms {PHONE}"]
    assert world.contact().bounced == ("email",)


def test_the_holder_ends_a_change_that_somebody_asked_for() -> None:
    world = World()
    _propose(world)
    assert world.contact().pending
    world.reach(email=EMAIL)
    world.clock.advance(timedelta(days=4))
    assert (world.contact().email, world.contact().pending) == (EMAIL, ())


def test_a_proposal_repeated_does_not_begin_its_delay_again() -> None:
    world = World()
    _propose(world)
    world.clock.advance(timedelta(hours=71))
    _propose(world)
    world.clock.advance(timedelta(hours=1))
    assert world.contact().email == NEW


def test_two_changes_by_phone_count_each_at_its_own_hour_and_the_page_read_before_each_overwrites_neither() -> None:
    world, editions = World(), []
    world.reach(email=EMAIL, phone=PHONE)
    _propose(world)
    world.clock.advance(timedelta(hours=1))
    contact_actions.propose(world.host, _granted(world), "sms", "+33600000077", "asked too")
    for hours in (0, 71, 1):
        world.clock.advance(timedelta(hours=hours))
        edition, found = contact_actions.read(world.host, HOLDER, world.record)
        editions.append((edition, found.email, found.phone, len(found.pending)))
    numbers, *said = zip(*editions, strict=True)
    assert [*zip(*said, strict=True)] == [(EMAIL, PHONE, 2), (NEW, PHONE, 1), (NEW, "+33600000077", 0)]
    assert len({*numbers}) == 3
    for number in numbers[:2]:
        with pytest.raises(Stale):
            contact_actions.reach(world.host, HOLDER, world.record, (EMAIL, "", None), number)
    contact_actions.reach(world.host, HOLDER, world.record, (EMAIL, "", None), numbers[2])


def test_another_change_of_the_same_channel_is_the_one_that_counts() -> None:
    world = World()
    _propose(world)
    contact_actions.propose(world.host, _granted(world), "email", "newest@example.org", "corrected")
    world.clock.advance(timedelta(hours=72))
    assert world.contact().email == "newest@example.org"


@pytest.mark.parametrize("pending", [None, {"channel": "sms", "value": PHONE, "counts_from": "2026-11-01T09:00:00Z"}])
def test_a_row_that_was_written_when_one_change_was_pending_at_most_is_read_as_it_was_meant(pending: object) -> None:
    found = Contact.model_validate({"email": EMAIL, "pending": pending})
    assert [one.value for one in found.pending] == ([PHONE] if pending else [])
    assert Contact.model_validate(found.model_dump(mode="json")) == found


def test_a_change_on_what_is_no_longer_so_is_refused() -> None:
    world = World()
    version, _ = contact_actions.read(world.host, HOLDER, world.record)
    contact_actions.reach(world.host, HOLDER, world.record, (NEW, "", None), version)
    with pytest.raises(Stale):
        contact_actions.reach(world.host, HOLDER, world.record, (EMAIL, "", None), version)
    assert world.contact().email == NEW


@pytest.mark.abuse("A01")
@pytest.mark.parametrize("who", [STRANGER, DOCTOR, SUPPORT])
def test_nobody_else_reads_or_changes_how_the_holder_is_reached(who: object) -> None:
    from chalicelib.kernel.errors import CarnetError

    world = World()
    with pytest.raises(CarnetError):
        contact_actions.read(world.host, who, world.record)  # type: ignore[arg-type]
    with pytest.raises(CarnetError):
        contact_actions.reach(world.host, who, world.record, (NEW, "", None))  # type: ignore[arg-type]
    assert world.contact().email == EMAIL


def _browser(number: int) -> Subscription:
    return Subscription(f"https://push.example/{number}", "p", "a")


def test_five_browsers_at_most_and_one_that_comes_again_is_one() -> None:
    world = World()
    for number in (1, 2, 3, 4, 5, 5, 1):
        contact_actions.subscribe(world.host, HOLDER, world.record, _browser(number))
    assert len(world.contact().devices) == 5
    with pytest.raises(Conflict):
        contact_actions.subscribe(world.host, HOLDER, world.record, _browser(6))
    changes = [one for one in history(world.host, HOLDER, world.record).entries if one.action == "contact:change"]
    assert len(changes) == 7


@pytest.mark.abuse("Q05")
@pytest.mark.parametrize("endpoint", ["https://169.254.169.254/", "http://push.example/", "https://elsewhere.example/"])
def test_an_endpoint_that_we_never_send_to_is_refused_at_registration(endpoint: str) -> None:
    world = World()
    with pytest.raises(Invalid):
        contact_actions.subscribe(world.host, HOLDER, world.record, Subscription(endpoint, "p", "a"))
    assert world.contact().devices == ()


def test_a_browser_is_forgotten_once() -> None:
    world = World()
    device = contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    contact_actions.unsubscribe(world.host, HOLDER, world.record, device)
    assert world.contact().devices == ()
    with pytest.raises(NotFound):
        contact_actions.unsubscribe(world.host, HOLDER, world.record, device)


def test_nothing_of_the_contact_stands_in_clear_in_a_row() -> None:
    world = World()
    world.reach(email=NEW, phone=PHONE, address=HOUSE)
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)
    world.tell()
    world.tell("emergency")
    told = repr(world.rows.everything())
    for word in (NEW, EMAIL, PHONE, "EXEMPLE", "BREST", "29019", "push.example", "emergency"):
        assert word not in told, word


def test_what_the_holder_read_before_a_change_began_to_count_is_stale_after() -> None:
    world = World()
    _propose(world)
    read, _ = contact_actions.read(world.host, HOLDER, world.record)
    world.clock.advance(timedelta(hours=72))
    again, _ = contact_actions.read(world.host, HOLDER, world.record)
    assert again != read
    with pytest.raises(Stale):
        contact_actions.reach(world.host, HOLDER, world.record, (EMAIL, PHONE, None), read)
    contact_actions.reach(world.host, HOLDER, world.record, (EMAIL, PHONE, None), again)


def test_an_address_that_failed_is_tried_again_once_the_holder_gives_it_again() -> None:
    world = World()
    world.reach(email=EMAIL, phone=PHONE)
    world.tell(name="first")
    report(world.host, world.reference("email"), "email", "bounced")
    assert world.contact().bounced == ("email",)
    world.reach(email=EMAIL, phone=PHONE)
    assert world.contact().bounced == ()
    world.tell(name="second")
    assert world.arrived()[-1] == f"email {EMAIL}"
