"""Somebody who was invited as a child and is eighteen before the code of the letter was used."""

from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.relay import send
from chalicelib.consent import delegating
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import life, support
from chalicelib.kernel.errors import NotFound
from chalicelib.notices.actions import report
from tests.cutting import Killed, cut
from tests.enrolment.coming_of_age import MOTHER, PARENT, eighteen_before_the_letter, grown, nearly_eighteen, recipients
from tests.enrolment.lettered import reached
from tests.enrolment.racing import races
from tests.enrolment.world import LETTERHEAD, World
from tests.people import HOLDER, SUPPORT, person


@pytest.mark.parametrize("opposed", [False, True])
def test_a_parent_who_kept_the_code_of_a_child_does_not_become_the_holder_of_an_adult(opposed: bool) -> None:
    world = nearly_eighteen()
    if opposed:
        life.oppose(world.host, world.reference, world.code)
    before = grown(world).state
    with pytest.raises(NotFound):
        life.activate(world.host, PARENT, world.reference, world.code)
    assert (world.state, world.choices().holder) == (before, "")


def test_the_parent_has_the_record_of_the_child_until_the_birthday() -> None:
    world = nearly_eighteen()
    life.activate(world.host, PARENT, world.reference, world.code)
    assert world.choices().proxies[PARENT.id].kind == "parent"


@pytest.mark.abuse("T07")
@pytest.mark.parametrize("came", [False, True])
def test_the_letter_of_a_child_tells_the_help_desk_nothing_of_who_is_on_the_telephone_once_of_age(came: bool) -> None:
    world, born = nearly_eighteen(), date(2008, 11, 16)
    if came:
        life.activate(world.host, PARENT, world.reference, world.code)
    world.clock.advance(timedelta(weeks=7))
    world.night()
    assert world.state == "open"
    with pytest.raises(NotFound):
        support.close(world.host, SUPPORT, world.reference, born)


@pytest.mark.abuse("T07")
def test_a_parent_closes_the_record_of_a_child_by_phone_only_as_long_as_they_represent_it() -> None:
    world, born = World(person(birth=date(2012, 5, 4))), date(2012, 5, 4)
    life.activate(world.host, PARENT, world.reference, world.code)
    assert support.close(world.host, SUPPORT, world.reference, born).state == "closed"
    life.reopen(world.host, PARENT, world.record)
    delegating.revoke(world.host, Wish(PARENT, world.record), "proxy", PARENT.id)
    with pytest.raises(NotFound):
        support.close(world.host, SUPPORT, world.reference, born)


def test_who_opposed_with_the_code_of_a_child_still_finds_the_proof() -> None:
    world = nearly_eighteen()
    life.oppose(world.host, world.reference, world.code)
    assert life.oppose(grown(world).host, world.reference, world.code)[1] is False


def test_a_code_sent_again_after_the_birthday_goes_to_the_adult_and_is_good() -> None:
    world = grown(nearly_eighteen())
    support.resend(world.host, SUPPORT, world.reference)
    world.work()
    assert recipients(world) == [MOTHER.email, person().email]
    (world.reference,) = world.choices().codes
    world.activate()
    assert world.choices().holder == HOLDER.id


def is_told_once_and_may_open(world: World) -> bool:
    (world.reference,) = world.choices().codes
    letters = {str(mail["Message-ID"]): mail.get_content() for mail in world.host.mail.sent}
    world.activate()
    return [world.reference in text for text in letters.values()] == [True] and world.choices().holder == HOLDER.id


def test_who_is_of_age_when_the_letter_leaves_is_told_themselves_and_may_open_the_record() -> None:
    world = eighteen_before_the_letter()
    world.work()
    send(world.host, "notices", {"record": world.record, "event": "invitation", "name": "first"})
    world.work()
    assert recipients(world) == [person().email]
    assert is_told_once_and_may_open(world)


def test_that_letter_killed_at_any_call_goes_out_once_with_a_code_that_works() -> None:
    message, whole = {"record": "", "event": "invitation", "name": "first"}, 0
    for place in range(40):
        world = eighteen_before_the_letter()
        message["record"] = world.record
        try:
            jobs.notices(cut(world.host, [], (place, "after")), LETTERHEAD)(message)
            whole += 1
        except Killed:
            jobs.notices(world.host, LETTERHEAD)(message)
        assert is_told_once_and_may_open(world), place
    assert 0 < whole < 30


def test_an_opposition_by_phone_of_who_is_of_age_by_now_is_told_to_nobody_else() -> None:
    world = grown(nearly_eighteen())
    support.oppose(world.host, SUPPORT, world.reference, world.code, date(2008, 11, 16))
    world.work()
    assert recipients(world) == [MOTHER.email, person().email]


def test_an_information_that_comes_back_after_the_birthday_goes_to_the_adult_with_a_code_that_works() -> None:
    world = grown(nearly_eighteen())
    report(world.host, reached(world, "email"), "email", "bounced")
    world.work()
    assert recipients(world) == [MOTHER.email, person().email]
    (world.reference,) = world.choices().codes
    assert world.reference in world.host.mail.sent[-1].get_content()
    world.activate()
    assert world.choices().holder == HOLDER.id


def test_who_opposes_while_the_new_code_is_made_finds_the_proof() -> None:
    seen = 0
    for world, _, told in races(eighteen_before_the_letter, lambda w: w.work(), _opposes):
        world.work()
        if told == "done":
            assert world.state == "opposed"
            assert life.oppose(world.host, world.reference, world.code)[1] is False
            seen += 1
    assert seen > 10


def _opposes(world: World) -> None:
    life.oppose(world.host, world.reference, world.code)
