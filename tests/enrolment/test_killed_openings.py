"""Opening one record, killed at any call: whoever comes next opens it, by file or alone, and the person is told."""

import contextlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.actor import Actor, Kind
from chalicelib.access.opening import open_record, record_of
from chalicelib.enrolment import bulk
from chalicelib.enrolment.shred import shred
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from tests.cutting import Killed, Place, cut, each_call
from tests.enrolment.destroyed import lived
from tests.enrolment.world import World
from tests.intake_files import NAME, OID, begin, drain, everything, facts, insured, later, ndjson, number, records
from tests.people import ENROLMENT, person

OTHER = Actor(Kind.ENROLMENT, "client:other-fund", "Autre caisse", client="other-fund")
WHO = person(number(1)).model_copy(update={"oid": OID})


def opens(host: Host, client: Actor = ENROLMENT, holder: str = "citizen:x") -> tuple[str, bool]:
    return open_record(host, client, WHO, holder)


def reads(host: Host, job: str) -> None:
    jobs.enrolment(host)({"job": job})


def calls_of(step: Callable[[Host], object], host: Host) -> list[str]:
    made = list[str]()
    step(cut(host, made, None))
    return made


def killed(step: Callable[[Host], object], host: Host, at: Place) -> None:
    with contextlib.suppress(Killed, CarnetError):
        step(cut(host, [], at))


def night(host: Host) -> None:
    assert isinstance(host.clock, MemoryClock)
    host.clock.advance(timedelta(days=3))
    jobs.night(host)


def told(host: Host) -> list[str]:
    """Return whom messages to many name, and forget the messages."""
    found = list[str]()
    while deliveries := host.queue.receive("notices", 100):
        for one in deliveries:
            found += json.loads(one.body).get("records", "").split()
            host.queue.delete("notices", one.receipt)
    return found


def claimed_only() -> Host:
    """Return a host in which somebody's opening was killed after its first row."""
    host = memory_host()
    killed(opens, host, next(at for at in each_call(OPENING, ["after"]) if _claims(at)))
    assert record_of(host, OID, number(1))
    assert facts(host, 1).state == "absent"
    return host


def _claims(at: Place) -> bool:
    host = memory_host()
    killed(opens, host, at)
    return record_of(host, OID, number(1)) is not None


OPENING = calls_of(opens, memory_host())


@pytest.mark.parametrize("at", each_call(OPENING), ids=str)
def test_a_file_invites_whoever_an_opening_killed_anywhere_left_without_a_record(at: Place):
    host = memory_host()
    killed(opens, host, at)
    before = facts(host, 1).state
    job = begin(host, ndjson(insured(place) for place in range(3)))
    drain(host)
    found, record = bulk.progress(host, ENROLMENT, job), record_of(host, OID, number(1))
    assert facts(host, 1).state == ("open" if before == "open" else "invited")
    assert (found.invited, found.known) == ((2, 1) if before == "open" else (3, 0))
    assert told(host).count(str(record)) == (before != "open")
    night(host)
    assert len(records(host)) == 3


@pytest.mark.parametrize("at", each_call(OPENING), ids=str)
def test_another_client_opens_what_an_opening_killed_anywhere_left_without_a_record(at: Place):
    host = memory_host()
    killed(opens, host, at)
    opened = facts(host, 1).state == "open"
    record, made = opens(host, OTHER, "citizen:y")
    assert made != opened
    assert (facts(host, 1).state, record_of(host, OID, number(1))) == ("open", record)
    assert records(host) == [record]


READING = calls_of(lambda host: reads(host, begin(host, ndjson([insured(1)]))), claimed_only())


@pytest.mark.parametrize("at", each_call(READING), ids=str)
def test_a_file_killed_anywhere_while_it_mends_an_opening_invites_and_counts_the_person_once(at: Place):
    host = claimed_only()
    job = begin(host, ndjson([insured(1)]))
    killed(lambda near: reads(near, job), host, at)
    for _ in range(3):
        later(host)
        drain(host)
    found = bulk.progress(host, ENROLMENT, job)
    assert (found.state, found.invited, found.known) == ("done", 1, 0)
    assert facts(host, 1).state == "invited"
    assert set(told(host)) == set(records(host)) == {record_of(host, OID, number(1))}
    night(host)
    assert [key for key in everything(host) if key[1][:2] in ("6g", "7l")] == []
    assert facts(host, 1).state == "invited"


@pytest.mark.parametrize("at", each_call(READING, ["before"]), ids=str)
def test_an_opening_that_goes_on_while_a_file_mends_it_gives_one_record_in_one_state(at: Place):
    host = claimed_only()
    job = begin(host, ndjson([insured(1)]))

    def goes_on() -> None:
        with contextlib.suppress(CarnetError):  # invited already
            opens(host, OTHER)

    with contextlib.suppress(CarnetError):
        reads(cut(host, [], at, goes_on), job)
    later(host)
    drain(host)
    found, known = bulk.progress(host, ENROLMENT, job), facts(host, 1)
    assert (found.invited, found.known) == ((1, 0) if known.state == "invited" else (0, 1))
    assert len(known.entries) == 1
    assert len(records(host)) == 1


@pytest.mark.parametrize("at", each_call(OPENING, ["before"]), ids=str)
def test_a_file_that_overtakes_an_opening_gives_one_record_in_one_state(at: Place):
    host = memory_host()

    def overtakes() -> None:
        begin(host, ndjson([insured(1)]))
        drain(host)

    with contextlib.suppress(CarnetError):
        opens(cut(host, [], at, overtakes))
    night(host)
    assert facts(host, 1).state in ("invited", "open")
    assert records(host) == [record_of(host, OID, number(1))]


def test_who_was_begun_late_from_a_file_that_went_away_is_told_too():
    host, whom = claimed_only(), set[str]()
    job = begin(host, ndjson([insured(1)]))

    def overtaken() -> None:
        host.clock.sleep(61)
        host.blobs.delete(NAME)
        drain(host)
        assert told(host) == []

    noted = READING.index("put", READING.index("read"))
    with contextlib.suppress(CarnetError):
        reads(cut(host, [], (noted, "after"), overtaken), job)
    assert facts(host, 1).state == "invited"
    for _ in range(2):
        night(host)
        whom |= set(told(host))
    assert whom == set(records(host))


def test_an_opening_at_any_call_of_a_destruction_gives_a_record_that_stays():
    first = lived()
    calls = calls_of(lambda host: shred(host, first.record, jobs.ELSEWHERE), first.host)
    for at in each_call(calls, ["before"]):
        world, made = lived(), list[str]()

        def anew(world: World = world, made: list[str] = made) -> None:
            with contextlib.suppress(CarnetError):  # the old one is there still
                made.append(open_record(world.host, ENROLMENT, person(), "citizen:x")[0])

        shred(cut(world.host, [], at, anew), world.record, jobs.ELSEWHERE)
        for _ in range(3):
            world.clock.advance(timedelta(days=1))
            jobs.night(world.host)
            world.work()
        assert record_of(world.host, person().oid, person().ins) == (made[0] if made else None), at
