"""What cannot be had for one record, or for one step, keeps no other record and no other step from being done."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest

from chalicelib import jobs
from chalicelib.access import days, reach
from chalicelib.access.work import enrolment_shard, health_shard, intake_shard, shred_shard, work_off
from chalicelib.enrolment.turning import TURNS
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.errors import Broken, Busy, Unavailable
from chalicelib.kernel.host import Host
from chalicelib.notices import batches, daily, letters
from chalicelib.reminders import counting, coverage, index, slots
from tests.people import ENROLMENT

RECORDS = [f"record{number}" for number in range(20)]
ODD = min(RECORDS, key=lambda record: crc32(record.encode()) % 16)
"""in a shard before which hardly anybody comes, so that nearly everybody comes behind it"""
QUEUES = ("intake", "notices", "reminders", "enrolment")


class Port:
    """A port of which calls fail that name something."""

    def __init__(self, port: Any, fails: Callable[[str, tuple[Any, ...]], bool]) -> None:
        self._port, self._fails = port, fails

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            if self._fails(name, args):
                raise Unavailable
            return getattr(self._port, name)(*args, **more)

        return call


def without(host: Host, odd: str) -> Host:
    """Return a host whose queue and rows fail for one record."""
    queue = Port(host.queue, lambda name, args: name == "send" and odd in args[1])
    rows = Port(host.rows, lambda name, args: name == "update" and odd in repr(args[0]))
    return replace(host, queue=queue, rows=rows)


def named(host: Host) -> set[str]:
    """Return which records the messages in all queues name."""
    bodies = [json.loads(one.body) for queue in QUEUES for one in host.queue.receive(queue, 1000)]
    return {
        name for one in bodies for name in [*str(one.get("records", "")).split(), one.get("record"), one.get("job")]
    }


def due(host: Host, record: str) -> None:
    """Let a record lie alone on an hour that has come."""
    hour = host.clock.now() - timedelta(hours=RECORDS.index(record) + 1)
    host.rows.put(slots.row(f"{hour:%Y-%m-%dT%H}#00", record))


def marked(shard: Callable[[str], str], sort: str, key: str = "r#") -> Callable[[Host, str], None]:
    def mark(host: Host, record: str) -> None:
        since = (host.clock.now() - timedelta(minutes=5)).isoformat()
        host.rows.put({"pk": key + record, "sk": sort, "work": shard(record), "since": since, "state": "open"})

    return mark


def today(host: Host) -> str:
    return host.clock.now().date().isoformat()


STEPS: dict[str, tuple[Callable[[Host], object], Callable[[Host, str], None]]] = {
    "due": (jobs.night, due),
    "announced": (jobs.night, lambda host, record: index.lay(host, today(host), record, "announce#x") and None),
    "turns": (jobs.night, lambda host, record: days.lay(host, TURNS, today(host), record) and None),
    "shredding": (jobs.night, marked(shred_shard, "0", "z#")),
    "daily": (jobs.night, lambda host, record: host.rows.put(dict(zip(("pk", "sk"), daily.hint(record), strict=True)))),
    "woken": (jobs.minute, marked(intake_shard, "2doc#x")),
    "enrolling": (jobs.minute, marked(enrolment_shard, "0job", "e#")),
}
"""step -> when it is done, and what lets it wake somebody"""


def laid(lay: Callable[[Host, str], None]) -> Host:
    host = memory_host()
    for record in RECORDS:
        lay(host, record)
    return host


@pytest.mark.parametrize("step", STEPS)
def test_everybody_is_woken_but_who_cannot_be_and_they_the_next_time(step: str) -> None:
    run, lay = STEPS[step]
    host = laid(lay)
    with pytest.raises(Unavailable):
        run(without(host, ODD))
    assert {*RECORDS} - named(host) == {ODD}
    assert isinstance(host.clock, MemoryClock)
    host.clock.advance(timedelta(days=1))
    run(host)
    assert ODD in named(host)


def test_a_minute_puts_off_every_health_entry_but_one_that_cannot_be_had() -> None:
    host = laid(marked(health_shard, "5health#x"))
    with pytest.raises(Unavailable):
        jobs.minute(without(host, ODD))
    left = [record for record in RECORDS if "work" in host.rows.get([(f"r#{record}", "5health#x")]).popitem()[1]]
    assert left == [ODD]


def test_letters_are_printed_without_one_that_cannot_be_put_into_the_batch_which_the_next_one_takes() -> None:
    host = memory_host()
    for record in RECORDS:
        for pk, sk in (letters.letter_key(record), letters.hint(record)):
            host.rows.put({"pk": pk, "sk": sk})
    with pytest.raises(Unavailable):
        jobs.night(without(host, ODD))
    day = today(host)
    assert batches._members(host, day) == {*RECORDS} - {ODD}
    assert host.rows.get([("l#batches", day)])
    assert isinstance(host.clock, MemoryClock)
    host.clock.advance(timedelta(days=1))
    jobs.night(host)
    assert batches._members(host, today(host)) == {ODD}


def test_people_are_counted_though_a_row_does_not_open() -> None:
    host = memory_host()
    for number in range(30):
        reach.not_reached(host, f"record{number}", "29")
    pk, sk = reach.reach_key("record3")
    host.rows.put({"pk": pk, "sk": sk, "body": b"damaged"})
    with pytest.raises(Broken):
        jobs.night(host)
    assert reach.counts(host)[1] == {"29": 29}


def test_a_month_that_does_not_open_keeps_no_other_from_being_published() -> None:
    host = memory_host()
    *_, damaged, other = coverage._months(host.clock.now().date())
    for month in (damaged, other):
        cells = {(month, "flu", "65", "29", kind): 40 for kind in (coverage.DUE, coverage.SENT)}
        counting._keep(host, f"{month}-02", "flu", cells)
    pk, sk = coverage._key(damaged, "flu")
    host.rows.put({"pk": pk, "sk": sk, "body": b"damaged"})
    with pytest.raises(Broken):
        jobs.night(host)
    assert coverage.ages(host, ENROLMENT, other, "flu") == {"65": (40, 40, 0)}


def asked(host: Host, run: Callable[[Host], object], gone: str = "") -> set[str]:
    """Return which kinds of places of the table a run reads when one of them cannot be had."""
    seen = set[str]()

    def fails(name: str, args: tuple[Any, ...]) -> bool:
        if name.removeprefix("begin_") not in ("query", "names", "work"):
            return False
        seen.add(args[0][:2] if name != "work" else args[0].split("#")[0])
        return bool(gone) and args[0].startswith(gone)

    with pytest.raises(Unavailable) if gone else nullcontext():
        run(replace(host, rows=Port(host.rows, fails)))
    return seen


@pytest.mark.parametrize("run", [jobs.night, jobs.minute])
def test_every_step_is_tried_whichever_place_of_the_table_cannot_be_had(run: Callable[[Host], object]) -> None:
    clean = asked(memory_host(), run)
    assert len(clean) >= 4
    for head in clean:
        assert asked(memory_host(), run, head) == clean, head


def test_one_that_cannot_be_had_ends_nothing_and_a_store_that_is_down_is_not_asked_for_everything() -> None:
    def one(fails: set[int], error: type[Exception]) -> list[int]:
        tried = list[int]()

        def work(number: int) -> int:
            tried.append(number)
            if number in fails:
                raise error
            return 1

        with pytest.raises(error):
            work_off(range(100), work)
        return tried

    assert one({3, 50}, Unavailable) == one({*range(100)}, Busy) == one({*range(100)}, Broken) == [*range(100)]
    assert len(one({*range(100)}, Unavailable)) < 10
