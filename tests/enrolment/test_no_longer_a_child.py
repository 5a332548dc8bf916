"""At eighteen: what parents had set leads to nobody any more, and who acted for the child is not the new adult."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.choices import Delegation
from chalicelib.access.facts import partition
from chalicelib.access.gate import Ask, gate
from chalicelib.consent import actions as consent
from chalicelib.consent import delegating, handing
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import life, support
from chalicelib.enrolment.actions import open_
from chalicelib.enrolment.majority import come_of_age
from chalicelib.kernel.errors import AccessDenied, NotFound, Stale
from chalicelib.kernel.ports import Subscription
from chalicelib.notices import contact_actions, letters
from chalicelib.notices.actions import SYSTEM
from chalicelib.notices.contact import SORT, Contact
from chalicelib.notices.contact_row import mark_bounced
from tests.enrolment.coming_of_age import MOTHER as PARENT_OF_FILE
from tests.enrolment.coming_of_age import PARENT
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, SUPPORT, person

BIRTH, DAYS = date(2008, 12, 20), timedelta(days=60)
THEIRS, NUMBER = "parent@example.org", "+33600000077"
MOTHER = PARENT_OF_FILE.model_copy(update={"email": THEIRS.upper(), "phone": NUMBER})


def child(**known: object) -> World:
    """Return a child of seventeen whose parent came with the letter and says where to write."""
    world = World(person(birth=BIRTH).model_copy(update=known))
    life.activate(world.host, PARENT, world.reference, world.code)
    contact_actions.reach(world.host, PARENT, world.record, (THEIRS, NUMBER, None))
    world.work()
    return world


def minor_with_parent() -> World:
    """Return a minor who logs in, and is the holder, with a parent until majority."""
    world = World()
    world.record, _ = open_(world.host, ENROLMENT, person(ins="212059999000195", birth=BIRTH), HOLDER.id)
    parent = {PARENT.id: Delegation("parent", ends="2026-12-19T23:00:00+00:00")}
    gate(world.host, Ask(HOLDER, world.record, "choices:allow", change=lambda now: replace(now, proxies=parent)))
    return world


def grown(world: World) -> World:
    """Let the birthday pass; what was sent before is out of sight."""
    world.host.mail.sent.clear()
    world.host.sms.sent.clear()
    world.host.push.sent.clear()
    world.clock.advance(DAYS)
    world.night()
    (world.reference,) = world.choices().codes
    return world


def told(world: World) -> set[str]:
    return {str(mail["To"]) for mail in world.host.mail.sent} | {to for to, _ in world.host.sms.sent.values()}


def read(world: World, who: Actor) -> tuple[int, Contact]:
    return contact_actions.read(world.host, who, world.record)


@pytest.mark.abuse("A23")
def test_the_code_of_the_new_adult_goes_where_the_adult_is_reached_and_not_where_parents_said() -> None:
    world = grown(child())
    assert told(world) == {person().email}
    world.activate()
    assert (world.choices().holder, world.choices().letters) == (HOLDER.id, {world.reference: HOLDER.id})
    found = read(world, HOLDER)[1]
    assert (found.email, found.phone) == (person().email, "")


@pytest.mark.abuse("A23")
def test_an_address_that_is_the_parents_too_is_not_the_adults_and_the_letter_to_the_house_is_left() -> None:
    means = {"email": THEIRS, "phone": NUMBER, "address": ("4 RUE DE L'EXEMPLE", "29200 BREST")}
    world = grown(child(**means, representatives=(MOTHER,)))
    assert told(world) == set()
    kept = world.host.rows.query(partition(world.record), after=letters.PREFIX, upto=letters.PREFIX + "~")
    assert len(kept) == 1


@pytest.mark.abuse("A23")
def test_a_number_that_proved_dead_makes_no_address_of_a_parent_the_adults() -> None:
    means = {"email": THEIRS, "phone": NUMBER, "representatives": (MOTHER,)}
    world = World(person(birth=BIRTH).model_copy(update=means))
    life.activate(world.host, PARENT, world.reference, world.code)
    mark_bounced(world.host, gate(world.host, Ask(SYSTEM, world.record, "notice:send", rows=(SORT,))), "sms", NUMBER)
    world.work()
    assert told(grown(world)) == set()


@pytest.mark.abuse("A12")
def test_help_that_a_parent_let_in_ends_at_majority() -> None:
    world = child().at("2026-12-19T22:50:00+00:00")
    made = handing.ask_for_help(world.host, Wish(PARENT, world.record))
    support.session(world.host, SUPPORT, made.reference, made.text)
    world.at("2026-12-19T23:05:00+00:00")
    come_of_age(world.host, world.record)
    with pytest.raises(AccessDenied):
        consent.read(world.host, SUPPORT, world.record)


@pytest.mark.abuse("A23")
def test_no_browser_of_a_parent_is_told_of_an_adult() -> None:
    world = child()
    browser = Subscription("https://push.example/parent", "p", "a")
    contact_actions.subscribe(world.host, PARENT, world.record, browser)
    world.work()
    grown(world)
    support.resend(world.host, SUPPORT, world.reference)
    world.work()
    assert list(world.host.push.sent) == []


@pytest.mark.abuse("A23")
def test_what_the_help_desk_noted_for_a_parent_counts_for_no_adult() -> None:
    world = World(person(birth=BIRTH))
    life.activate(world.host, PARENT, world.reference, world.code)
    support.contact(world.host, SUPPORT, world.reference, BIRTH, ("email", THEIRS), contact_actions.propose)
    world.work()
    assert told(grown(world)) == {person().email}


def test_what_a_minor_who_logs_in_has_set_counts_for_the_adult_too() -> None:
    world = minor_with_parent()
    contact_actions.reach(world.host, HOLDER, world.record, ("mine@example.org", "", None))
    world.clock.advance(DAYS)
    assert read(world, HOLDER)[1].email == "mine@example.org"


def test_a_minor_who_sets_it_anew_after_a_parent_keeps_it_as_an_adult() -> None:
    world = minor_with_parent()
    contact_actions.reach(world.host, PARENT, world.record, (THEIRS, "", None))
    contact_actions.reach(world.host, HOLDER, world.record, ("mine@example.org", "", None))
    world.clock.advance(DAYS)
    assert read(world, HOLDER)[1].email == "mine@example.org"


def test_a_page_read_before_the_birthday_overwrites_nothing_after_it() -> None:
    world = minor_with_parent()
    contact_actions.reach(world.host, PARENT, world.record, (THEIRS, "", None))
    edition, found = read(world, HOLDER)
    assert found.email == THEIRS
    world.clock.advance(DAYS)
    with pytest.raises(Stale):
        contact_actions.reach(world.host, HOLDER, world.record, ("mine@example.org", "", None), edition)
    edition, found = read(world, HOLDER)
    assert found.email == person().email
    contact_actions.reach(world.host, HOLDER, world.record, ("mine@example.org", "", None), edition)
    assert read(world, HOLDER)[1].email == "mine@example.org"


@pytest.mark.abuse("A23")
@pytest.mark.parametrize("left", [False, True])
def test_a_parent_into_whose_hands_the_letter_falls_does_not_become_the_adult(left: bool) -> None:
    world = child()
    if left:
        delegating.revoke(world.host, Wish(PARENT, world.record), "proxy", PARENT.id)
        support.resend(world.host, SUPPORT, world.reference)
    grown(world)
    with pytest.raises(NotFound):
        life.activate(world.host, PARENT, world.reference, world.code)
    assert world.choices().holder == ""
    assert world.activate().choices().holder == HOLDER.id


@pytest.mark.abuse("A23")
def test_a_parent_does_not_become_the_adult_before_the_night_that_ends_it_comes() -> None:
    world = child()
    world.clock.advance(DAYS)
    support.resend(world.host, SUPPORT, world.reference)
    (world.reference,) = world.choices().codes
    with pytest.raises(NotFound):
        life.activate(world.host, PARENT, world.reference, world.code)
    assert world.activate().choices().holder == HOLDER.id


@pytest.mark.abuse("T07")
@pytest.mark.parametrize("came", [False, True])
@pytest.mark.parametrize("night", [False, True])
def test_the_letter_about_a_child_knows_nobody_at_the_help_desk_once_the_child_is_of_age(
    came: bool, night: bool
) -> None:
    birth = BIRTH + timedelta(weeks=20)
    world = World(person(birth=birth))
    letter = world.reference
    if came:
        life.activate(world.host, PARENT, letter, world.code)
    world.work()
    world.clock.advance(timedelta(weeks=7))
    world.night()
    world.clock.advance(timedelta(weeks=20))
    if night:
        world.night()
    assert world.state == "open"
    with pytest.raises(NotFound):
        support.close(world.host, SUPPORT, letter, birth)


def test_a_minor_who_came_with_the_letter_alone_is_holder_at_eighteen() -> None:
    """Whoever logs in as a minor and brings the parents' letter is taken for a parent: the name tells them apart."""
    world = World(person(birth=BIRTH))
    life.activate(world.host, HOLDER, world.reference, world.code)
    world.work()
    grown(world)
    world.activate()
    assert world.choices().holder == HOLDER.id


@pytest.mark.parametrize("listens", [False, True])
def test_a_parent_who_sets_a_language_takes_no_address_from_the_new_adult(listens: bool) -> None:
    world = minor_with_parent()
    contact_actions.reach(world.host, HOLDER, world.record, ("mine@example.org", "", None))
    if listens:
        contact_actions.subscribe(world.host, PARENT, world.record, Subscription("https://push.example/9", "p", "a"))
    contact_actions.prefer(world.host, PARENT, world.record, "en", ("email", "sms", "letter", "push"), {})
    world.clock.advance(DAYS)
    assert read(world, HOLDER)[1].email == "mine@example.org"


def test_an_enrolled_address_of_a_parent_is_not_kept_by_the_browser_that_the_parent_adds() -> None:
    world = World(person(birth=BIRTH).model_copy(update={"email": THEIRS, "representatives": (MOTHER,)}))
    life.activate(world.host, PARENT, world.reference, world.code)
    contact_actions.subscribe(world.host, PARENT, world.record, Subscription("https://push.example/9", "p", "a"))
    world.work()
    assert THEIRS not in told(grown(world))
