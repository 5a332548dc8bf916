"""Refusals go into the chain of the record they are about, once; where there is no record, the night forgets them."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from chalicelib.access.actor import Actor
from chalicelib.enrolment import actions as enrolment
from chalicelib.enrolment import life
from chalicelib.history import actions as history
from chalicelib.history.model import Wanted
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.notices import batches
from chalicelib.vault import reading
from tests.cutting import Killed, cut
from tests.enrolment.world import World
from tests.people import DOCTOR, ENROLMENT, HOLDER, PHYSIO, person

NOWHERE = "a2b3c4d5e6f7a2b3c4d5e6f7a2"


def refused(host: Host, record: str, who: Actor = PHYSIO) -> None:
    with suppress(CarnetError):
        reading.listing(host, who, record, reading.Filter())


def apart(host: Host) -> list[bool]:
    """Tell of each row of refusals whether a night has still to do with it."""
    return ["work" in row for key, row in host.rows.everything().items() if key[0].startswith("x#")]


def nights(host: Host, count: int) -> None:
    for _ in range(count):
        host.clock.advance(timedelta(days=1))
        history.roll_up(host)


def test_a_refusal_about_a_record_that_is_not_there_makes_no_work_for_every_night_to_come() -> None:
    host = memory_host()
    refused(host, NOWHERE)
    with suppress(CarnetError):
        batches.manifest(host, DOCTOR, "2026-11-02")
    nights(host, 5)
    assert apart(host) == [False, False]


def test_a_message_that_comes_late_about_a_destroyed_record_makes_no_work_for_every_night_to_come() -> None:
    world = World()
    world.work()
    world.activate().work()
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.work()
    world.at(world.until, 3 * 3600)
    for _ in range(3):
        world.night()
        world.clock.advance(timedelta(days=1))
    assert world.state == "absent"
    world.handlers["notices"]({"record": world.record, "event": "change", "name": "late"})
    nights(world.host, 5)
    assert apart(world.host) in ([], [False])


def test_a_roll_up_killed_before_it_took_the_marks_away_shows_no_refusal_twice() -> None:
    host = memory_host()
    record, _ = enrolment.open_(host, ENROLMENT, person(), HOLDER.id)
    refused(host, record)
    host.clock.advance(timedelta(days=1))
    calls: list[str] = []
    twin = memory_host(host.clock)
    for row in host.rows.everything().values():
        twin.rows.put(row)
    history.roll_up(cut(replace(twin, keys=host.keys), calls, None))
    last = len(calls) - 1 - calls[::-1].index("update")  # what takes the mark away
    with suppress(Killed):
        history.roll_up(cut(host, [], (last, "before")))
    assert denied(host, record) == 1
    for _ in range(history.PAGE):
        reading.listing(host, HOLDER, record, reading.Filter())
    assert denied(host, record) == 1  # the chain shows it on the next page


def denied(host: Host, record: str) -> int:
    """Return how many refusals all pages of the history show."""
    page = history.history(host, HOLDER, record)
    found = [*page.entries]
    while page.cursor:
        page = history.history(host, HOLDER, record, Wanted(), page.cursor)
        found += page.entries
    return [one.effect for one in found].count("deny")
