"""The kill matrix: `python -m tests.crash.matrix [--doubles N | --all] [--real N] [--list]`.

Without an option every single kill and a seeded sample of double kills run in memory.
"""

import argparse
import logging
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

from .operations import OPERATIONS, Operation
from .rooms import real_pair
from .schedules import Empty, Result, Schedule, doubles, failures, pairs, retries, run, trace
from .watch import FAILURES
from .worlds import memory_world, polled_world

SEED = 2
SAMPLE = 500
TRIES = 5


@dataclass(frozen=True)
class Part:
    """One operation with one kind of client; it travels to another process, so the operation goes by name."""

    operation: str
    retry: str
    sample: int | None
    empty: Empty


@dataclass
class Tally:
    """What was run and what was found."""

    single: int = 0
    double: int = 0
    failed: int = 0
    reached: set[tuple[str, int, str]] = field(default_factory=set)
    """(operation, call, side) at which a first kill came"""
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in what another part of the matrix found."""
        self.single, self.double, self.failed = (
            self.single + other.single,
            self.double + other.double,
            self.failed + other.failed,
        )
        self.reached |= other.reached
        self.wrong += other.wrong

    def play(self, schedule: Schedule, empty: Empty = memory_world) -> tuple[str, ...]:
        """Run one schedule; return the calls after its first kill."""
        result = run(schedule, empty)
        self.take(schedule, result)
        self.wrong += [f"{schedule}: the kill at {point} never came" for point in result.missed]
        return result.second

    def take(self, schedule: Schedule, result: Result) -> None:
        """Take in what one schedule gave; one whose kill never came is not counted."""
        self.wrong += [f"{schedule}: {what}" for what in result.wrong]
        if not result.missed:
            self._count(schedule)

    def _count(self, schedule: Schedule) -> None:
        assert schedule.first
        if schedule.first[1] in FAILURES:
            self.failed += 1
            return
        self.reached.add((schedule.operation.name, *schedule.first))
        self.single, self.double = self.single + (not schedule.second), self.double + bool(schedule.second)

    @property
    def calls(self) -> int:
        """Return how many calls were killed."""
        return len({(operation, number) for operation, number, _ in self.reached})

    def line(self, name: str) -> str:
        """Say it in one line."""
        found = Counter(_kind(what) for what in self.wrong)
        kinds = ", ".join(f"{found[kind]} {words}" for kind, words in _KINDS.items())
        return (
            f"{name}: {len({operation for operation, _, _ in self.reached})} operations, {self.calls} calls, "
            f"{len(self.reached)} (operation, call, side) pairs killed, "
            f"{self.single} schedules single, {self.double} double, {self.failed} failures without a kill, "
            f"{kinds}, {found['']} otherwise wrong"
        )


_KINDS = {"lost": "lost", "doubled": "doubled", "release": "releases without entry"}


def _kind(what: str) -> str:
    return next((kind for kind in _KINDS if f": {kind}" in what), "")


def expected(empty: Empty = memory_world) -> set[tuple[str, int, str]]:
    """Return every (operation, call, side) of the traces."""
    return {(operation.name, *point) for operation in OPERATIONS for point in pairs(operation, empty)}


def matrix_of(part: Part) -> Tally:
    """Run all single kills and failures of one operation with one kind of client, and `sample` double kills."""
    operation = next(op for op in OPERATIONS if op.name == part.operation)
    tally, found = Tally(), list[Schedule]()
    for point in pairs(operation, part.empty):
        single = Schedule(operation, point, None, part.retry)
        found += doubles(single, tally.play(single, part.empty))
    for point in failures(operation, part.empty):
        tally.play(Schedule(operation, point, None, part.retry), part.empty)
    for double in found if part.sample is None else random.Random(SEED).sample(found, min(part.sample, len(found))):
        tally.play(double, part.empty)
    return tally


def parts(sample: int | None, empty: Empty = memory_world) -> list[Part]:
    """Cut the matrix into parts, with `sample` double kills in all."""
    whole = [Part(operation.name, retry, None, empty) for operation in OPERATIONS for retry in retries(operation)]
    return whole if sample is None else [replace(part, sample=-(-sample // len(whole))) for part in whole]


def in_memory(sample: int | None = SAMPLE, empty: Empty = memory_world, workers: int | None = None) -> Tally:
    """Run the matrix on as many processes as there are cores."""
    tally = Tally()
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        for part in pool.map(matrix_of, parts(sample, empty)):
            tally.add(part)
    return tally


def on_the_real_pair(size: int, operations: Sequence[Operation] = OPERATIONS) -> Tally:
    """Repeat a seeded sample on ExtendDB and SeaweedFS, the queue in the table: for each kill one more after it."""
    tally, share = Tally(), -(-size // (2 * len(operations)))
    with real_pair() as empty:
        for operation in operations:
            _sample(tally, operation, share, empty)
    return tally


def _sample(tally: Tally, operation: Operation, share: int, empty: Empty) -> None:
    chance = random.Random(f"{SEED} {operation.name}")
    calls = pairs(operation, polled_world)  # the same in memory: a kill that never comes is told
    for point in chance.sample(calls, share):
        single = Schedule(operation, point, None, chance.choice(retries(operation)))
        _one_double(tally, [*doubles(single, tally.play(single, empty))], chance, empty)


def _one_double(tally: Tally, found: Sequence[Schedule], chance: random.Random, empty: Empty) -> None:
    """Play one of these; how many calls a recovery needs varies here, for the work index lags: try another then."""
    for double in chance.sample(found, min(TRIES, len(found))):
        result = run(double, empty)
        tally.take(double, result)
        if not result.missed:
            return


def report(name: str, tally: Tally, missing: Sequence[tuple[str, int, str]] = ()) -> bool:
    """Print what was found; tell whether all is well."""
    for what in tally.wrong[:20]:
        print(f"  {what}")
    for operation, number, side in missing:
        print(f"  no kill {side} call {number} of {operation}")
    print(tally.line(name))
    return not tally.wrong and not missing


def report_of(name: str, size: int | None, empty: Empty) -> bool:
    """Run the matrix in memory and report it."""
    tally = in_memory(size, empty)
    return report(name, tally, sorted(expected(empty) - tally.reached))


def show() -> None:
    """Print every pair."""
    for operation in OPERATIONS:
        for number, side in pairs(operation):
            print(f"{operation.name}: {side} call {number} {trace(operation)[number]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 when something was found."""
    logging.getLogger("chalicelib").setLevel(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="all double kills, which takes about an hour")
    parser.add_argument("--doubles", type=int, default=SAMPLE, help="how many double kills in memory")
    parser.add_argument("--real", type=int, default=0, metavar="N", help="only N schedules on the real pair")
    parser.add_argument("--list", action="store_true", help="only print every operation, call and side")
    asked = parser.parse_args(arguments)
    if asked.list:
        show()
        return 0
    if asked.real:
        tally = on_the_real_pair(asked.real)
        return 0 if report("crash on the real pair", tally) and tally.single + tally.double >= asked.real else 1
    size = None if asked.all else asked.doubles
    well = [report_of("crash", size, memory_world), report_of("crash with the queue in the table", size, polled_world)]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
