"""An intake file is taken in once and whole, wherever a worker is killed, fails, or is overtaken by another one.

Thirty lines in chunks of ten: two bad ones, one person twice, one who has a record. Every port call of a clean run is
killed before and after, fails, or loses its answer; then whoever comes next goes on. Workers in twos: at every call of
one, whose lease is over, another one takes the next chunk, or the whole file, and tells people.
"""

import contextlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import pytest

from chalicelib import jobs
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.opening import open_record, record_of
from chalicelib.enrolment import bulk
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from tests.intake_files import NAME, OID, drain, insured, ndjson, number, records
from tests.people import ENROLMENT, person

from .watch import FAILURES, SIDES, Killed, Meter, Point, Process, WatchedBlobs, WatchedRows
from .worlds import World, memory_world, polled_world

T = TypeVar("T")
MOST = 10
KNOWN, TWICE, BAD = 3, 25, (7, 21)
TOLD = ("notices", "reminders")
PEOPLE = [place for place in range(30) if place not in (KNOWN, TWICE, *BAD)]


def content() -> bytes:
    lines = [insured(place) for place in range(30)]
    lines[TWICE] = insured(4)
    return ndjson([*({**one, "sex": "?"} if place in BAD else one for place, one in enumerate(lines))])


def prepared(empty: Callable[[], World]) -> World:
    world = empty()
    host = world.host()
    open_record(host, ENROLMENT, person(number(KNOWN)).model_copy(update={"oid": OID}), "citizen:x")
    host.blobs.put(NAME, content())
    return world


def recovered(world: World) -> None:
    """Let workers and schedules go on until nothing is left to do, then until what was left incomplete is given up."""
    host = world.host()
    for _ in range(8):
        world.clock.advance(timedelta(minutes=2))
        jobs.minute(host)
        drain(host, MOST)
    world.clock.advance(timedelta(days=3))
    jobs.night(host)


def told(host: Host, queue: str) -> set[str]:
    """Return the records that messages to many name: whom a letter is sent, or the clock is laid."""
    found: set[str] = set()
    while deliveries := host.queue.receive(queue, 100):
        found |= {record for one in deliveries for record in json.loads(one.body).get("records", "").split()}
        for one in deliveries:
            host.queue.delete(queue, one.receipt)
    return found


def left(host: Host, job: str) -> list[str]:
    """Return what is left of groups."""
    return ["a group is left"] if host.rows.query(bulk.partition_of(job), after="6", upto="8") else []


def wrong(world: World, job: str) -> list[str]:
    """Return what is not as after a run that nothing disturbed."""
    host = world.host()
    found = bulk.progress(host, ENROLMENT, job)
    owned = {place: record_of(host, OID, number(place)) for place in range(30)}
    invited = {str(owned[place]) for place in PEOPLE}
    faults = [f"{place}: {owned[place]}" for place in range(30) if (owned[place] is None) != (place in (TWICE, *BAD))]
    if set(records(host)) != {record for record in owned.values() if record}:
        faults.append("records of nobody, or gone")
    if (found.state, found.place.line) != ("done", 30):
        faults.append(f"{found.state} at {found.place.line}")
    if (found.invited, found.known, found.rejected) != (26, 2, 2):
        faults.append(f"counted {found.invited} {found.known} {found.rejected}")
    if bulk.rejects(host, ENROLMENT, job) != [(place + 1, "FIELD_SEX") for place in BAD]:
        faults.append("rejects")
    if [*host.blobs.list("enrolment/")]:
        faults.append("the file is still there")
    faults += [f"not told, or somebody else was: {queue}" for queue in TOLD if told(host, queue) != invited]
    faults += left(host, job)
    return faults + [fault for place in PEOPLE if (fault := _wrong_record(world, str(owned[place])))]


def _wrong_record(world: World, record: str) -> str:
    row = world.rows.get([facts_key(record)])[facts_key(record)]
    entries = [entry.action for _, entry in world.journal(record)]
    fits = facts_of(record, row).state == "invited" and entries == ["record:invite"] and "claim" not in row
    return "" if fits else f"{record}: {row['state']} {entries}"


