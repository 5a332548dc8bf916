"""The six weeks, when the first tries to send the letter fail and it goes out days later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.relay import send
from chalicelib.kernel.errors import Unavailable
from chalicelib.notices.actions import report
from tests.cutting import Killed, cut
from tests.enrolment.test_clocks import nights
from tests.enrolment.test_invitation import reached
from tests.enrolment.world import LETTERHEAD, World
from tests.notices.world import Down
from tests.people import person


def tried(world: World) -> dict[str, str]:
    """Let a mail server that is down fail the letter; return its message, as it waits among the dead letters."""
    message = {"records": world.record, "event": "invitation", "name": "first"}
    for _ in range(2):
        with pytest.raises(Unavailable):
            jobs.notices(replace(world.host, mail=Down()), LETTERHEAD)(message)
    return message


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
