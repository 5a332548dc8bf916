"""`python -m tests.bench.reminders`: what a reminder costs, and what that makes for a country.

Rows are really on ExtendDB; store calls are counted at the wire. Nothing is asserted on time. What a day costs with few
records stored and with many is measured in turns, in an instance each: a machine's speed changes by two in minutes.
"""

import argparse
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

from chalicelib.reminders import slots
from chalicelib.reminders.due import due, next_due
from infra.local.home import REPOSITORY
from tests.reminders.bench_due import TODAY, people, timed
from tests.reminders.lives import SHIPPED

from .reminders_country import country
from .reminders_world import Bench, bench, cores

DUE = 1000
FEW = 10_000
MANY = (100_000,)
MILLION = 1_000_000
_TURNS = 2
_ROUNDS = 200


def main() -> None:
    """Run everything."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--million", action="store_true", help="a million stored records as well")
    arguments.add_argument("--home", type=Path, default=REPOSITORY / "build" / "bench-reminders")
    given = arguments.parse_args()
    shutil.rmtree(given.home, ignore_errors=True)
    began = time.monotonic()
    engine()
    with bench(given.home / "few") as few, bench(given.home / "many") as many:
        for found in (few, many):
            slots.wake(found.host)
        _, calls, rows, seconds = day(few, FEW)
        finding(few)
        for size in (*MANY, *((MILLION,) if given.million else ())):
            say(f"    {size:,} stored in {clocked(lambda size=size: many.store(size)):.0f} s")
            compared([(day(few, FEW)[0], day(many, size)[0]) for _ in range(_TURNS)])
        per_reminder(calls, seconds)
        country(calls, rows, seconds)
    say(f"\nmeasured in {time.monotonic() - began:.0f} s on {cores()} cores, stores and mail sink beside")


def engine() -> None:
    """Print what the whole set of rules takes for one person."""
    taken: dict[str, tuple[float, float]] = {}
    for name, who, past in people():
        taken[name] = (
            timed(lambda w=who, p=past: due(w, p, SHIPPED, TODAY)),
            timed(lambda w=who, p=past: next_due(w, p, SHIPPED, TODAY)),
        )
    slowest = max(taken, key=lambda name: taken[name][0])
    say(
        f"(a) one person, {len(SHIPPED.by_id)} rules: due median {median(one for one, _ in taken.values()):.0f} µs, "
        f"slowest {taken[slowest][0]:.0f} µs ({slowest}; aim 150 µs on an ordinary machine) · "
        f"next day to look, slowest {max(two for _, two in taken.values()):.0f} µs"
    )


def day(found: Bench, stored: int) -> tuple[tuple[int, float, int], Counter[str], Counter[str], float]:
    """Run one day over so many stored records, a thousand of them due.

    Return the sweep; of the work the calls, the rows that calls of many rows named, the seconds.
    """
    found.store(stored)
    found.due(DUE)
    found.next_hour()
    found.messages()
    found.calls()
    before = found.sink.ids.total()
    sweep = clocked(lambda: slots.wake(found.host))
    reads, bodies = found.calls(), found.messages()
    found.rows()
    seconds = clocked(lambda: found.work(bodies))
    calls, rows = found.calls(), found.rows()
    sent = found.sink.ids.total() - before
    again = max(found.sink.ids.values())
    say(
        f"(b) {stored:>9,} stored, {DUE:,} due: the sweep of {reads['Query']} hours read "
        f"{reads.total()} calls in {sweep * 1000:.1f} ms, {len(bodies)} messages; {sent:,} mails by one worker in "
        f"{seconds:.1f} s, {calls.total():,} calls; most often under one Message-ID: {again}"
    )
    return (reads.total() + calls.total(), sweep + seconds, sent), calls, rows, seconds


def compared(turns: list[tuple[tuple[int, float, int], tuple[int, float, int]]]) -> None:
    """Print how reads and time grow with what is stored, turn by turn."""
    calls = [big[0] / small[0] for small, big in turns]
    times = [big[1] / small[1] for small, big in turns]
    each = ", ".join(f"{one:.2f}" for one in times)
    say(f"    reads and writes {median(calls):.2f}×, time {median(times):.2f}× (aim 1.2×; turn by turn {each})")


def finding(found: Bench) -> None:
    """Print how long it takes to find a hundred among ten thousand."""
    hour = "2027-03-01T08#00"
    found.host.rows.put_many([slots.row(hour, f"{number:026d}") for number in range(100)])
    times = sorted(clocked(lambda: _found(found, hour)) * 1000 for _ in range(_ROUNDS))
    floor = median(clocked(lambda: _bare(found, hour)) * 1000 for _ in range(_ROUNDS))
    least = median(clocked(lambda: _bare(found, "nothing", 0)) * 1000 for _ in range(_ROUNDS))
    say(
        f"(c) 100 due found among {found.stored:,}: p50 {median(times):.2f} ms, p95 {times[int(_ROUNDS * 0.95)]:.2f} "
        f"ms (aim 2 ms p50; a FHIR server on PostgreSQL, as quoted, 5.6 ms) · floor, by bare boto3 {floor:.2f} ms, "
        f"{least:.2f} when there is nothing to find"
    )


def _found(found: Bench, hour: str) -> None:
    assert len(found.host.rows.names(f"h#{hour}", limit=slots.PAGE)) == 100


def _bare(found: Bench, hour: str, there: int = 100) -> None:
    client = found.host.rows._client
    answer = client.query(
        TableName="carnet",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": f"h#{hour}"}},
        ProjectionExpression="sk",
        ConsistentRead=True,
        Limit=slots.PAGE,
    )
    assert len(answer["Items"]) == there


def per_reminder(calls: Counter[str], seconds: float) -> None:
    """Print what compute, enqueue and send take of the store."""
    each = " · ".join(f"{name} {number / DUE:.2f}" for name, number in calls.most_common())
    say(
        f"(d) compute, enqueue and send: {calls.total() / DUE:.2f} store calls a reminder (aim 6: {each}), "
        f"{seconds / DUE * 1000:.1f} ms each by one worker, mail server included"
    )


def clocked(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def say(line: str) -> None:
    """Print it now."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
