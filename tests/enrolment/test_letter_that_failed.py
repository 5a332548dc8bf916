"""The six weeks, when the first tries to send the letter fail and it goes out days later."""

from datetime import timedelta

from chalicelib import jobs
from chalicelib.access.relay import send
from chalicelib.enrolment import life
from chalicelib.enrolment.actions import find
from chalicelib.notices.actions import report
from tests.cutting import Killed, cut
from tests.enrolment.clocked import nights
from tests.enrolment.lettered import dead, reached, tried, without_mail
from tests.enrolment.world import LETTERHEAD, World
from tests.invited import code
from tests.people import ENROLMENT, person


def test_the_six_weeks_begin_with_the_letter_that_goes_out_and_not_with_a_try_that_failed() -> None:
    world = World()
    tried(world)
    world.at(world.start + timedelta(days=21))
    world.work()
    assert len(world.host.mail.sent) == 1  # type: ignore[attr-defined]
    assert nights(world, 22, 64) == ["invited"] * 42 + ["open"]


def test_a_letter_that_went_out_late_begins_the_six_weeks_once() -> None:
    world = World()
    message = tried(world)
    world.at(world.start + timedelta(days=3))
    jobs.notices(world.host, LETTERHEAD)(message)
    until = world.until
    world.at(world.start + timedelta(days=9))
    jobs.notices(world.host, LETTERHEAD)(message)
    assert (world.until, len(world.host.mail.sent)) == (until, 1)  # type: ignore[attr-defined]


def test_a_letter_that_came_back_begins_nothing_anew() -> None:
    world = World(person().model_copy(update={"phone": "+33600000042"}))
    world.work()
    until = world.until
    world.at(world.start + timedelta(days=5))
    report(world.host, reached(world, "email"), "email", "bounced")
    world.work()
    assert (world.until, len(world.host.sms.sent)) == (until, 1)  # type: ignore[attr-defined]


def test_a_record_does_not_open_as_long_as_its_letter_never_left() -> None:
    world = World()
    without_mail(world, until=60)
    letters = world.host.mail.sent  # type: ignore[attr-defined]
    states = [(nights(world, day, day)[0], len(letters)) for day in range(60, 140)]
    told = states.index(("invited", 1))
    assert told <= 7
    assert states[told : told + 44] == [("invited", 1)] * 43 + [("open", 2)]


def test_the_night_on_which_it_would_have_opened_sends_a_letter_that_never_left_again() -> None:
    world = World()
    tried(world)
    dead(world)
    assert nights(world, 40, 86) == ["invited"] * 46 + ["open"]
    assert len(world.host.mail.sent) == 2  # type: ignore[attr-defined]  # the letter, and that it opened


def test_the_record_of_who_cannot_be_reached_by_any_means_opens_all_the_same() -> None:
    nobody = person().model_copy(update={"email": "", "phone": "", "address": ()})
    world = World(nobody)
    assert nights(world, 1, 44)[-1] == "open"


def test_who_is_looked_up_often_is_not_kept_from_their_record() -> None:
    world = World()
    world.work()
    for day in range(1, 43):
        world.at(world.start + timedelta(days=day))
        for _ in range(7):
            find(world.host, ENROLMENT, person().oid, person().ins)
    assert nights(world, 42, 44) == ["invited", "open", "open"]


def test_who_could_not_be_written_to_for_a_year_is_informed_with_a_code_that_works() -> None:
    world = World()
    without_mail(world, until=400, step=10)
    nights(world, 400, 408)
    (letter,) = world.host.mail.sent  # type: ignore[attr-defined]
    (reference,) = world.choices().codes
    assert reference in letter.get_content()
    life.oppose(world.host, reference, code(world.host, world.record, reference))
    assert world.state == "opposed"


def test_a_try_killed_at_any_call_leaves_six_weeks_after_the_letter() -> None:
    for place in range(12):
        world = World()
        message = tried(world)
        world.at(world.start + timedelta(days=21))
        try:
            jobs.notices(cut(world.host, [], (place, "after")), LETTERHEAD)(message)
        except Killed:
            send(world.host, "notices", dict(message))
        world.work()
        assert world.until == World(start=world.start + timedelta(days=21)).until
