"""Two devices, and devices that die: agenda and history say the same of an act of prevention, in the end."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.gate import Ask, gate
from chalicelib.agenda.prevention import Prevention, Said, mark
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.profile.acting import did, undid
from chalicelib.profile.prevention import HEALTH, health_of
from tests.cutting import Killed, cut, each_call
from tests.people import HOLDER

from .world import SYSTEM, World, acts

LETTERHEAD = Letterhead("carnet@example.org", "https://carnet.example")
ON = date(2025, 3, 1)
EITHER = ("before", "after")


def say(host: Host, world: World, status: str, note: str = "", request: str = "") -> object:
    said = Said(status, ON if status == "DONE" else None, "", note)
    return mark(host, Prevention(acts, did, undid), HOLDER, world.record, "hpv", said, request=request)


def told(*said: str) -> World:
    world = World()
    for one in said:
        say(world.host, world, one)
    return world


def counted(world: World) -> bool:
    """Tell whether reminders think it done, once the sweeps have run."""
    works = {"reminders": jobs.reminders(world.host, LETTERHEAD), "notices": jobs.notices(world.host, LETTERHEAD)}
    for _ in range(3):
        world.clock.advance(timedelta(minutes=5))
        jobs.minute(world.host)
        for name, work in works.items():
            for one in world.host.queue.receive(name, 100):
                work(json.loads(one.body))
                world.host.queue.delete(name, one.receipt)
    grant = gate(world.host, Ask(SYSTEM, world.record, "reminder:arm", rows=(HEALTH,)))
    return any(one[1] == ON for one in health_of(grant).acts)


@pytest.mark.parametrize(("first", "other"), [("DONE", "NOT_DONE"), ("NOT_DONE", "DONE")])
def test_whoever_is_faster_agenda_and_history_say_the_same(first: str, other: str) -> None:
    wrong, number, calls = [], 0, ["?"]
    while number < len(calls):
        for side in EITHER:
            world, calls = told("DONE"), list[str]()
            say(cut(world.host, calls, (number, side), lambda w=world: say(w.host, w, other)), world, first)
            (line,) = [one.line for one in world.listed()]
            if (line.status == "DONE") != counted(world):
                wrong.append((number, side, line.status))
        number += 1
    assert wrong == []


def test_a_done_that_died_on_its_way_can_be_taken_back() -> None:
    wrong, calls = [], list[str]()
    world = told()
    say(cut(world.host, calls, None), world, "DONE")
    for place in each_call(calls, ["after"]):
        world = told()
        with pytest.raises(Killed):
            say(cut(world.host, [], place), world, "DONE")
        say(world.host, world, "NOT_DONE")
        if counted(world):
            wrong.append(place)
    assert wrong == []


def test_a_done_that_died_on_its_way_can_be_taken_back_though_the_next_one_was_planned_since() -> None:
    wrong, calls = [], list[str]()
    world = told("TO_PLAN")
    say(cut(world.host, calls, None), world, "DONE")
    for place in each_call(calls, ["after"]):
        world = told("TO_PLAN")
        with pytest.raises(Killed):
            say(cut(world.host, [], place), world, "DONE")
        (line,) = [one.line for one in world.listed()]
        if line.status == "DONE":
            break  # what was done and stands is left there when the next one is planned
        assert line.status == "TO_PLAN"
        say(world.host, world, "TO_PLAN", note="next year")
        say(world.host, world, "NOT_DONE")
        if counted(world):
            wrong.append(place)
    assert (wrong, line.status) == ([], "DONE")


def test_two_devices_that_say_the_same_are_both_answered() -> None:
    for before, both in ((("DONE", "NOT_DONE"), "DONE"), (("DONE",), "NOT_DONE")):
        number, calls = 0, ["?"]
        while number < len(calls):
            world, calls = told(*before), list[str]()
            say(cut(world.host, calls, (number, "before"), lambda w=world, b=both: say(w.host, w, b)), world, both)
            number += 1


def test_what_is_noted_again_stands_in_the_journal_after_its_deletion() -> None:
    wrong, number, calls = [], 0, ["?"]
    while number < len(calls):
        world, calls = told("DONE"), list[str]()
        there: Callable[[], object] = lambda w=world: say(w.host, w, "NOT_DONE", request="theirs")  # noqa: E731
        say(cut(world.host, calls, (number, "before"), there), world, "DONE", note="x", request="ours")
        made = [one.request for one in world.journal() if one.action == "profile:write"]
        if counted(world) and made[-1] == "theirs":
            wrong.append((number, made))
        number += 1
    assert wrong == []


@pytest.mark.parametrize("gesture", [did, undid])
def test_who_tries_again_because_another_device_was_faster_stands_once_in_the_journal(
    gesture: Callable[..., None],
) -> None:
    def faster(world: World) -> None:
        for one in (undid, did) if gesture is undid else (did, undid):
            one(world.host, HOLDER, world.record, "hpv", ON)

    found, number, calls = list[list[str]](), 0, ["?"]
    while number < len(calls):
        world, calls = told("DONE") if gesture is undid else told("DONE", "NOT_DONE"), list[str]()
        ours = cut(world.host, calls, (number, "before"), lambda w=world: faster(w))
        gesture(ours, HOLDER, world.record, "hpv", ON, "ours")
        found.append([one.action for one in world.journal() if one.request == "ours"])
        number += 1
    assert found == [["profile:write"]] * len(found)
