"""What a minor keeps secret is on none of the surfaces of the agenda for parents and carers (abuse A21)."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.agenda import links, reading
from chalicelib.agenda.actions import Entry
from chalicelib.agenda.feed import feed
from chalicelib.agenda.telling import tellings
from chalicelib.enrolment import life
from chalicelib.following import follow
from chalicelib.kernel.errors import Invalid, NotFound
from tests.people import ENROLMENT, HOLDER

from .world import CARER, PARENT, World

MINOR = date(2012, 5, 4)
OTHERS = pytest.mark.parametrize("who", [PARENT, CARER], ids=lambda who: who.id)


def kept(world: World) -> Entry:
    return world.plan("2026-12-01T10:00", secret=True)


@pytest.mark.abuse("A21")
@OTHERS
def test_a_secret_appointment_is_not_there_for_who_acts_for_the_minor(who: object) -> None:
    world = World(birth=MINOR)
    secret, plain = kept(world), world.plan("2026-12-02T10:00")
    sent, _ = world.push("2026-12-03T10:00", secret=True)
    assert [one.id for one in world.listed(who)] == [plain.id]
    assert {one.id for one in world.listed(HOLDER)} == {secret.id, plain.id, sent}
    for entry in (secret.id, sent, "a" * 26):
        hidden = replace(secret, id=entry)
        for step in (
            lambda entry=entry: reading.read(world.host, who, world.record, entry),
            lambda hidden=hidden: world.revise(hidden, "2026-12-05T10:00", who),
            lambda entry=entry: world.remove(entry, who),
        ):
            with pytest.raises(NotFound) as told:
                step()
            assert told.value.detail == NotFound.detail


@pytest.mark.abuse("A21")
@OTHERS
def test_a_page_that_would_begin_at_a_secret_is_over(who: object) -> None:
    world = World(birth=MINOR)
    secret = kept(world)
    world.plan("2026-12-02T10:00")
    told = []
    for cursor in (secret.id, "a" * 26):
        with pytest.raises(Invalid) as refused:
            reading.listing(world.host, who, world.record, reading.Period(), cursor)
        told.append(refused.value.fields)
    assert told[0] == told[1]


@pytest.mark.abuse("A21")
def test_the_calendar_of_a_parent_has_no_secret_and_the_minors_own_has() -> None:
    world = World(birth=MINOR)
    kept(world)
    for who, count in ((PARENT, 0), (HOLDER, 1)):
        for in_words in (True, False):
            link = links.share(world.host, who, world.record, in_words=in_words)
            content = feed(links.follow(world.host, link.reference, link.secret))
            assert content.count(b"BEGIN:VEVENT") == count
            links.revoke(world.host, who, world.record, link.reference)


@pytest.mark.abuse("A21")
def test_a_parent_is_not_shown_the_address_of_the_minors_calendar() -> None:
    world = World(birth=MINOR)
    link = links.share(world.host, HOLDER, world.record, in_words=True)
    (listed,) = links.links(world.host, PARENT, world.record)
    assert (listed.secret, listed.mine) == ("", False)
    assert link.secret


@pytest.mark.abuse("A21", "Q04")
def test_nothing_goes_out_of_a_secret_appointment() -> None:
    world = World(birth=MINOR)
    kept(world)
    world.push("2026-12-03T10:00", secret=True)
    for entry in world.journal():
        if entry.action.startswith("agenda:"):
            assert entry.secret
            assert [queue for queue, _ in follow(world.record, entry)] == ["reminders"]


@pytest.mark.abuse("A21", "Q04")
def test_nothing_goes_out_when_a_sent_appointment_becomes_secret() -> None:
    world = World(birth=MINOR)
    world.push("2026-12-03T10:00")
    world.push("2026-12-03T10:00", secret=True)
    trace = [one for one in world.journal() if one.action == "agenda:push"][-1]
    assert trace.secret
    assert [queue for queue, _ in follow(world.record, trace)] == ["reminders"]


def test_a_notice_of_a_secret_appointment_is_marked_for_the_holder_alone() -> None:
    world = World(birth=MINOR)
    kept(world)
    world.plan("2026-12-02T10:00")
    assert [one.secret for one in sorted(tellings(world.grant()), key=lambda one: one.at)] == [True, False]


@OTHERS
def test_only_the_minor_or_a_professional_makes_a_secret(who: object) -> None:
    world = World(birth=MINOR)
    with pytest.raises(Invalid) as told:
        world.plan("2026-12-01T10:00", who, secret=True)
    assert told.value.fields == {
        "/secret": "only a professional or the holder keeps an appointment from representatives"
    }
    plain = world.plan("2026-12-01T10:00")
    with pytest.raises(Invalid):
        world.revise(plain, "2026-12-01T10:00", who, secret=True)


def test_an_adult_has_no_secrets_of_this_kind() -> None:
    with pytest.raises(Invalid):
        World().plan("2026-12-01T10:00", secret=True)


def test_the_minor_may_tell_the_parents_later_and_keep_from_them_what_they_saw() -> None:
    world = World(birth=MINOR)
    entry = kept(world)
    world.revise(entry, "2026-12-01T10:00", secret=False)
    assert len(world.listed(PARENT)) == 1
    world.revise(entry, "2026-12-01T10:00", secret=True)
    assert world.listed(PARENT) == []


@pytest.mark.abuse("A21")
def test_heirs_see_no_agenda() -> None:
    world = World(birth=MINOR)
    kept(world)
    life.decease(world.host, ENROLMENT, world.record)
    for who in (PARENT, HOLDER):
        with pytest.raises(NotFound):
            world.listed(who)