def disturbed(empty: Callable[[], World], *kills: Point) -> tuple[list[str], Meter]:
    """Take the file in, one process after the other, each killed at its point; return what is wrong at the end."""
    world = prepared(empty)
    job = bulk.start(world.host(), ENROLMENT, NAME, "ndjson").name
    meter = Meter()
    for kill in kills or (None,):
        meter = Meter(kill)
        with contextlib.suppress(Killed, CarnetError):
            drain(Process(world, meter).host(), MOST)
        world.clock.advance(timedelta(seconds=61))
        jobs.minute(world.host())
    recovered(world)
    return wrong(world, job), meter


@cache
def calls(empty: Callable[[], World]) -> int:
    faults, meter = disturbed(empty)
    assert faults == []
    return len(meter.trace)


def test_a_run_that_nothing_disturbs_ends_as_said() -> None:
    assert calls(memory_world) > 100


@pytest.mark.parametrize("side", [*SIDES, *FAILURES])
def test_a_worker_may_be_killed_or_fail_at_any_call(side: str) -> None:
    found = {point: disturbed(memory_world, (point, side))[0] for point in range(calls(memory_world))}
    assert {point: faults for point, faults in found.items() if faults} == {}


def test_a_worker_and_the_next_one_may_be_killed_with_the_queue_in_the_table() -> None:
    chance = random.Random(20261126)
    pairs = [tuple((chance.randrange(calls(polled_world)), chance.choice(SIDES)) for _ in "12") for _ in range(60)]
    found = {pair: disturbed(polled_world, *pair)[0] for pair in pairs}
    assert {pair: faults for pair, faults in found.items() if faults} == {}


@dataclass
class Overtaken:
    """A worker that stops at one call until its lease is over and another one has done everything."""

    at: int
    overtake: Callable[[], None]
    trace: list[str] = field(default_factory=list)

    def call(self, name: str, do: Callable[[], T]) -> T:
        number = len(self.trace)
        self.trace.append(name)
        if number == self.at:
            self.overtake()
        return do()

    def written(self, _sort: str) -> None:
        """Nothing is mailed here."""

    def host(self, world: World) -> Host:
        plain: Any = self
        bare = world.host()
        rows, blobs = WatchedRows(plain, world.rows), WatchedBlobs(plain, world.blobs)
        return replace(bare, rows=rows, blobs=blobs)


def overtaken(at: int, *, to_the_end: bool) -> tuple[list[str], Overtaken]:
    world = prepared(memory_world)
    job = bulk.start(world.host(), ENROLMENT, NAME, "ndjson").name

    def overtake() -> None:
        world.clock.advance(timedelta(seconds=61))
        jobs.enrolment(world.host(), MOST)({"job": job})
        if to_the_end:
            drain(world.host(), MOST)
        world.clock.advance(timedelta(seconds=61))
        jobs.minute(world.host())

    slow = Overtaken(at, overtake)
    with contextlib.suppress(CarnetError):
        jobs.enrolment(slow.host(world), MOST)({"job": job})
    recovered(world)
    return wrong(world, job), slow


@pytest.mark.parametrize("to_the_end", [True, False])
def test_a_worker_may_be_overtaken_at_any_call(to_the_end: bool) -> None:
    clean = overtaken(-1, to_the_end=to_the_end)[1].trace
    found = {at: overtaken(at, to_the_end=to_the_end)[0] for at in range(len(clean))}
    assert len(found) > 15
    assert {at: faults for at, faults in found.items() if faults} == {}


@pytest.mark.parametrize("side", [*SIDES, *FAILURES])
def test_beginning_a_job_may_be_killed_at_any_call_and_repeated(side: str) -> None:
    point, meter = 0, Meter(None)
    while meter.fired or point == 0:
        world = prepared(memory_world)
        meter = Meter((point, side))
        with contextlib.suppress(Killed, CarnetError):
            bulk.start(Process(world, meter).host(), ENROLMENT, NAME, "ndjson")
        job = bulk.start(world.host(), ENROLMENT, NAME, "ndjson").name
        drain(world.host(), MOST)
        recovered(world)
        assert wrong(world, job) == [], (point, side)
        point += 1
    assert point > 5
