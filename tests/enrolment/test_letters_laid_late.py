"""A letter that is laid while its person opposes, or is destroyed: nothing of it is left, whoever is killed where."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.enrolment import life
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Key
from chalicelib.notices import batches, letters
from tests.cutting import Killed, cut, each_call
from tests.enrolment.lettered import HOUSE
from tests.enrolment.world import LETTERHEAD, World
from tests.people import person

pytestmark = pytest.mark.abuse("C07")

Act = Callable[[World], object]


def by_letter(**means: object) -> World:
    """Return a world in which the letter of information is to be laid on paper."""
    world = World(person().model_copy(update={"email": "", "address": HOUSE, **means}))
    jobs.minute(world.host)
    return world


def by_mail() -> World:
    return by_letter(email="camille@example.org")


def erasing() -> World:
    """Return a world whose holder is about to be told by letter that the erasure was asked for, which is due."""
    world = by_letter().erase()
    world.at(world.until, 3600)
    jobs.minute(world.host)
    return world


def tells(world: World, host: Host) -> None:
    """Take the messages that wait, as a worker does."""
    for one in world.host.queue.receive("notices"):
        with suppress(CarnetError):
            jobs.notices(host, LETTERHEAD)(json.loads(one.body))
            world.host.queue.delete("notices", one.receipt)


def opposes(world: World) -> None:
    life.oppose(world.host, world.reference, world.code)


def destroys(world: World) -> None:
    shred(world.host, world.record, jobs.ELSEWHERE)


def calls_of(begin: Callable[[], World]) -> list[str]:
    world, calls = begin(), list[str]()
    tells(world, cut(world.host, calls, None))
    return calls


def left(world: World) -> list[Key]:
    """Return what is left of letters and of what leads back to a person."""
    beside = ("l#batch", "l#reach")
    return [
        (pk, sk)
        for pk, sk in world.host.rows.everything()
        if (pk[:2] in ("l#", "n#") and not pk.startswith(beside)) or sk.startswith(("6letter#", "6way#"))
    ]


def later(world: World) -> None:
    """Let the message come again, and nights pass."""
    world.clock.advance(timedelta(minutes=2))
    world.work()
    for _ in range(3):
        world.night()


@pytest.mark.parametrize("begin", [by_letter, by_mail])
def test_nothing_is_left_of_what_was_laid_while_its_person_opposed(begin: Callable[[], World]) -> None:
    calls = calls_of(begin)
    for at in each_call(calls, ["before"]):
        world = begin()
        tells(world, cut(world.host, [], at, lambda world=world: opposes(world)))
        later(world)
        assert (world.state, left(world)) == ("opposed", []), (at, calls[at[0]])
    assert len(calls) > 5


def test_nothing_is_left_either_when_the_worker_dies_after_its_person_opposed() -> None:
    calls = calls_of(by_letter)
    for number, side in each_call(calls, ["before"]):
        for death in range(number + 1, len(calls)):
            world = by_letter()
            dying = cut(world.host, [], (death, "after"))
            with suppress(Killed):
                tells(world, cut(dying, [], (number, side), lambda world=world: opposes(world)))
            later(world)
            assert (world.state, left(world)) == ("opposed", []), (number, death)


def test_nothing_is_left_of_a_letter_that_was_laid_while_its_record_was_destroyed() -> None:
    calls = calls_of(erasing)
    laid = len(calls) - 1 - calls[::-1].index("put_many")
    for at in each_call(calls, ["before"])[laid - 2 :]:
        world = erasing()
        tells(world, cut(world.host, [], at, lambda world=world: destroys(world)))
        for _ in range(3):
            world.night()
            world.clock.advance(timedelta(days=1))
        assert (world.state, left(world)) == ("absent", []), (at, calls[at[0]])


def test_a_letter_whose_person_opposes_while_the_night_puts_it_into_a_batch_is_not_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (batches, letters):
        monkeypatch.setattr(module, "SHARDS", 2)

    def laid() -> World:
        world = by_letter()
        tells(world, world.host)
        return world

    calls, world = list[str](), laid()
    batches.night(cut(world.host, calls, None))
    for at in each_call(calls):
        world = laid()
        batches.night(cut(world.host, [], at, lambda world=world: opposes(world)))
        later(world)
        assert left(world) == [], at
