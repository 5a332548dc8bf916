"""Killed at every port call, and once more at every call of the next try: nothing is lost, nothing goes out twice.

The worker takes the message again, the operator's night runs again; only a kill between a server's answer and our row
may repeat a message, and then under the same reference.
"""

from collections.abc import Callable, Iterator

import pytest

from chalicelib import jobs
from chalicelib.notices import batches
from chalicelib.notices.actions import report
from tests.cutting import Killed, cut, each_call
from tests.notices.at_work import Work, body, gathering, laying, printed, waiting

from .world import EMAIL, LETTERHEAD, PHONE, World


def kills(make: Callable[[], tuple[World, Work]]) -> Iterator[World]:
    """Yield a world after each single kill and each kill of the second try, finished by a third."""
    world, work = make()
    calls: list[str] = []
    work(cut(world.host, calls, None))
    for number, side in each_call(calls):
        for second in (None, number + 1):
            world, work = make()
            _try(work, world, (number, side))
            if second is not None:
                _try(work, world, (second, side))
            work(world.host)
            world.work()
            yield world
    assert len(calls) > 5


def _try(work: Work, world: World, kill: tuple[int, str]) -> None:
    try:
        work(cut(world.host, [], kill))
    except Killed:
        return


def telling() -> tuple[World, Work]:
    world = World()
    return world, lambda host: jobs.notices(host, LETTERHEAD)(body(world))


def falling_back() -> tuple[World, Work]:
    world = World()
    world.reach(phone=PHONE)
    world.work()
    world.mail.sent.clear()
    world.mail.unknown.add(EMAIL)
    return world, lambda host: jobs.notices(host, LETTERHEAD)(body(world))


def bouncing() -> tuple[World, Work]:
    world, _ = falling_back()
    world.mail.unknown.clear()
    world.tell("emergency", "one")
    reference = world.reference("email")
    return world, lambda host: report(host, reference, "email", "bounced")


def batching() -> tuple[World, Work]:
    world, work = laying()
    work(world.host)
    world.tell("emergency", "two")
    return world, lambda host: batches.night(host) and None


def ids(world: World) -> set[str]:
    return {str(mail["Message-ID"]) for mail in world.mail.sent}


@pytest.mark.abuse("Q01", "Q07")
def test_a_notice_is_told_under_one_reference() -> None:
    for world in kills(telling):
        assert len(ids(world)) == 1
        assert 1 <= len(world.mail.sent) <= 3


@pytest.mark.abuse("Q07")
def test_a_notice_that_falls_back_reaches_the_next_channel_once() -> None:
    for world in kills(falling_back):
        assert world.arrived() == [f"sms {PHONE}"]
        assert world.contact().bounced == ("email",)


@pytest.mark.abuse("Q07")
def test_a_bounce_reaches_the_next_channel_once() -> None:
    for world in kills(bouncing):
        assert world.arrived() == [f"email {EMAIL}", f"sms {PHONE}"]
        assert world.contact().bounced == ("email",)


@pytest.mark.abuse("Q07")
def test_what_is_laid_aside_is_told_in_the_night_once() -> None:
    for world in kills(waiting):
        assert world.arrived() == []
        world.night()
        world.night()
        assert len(world.arrived()) == 1


@pytest.mark.abuse("Q07")
def test_the_days_notice_is_told_under_one_reference() -> None:
    for world in kills(gathering):
        assert len(ids(world)) == 1
        before = len(world.mail.sent)
        world.night()
        assert len(world.mail.sent) == before
        assert not [pk for pk, _ in world.rows.everything() if pk.startswith("w#")]


@pytest.mark.abuse("Q07")
def test_a_letter_laid_is_in_exactly_one_batch(few_shards: None) -> None:
    for world in kills(laying):
        batches.night(world.host)
        world.tell("emergency", "one")
        world.night()
        assert len(printed(world)) == 1


@pytest.mark.abuse("Q07")
def test_each_letter_is_in_exactly_one_batch_wherever_the_night_dies(few_shards: None) -> None:
    for world in kills(batching):
        world.night()
        found = printed(world)
        assert len(found) == len(set(found)) == 2
        assert not [pk for pk, _ in world.rows.everything() if pk.startswith("l#waiting#")]
