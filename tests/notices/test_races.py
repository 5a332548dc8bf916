"""Whatever another worker does between any two calls of ours: one batch for a letter, no notice lost, none twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.kernel.host import Host
from chalicelib.notices import batches, contact_actions
from tests.cutting import cut, each_call
from tests.notices.at_work import gathering, laying, printed
from tests.people import HOLDER

from .world import BROWSER, EMAIL, LETTERHEAD, World

Other = Callable[[World], None]


def races(make: Callable[[], tuple[World, Callable[[Host], object]]], other: Other) -> list[World]:
    """Return the world after each place where the other may act."""
    calls: list[str] = []
    world, work = make()
    work(cut(world.host, calls, None))
    assert len(calls) > 5
    ended = []
    for place in each_call(calls, ["before"]):
        world, work = make()
        work(cut(world.host, [], place, lambda world=world: other(world)))
        ended.append(world)
    return ended


def batching() -> tuple[World, Callable[[Host], object]]:
    world, work = laying()
    work(world.host)
    return world, batches.night


def _another_letter(world: World) -> None:
    world.tell("emergency", "two")


def _the_same_night(world: World) -> None:
    _another_letter(world)
    batches.night(world.host)


def _two_nights(world: World) -> None:
    _the_same_night(world)
    world.clock.advance(timedelta(days=1))
    _another_letter(world)
    batches.night(world.host)


@pytest.mark.abuse("Q07")
@pytest.mark.parametrize("other", [_another_letter, _the_same_night, _two_nights])
def test_each_letter_is_in_exactly_one_batch_however_nights_overlap(other: Other, few_shards: None) -> None:
    for world in races(batching, other):
        for _ in range(2):
            world.clock.advance(timedelta(days=1))
            batches.night(world.host)
        found = printed(world)
        assert len(found) == len(set(found)) == 2


def _one_more(world: World) -> None:
    jobs.notices(world.host, LETTERHEAD)({"record": world.record, "event": "new-document", "name": "late"})


@pytest.mark.abuse("Q07")
def test_a_notice_laid_aside_while_the_day_is_told_is_told_by_the_next_night() -> None:
    for world in races(gathering, _one_more):
        world.work()
        first = len(world.mail.sent)
        world.night()
        assert 1 <= first <= len(world.mail.sent) <= 2
        assert _told_by(world) == {"one", "late"}
        world.night()
        assert not [pk for pk, _ in world.rows.everything() if pk.startswith("w#")]


def _told_by(world: World) -> set[str]:
    """Return the names that turns carried, as the row of the day says."""
    from chalicelib.access.gate import Ask, gate
    from chalicelib.notices import daily, kept
    from chalicelib.notices.actions import SYSTEM

    grant = gate(world.host, Ask(SYSTEM, world.record, "notice:send"))
    content = kept.read(world.host, grant, daily.SORT)[1]
    assert content["waiting"] == []
    assert content["sending"] == 0
    carried = {name for _, name in content["told"]}
    return carried | {"one"} if content["turn"] > 2 else carried


def telling() -> tuple[World, Callable[[Host], object]]:
    world = World()
    return world, lambda host: jobs.notices(host, LETTERHEAD)(
        {"record": world.record, "event": "emergency", "name": "one"}
    )


def _the_same_message(world: World) -> None:
    world.tell("emergency", "one")


def _a_new_browser(world: World) -> None:
    contact_actions.subscribe(world.host, HOLDER, world.record, BROWSER)


def test_a_message_delivered_to_two_workers_goes_out_under_one_reference() -> None:
    for world in races(telling, _the_same_message):
        assert len({str(mail["Message-ID"]) for mail in world.mail.sent}) == 1


def test_a_change_of_contact_meanwhile_is_kept_and_the_notice_told_once() -> None:
    for world in races(telling, _a_new_browser):
        assert len(world.contact().devices) == 1
        assert world.arrived() == [f"email {EMAIL}"] or world.arrived() == [f"push {BROWSER.endpoint}"]
