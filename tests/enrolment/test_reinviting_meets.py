"""A new code for who opposed, when something else happens at the same time, comes late, or is killed."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.enrolment import life, support
from chalicelib.enrolment.reinviting import forget_opposed, reinvite
from chalicelib.kernel.errors import AccessDenied, Invalid, NotFound, Unavailable
from chalicelib.notices.actions import report
from chalicelib.notices.told import sending_of
from tests.cutting import Killed, cut
from tests.enrolment.clocked import nights
from tests.enrolment.reinvited import ASKS, kept, newest, opposed, sent
from tests.enrolment.world import LETTERHEAD, World
from tests.invited import code
from tests.notices.world import Down
from tests.people import ENROLMENT, HOLDER, SUPPORT, person

RIGHT = ASKS.model_copy(update={"email": "right@other.example"})
PAPER = ASKS.model_copy(update={"email": "", "address": ("1 rue du Port", "14000 CAEN")})
BARE = ASKS.model_copy(update={"email": ""})


def activate(world: World) -> None:
    reference = newest(world)
    life.activate(world.host, HOLDER, reference, code(world.host, world.record, reference))


def by_phone() -> World:
    world = World()
    world.work()
    support.oppose(world.host, SUPPORT, world.reference, world.code, person().birth_date)
    return world


def lapsed(who: object = ASKS) -> World:
    world = opposed()
    reinvite(world.host, ENROLMENT, who)  # type: ignore[arg-type]
    nights(world, 1, 3)
    world.at(world.start + timedelta(days=368))
    return world


def test_who_opposed_by_phone_and_asks_at_once_gets_the_code() -> None:
    world = by_phone()
    reinvite(world.host, ENROLMENT, ASKS)
    world.work()
    assert kept(world).email == ASKS.email
    assert any(newest(world) in mail.get_content() for mail in world.host.mail.sent)  # type: ignore[attr-defined]


def test_a_notice_of_before_that_comes_from_the_dead_letters_leaves_the_new_means() -> None:
    world = by_phone()
    up, world.host = world.host, replace(world.host, mail=Down())
    for _ in range(8):
        with suppress(Unavailable):
            world.work()
        world.clock.advance(timedelta(seconds=120))
    world.host = up
    reinvite(world.host, ENROLMENT, ASKS)
    world.work()
    world.host.queue.redrive("notices")
    world.work()
    activate(world)
    assert (world.state, kept(world).email) == ("open", ASKS.email)


def test_another_address_is_used_after_the_first_one_bounced() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    world.work()
    (bounced,) = [
        pk[2:]
        for pk, _ in world.host.rows.everything()  # type: ignore[attr-defined]
        if pk.startswith("n#") and (one := sending_of(world.host, pk[2:])) and one.event == "code"
    ]
    report(world.host, bounced, "email", "bounced")
    reinvite(world.host, ENROLMENT, RIGHT)
    world.work()
    assert sent(world)[-1] == RIGHT.email


@pytest.mark.parametrize("place", range(24))
def test_forgetting_that_is_killed_is_finished_by_a_later_night(place: int) -> None:
    world = lapsed(PAPER)
    with suppress(Killed):
        forget_opposed(cut(world.host, [], (place, "before")), world.record)
    for day in range(372, 376):
        world.at(world.start + timedelta(days=day)).night()
    rows = world.host.rows.everything()  # type: ignore[attr-defined]
    left = [key for key in rows if key[1].startswith(("6letter", "6told", "6contact"))]
    assert (left, kept(world).address) == ([], ())


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", range(10))
def test_of_a_reinvitation_that_is_killed_no_address_is_left_the_day_after(place: int, when: str) -> None:
    world = opposed()
    with suppress(Killed):
        reinvite(cut(world.host, [], (place, when)), ENROLMENT, ASKS)
    named = world.choices().codes.keys() - {world.reference}
    nights(world, 1, 3)
    rows = [key for key in world.host.rows.everything() if key[1].startswith("4person#back")]  # type: ignore[attr-defined]
    assert len(rows) == len(named)


def test_of_two_requests_in_a_day_only_the_later_one_leaves_an_address() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    reinvite(world.host, ENROLMENT, RIGHT)
    world.work()
    activate(world)
    nights(world, 1, 3)
    rows = [key for key in world.host.rows.everything() if key[1].startswith("4person#back")]  # type: ignore[attr-defined]
    assert (len(rows), kept(world).email) == (1, RIGHT.email)


def test_a_letter_of_before_that_comes_late_announces_no_opening() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    world.work()
    before = len(sent(world))
    jobs.notices(world.host, LETTERHEAD)({"records": world.record, "event": "invitation", "name": "first"})
    assert len(sent(world)) == before


def test_a_record_that_was_destroyed_lies_on_no_day() -> None:
    world = opposed()
    reinvite(world.host, ENROLMENT, ASKS)
    nights(world, 1, 3)
    activate(world)
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    nights(world, 4, 60)
    rows = world.host.rows.everything().items()  # type: ignore[attr-defined]
    assert [key for key, row in rows if world.record in repr((key, row))] == []


@pytest.mark.parametrize("place", range(20))
def test_a_reinvitation_while_a_night_forgets_keeps_its_means_and_gets_its_code(place: int) -> None:
    world = lapsed()
    forget_opposed(cut(world.host, [], (place, "after"), lambda: reinvite(world.host, ENROLMENT, RIGHT)), world.record)
    if RIGHT.email not in kept(world).email:
        reinvite(world.host, ENROLMENT, RIGHT)  # the night was over before
    world.work()
    assert (kept(world).email, sent(world)[-1]) == (RIGHT.email, RIGHT.email)


@pytest.mark.parametrize("place", range(2, 18))
def test_a_night_that_forgets_takes_no_letter_of_who_asks_at_that_moment(place: int) -> None:
    world = lapsed(PAPER)

    def asks() -> None:
        reinvite(world.host, ENROLMENT, PAPER)
        world.work()

    forget_opposed(cut(world.host, [], (place, "after"), asks), world.record)
    rows = world.host.rows.everything()  # type: ignore[attr-defined]
    assert [key for key in rows if key[1].startswith("6letter")]


def test_a_reinvitation_that_is_refused_changes_nothing_of_an_open_record() -> None:
    refused = 0
    for place in range(8):
        world = opposed()
        reinvite(world.host, ENROLMENT, ASKS)
        world.work()
        try:
            reinvite(cut(world.host, [], (place, "before"), lambda: activate(world)), ENROLMENT, RIGHT)
        except (AccessDenied, NotFound):
            refused += 1
            rows = [key for key in world.host.rows.everything() if key[1].startswith("4person#back")]  # type: ignore[attr-defined]
            assert (world.state, kept(world).email, len(rows)) == ("open", ASKS.email, 1)
    assert refused >= 3


def test_a_code_that_nothing_can_carry_is_not_promised() -> None:
    world = opposed()
    with pytest.raises(Invalid):
        reinvite(world.host, ENROLMENT, BARE)
    assert newest(world) == world.reference
