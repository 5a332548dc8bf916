"""What became of an intake file can be read for three months; then nothing is left of it, whoever was killed where."""

import contextlib
import functools
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.opening import record_of
from chalicelib.enrolment import bulk
from chalicelib.enrolment.model import RUNNING, SORT
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.errors import Conflict, NotFound, Unavailable
from chalicelib.kernel.host import Host
from tests.cutting import Killed, Place, cut, each_call
from tests.intake_files import NAME, OID, begin, drain, everything, facts, insured, ndjson, number
from tests.people import ENROLMENT

FILE = ndjson(insured(place) for place in range(3)) + b"{bad\n"


def read_to_its_end(host: Host) -> str:
    job = begin(host, FILE)
    drain(host)
    return job


def pass_days(host: Host, days: int) -> None:
    assert isinstance(host.clock, MemoryClock)
    host.clock.advance(timedelta(days=days))


def night_after(host: Host, days: int) -> None:
    pass_days(host, days)
    jobs.night(host)


def left(host: Host) -> list[tuple[str, str]]:
    return [key for key in everything(host) if key[0].startswith(("e#", "eo#"))]


def test_the_outcome_is_read_for_three_months_and_then_nothing_is_left_of_it() -> None:
    host = memory_host()
    job = read_to_its_end(host)
    for _ in range(3):
        night_after(host, 30)
        found = bulk.progress(host, ENROLMENT, job)
        assert (found.state, found.invited, found.rejected) == ("done", 3, 1)
        assert bulk.rejects(host, ENROLMENT, job) == [(4, "NOT_JSON")]
    night_after(host, 3)
    assert left(host) == []
    with pytest.raises(NotFound):
        bulk.progress(host, ENROLMENT, job)
    assert {facts(host, place).state for place in range(3)} == {"invited"}
    assert all(record_of(host, OID, number(place)) for place in range(3))


def test_a_file_of_the_same_name_is_read_anew_and_keeps_its_own_months() -> None:
    host = memory_host()
    read_to_its_end(host)
    pass_days(host, 60)
    second = read_to_its_end(host)
    night_after(host, 40)
    found = bulk.progress(host, ENROLMENT, second)
    assert (found.state, found.known, found.rejected) == ("done", 3, 1)
    assert {pk for pk, _ in left(host) if pk.startswith("e#")} == {bulk.partition_of(second)}
    night_after(host, 60)
    assert left(host) == []


def test_a_job_that_is_not_over_is_not_forgotten() -> None:
    host = memory_host()
    job = begin(host, ndjson(insured(place) for place in range(300)))
    jobs.enrolment(host)({"job": job})
    for _ in range(3):
        night_after(host, 100)
    drain(host)
    assert bulk.progress(host, ENROLMENT, job).invited == 300
    night_after(host, 100)
    assert left(host) == []


def calls_of(step: Callable[[Host], object], host: Host) -> list[str]:
    made = list[str]()
    step(cut(host, made, None))
    return made


def starts(host: Host) -> None:
    bulk.start(host, ENROLMENT, NAME, "ndjson")


def filed() -> Host:
    host = memory_host()
    host.blobs.put(NAME, FILE)
    return host


@pytest.mark.parametrize("at", each_call(calls_of(starts, filed())), ids=str)
def test_nothing_is_left_of_a_job_that_was_killed_while_it_began(at: Place) -> None:
    host = filed()
    with contextlib.suppress(Killed):
        starts(cut(host, [], at))
    host.blobs.delete(NAME)
    for _ in range(3):
        pass_days(host, 100)
        jobs.minute(host)
        drain(host)
        jobs.night(host)
    assert left(host) == []


def over() -> Host:
    host = memory_host()
    read_to_its_end(host)
    pass_days(host, 100)
    return host


FORGETTING = each_call(calls_of(jobs.night, over()))


def test_forgetting_that_is_killed_anywhere_is_finished_by_the_next_night() -> None:
    for at in FORGETTING:
        host = over()
        with contextlib.suppress(Killed):
            jobs.night(cut(host, [], at))
        jobs.night(host)
        assert left(host) == [], at


def test_a_file_put_again_while_its_job_is_forgotten_is_read_to_its_end_and_counted_as_it_is() -> None:
    for at in FORGETTING:
        host = over()

        def again(host: Host = host) -> None:
            with contextlib.suppress(Conflict):
                begin(host, FILE)

        jobs.night(cut(host, [], at, again))
        drain(host)
        job = begin(host, FILE)
        drain(host)
        found = bulk.progress(host, ENROLMENT, job)
        assert (found.state, found.invited, found.known, found.rejected) == ("done", 0, 3, 1), at
        assert [*host.blobs.list("enrolment/")] == []


def killed_before_its_job() -> Host:
    """Return a host on which nothing but the pointer was written, as long ago as it is kept."""
    host = filed()
    *_, pointer, _ = (number for number, call in enumerate(calls_of(starts, filed())) if call == "put")
    with contextlib.suppress(Killed):
        starts(cut(host, [], (pointer, "after")))
    pass_days(host, 100)
    return host


@pytest.mark.parametrize("world", [over, killed_before_its_job])
def test_a_file_is_read_by_one_job_though_the_last_one_is_forgotten_while_it_is_begun(
    world: Callable[[], Host],
) -> None:
    def begun(host: Host) -> None:
        host.blobs.put(NAME, FILE)
        starts(host)

    for first, other in ((begun, jobs.night), (jobs.night, begun)):
        for at in each_call(calls_of(first, world())):
            host = world()
            with contextlib.suppress(Unavailable):
                first(cut(host, [], at, functools.partial(other, host)))
            host.blobs.put(NAME, FILE)
            starts(host)
            starts(host)
            running = [key for key, row in everything(host).items() if key[1] == SORT and row["state"] == RUNNING]
            assert len(running) == 1, (first, at)
