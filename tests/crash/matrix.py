"""The kill matrix: `python -m tests.crash.matrix [--doubles N | --all] [--real N] [--list]`.

Without an option every single kill and a seeded sample of double kills run in memory.
"""

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from .operations import OPERATIONS, Operation
from .rooms import real_pair
from .schedules import Schedule, doubles, pairs, retries, run, singles, trace
from .watch import SIDES
from .worlds import World, memory_world

SEED = 2
SAMPLE = 500


@dataclass
class Tally:
    """What was run and what was found."""

    single: int = 0
    double: int = 0
    calls: int = 0
    reached: set[tuple[str, int, str]] = field(default_factory=set)
    """(operation, call, side) at which a first kill came"""
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in what another part of the matrix found."""
        self.single, self.double, self.calls = (
            self.single + other.single,
            self.double + other.double,
            self.calls + other.calls,
        )
        self.reached |= other.reached
        self.wrong += other.wrong

    def play(self, schedule: Schedule, empty: Callable[[], World] = memory_world) -> tuple[str, ...]:
        """Run one schedule; return the calls after its first kill."""
        result = run(schedule, empty)
        self.wrong += [f"{schedule}: {what}" for what in result.wrong]
        if schedule.first:
            self.reached.add((schedule.operation.name, *schedule.first))
        self.single += bool(schedule.first and not schedule.second)
        self.double += bool(schedule.second)
        return result.second

    def line(self, name: str) -> str:
        """Say it in one line."""
        found = Counter(_kind(what) for what in self.wrong)
        kinds = ", ".join(f"{found[kind]} {words}" for kind, words in _KINDS.items())
        return (
            f"{name}: {len(OPERATIONS)} operations, {self.calls} calls, {len(self.reached)} pairs killed, "
            f"{self.single} schedules single, {self.double} double, {kinds}, {found['']} otherwise wrong"
        )


_KINDS = {"lost": "lost", "doubled": "doubled", "release": "releases without entry"}


def _kind(what: str) -> str:
    return next((kind for kind in _KINDS if f": {kind}" in what), "")


def expected() -> set[tuple[str, int, str]]:
    """Return every (operation, call, side) of the traces."""
    return {(operation.name, *point) for operation in OPERATIONS for point in pairs(operation)}


def matrix_of(operation: Operation, sample: int | None) -> Tally:
    """Run all single kills of one operation and `sample` double ones (None: all)."""
    tally, found = Tally(calls=len(trace(operation))), list[Schedule]()
    tally.play(Schedule(operation))
    for single in singles(operation):
        found += doubles(single, tally.play(single))
    for double in found if sample is None else random.Random(SEED).sample(found, min(sample, len(found))):
        tally.play(double)
    return tally


def in_memory(sample: int | None = SAMPLE, workers: int | None = None) -> Tally:
    """Run the matrix on as many processes as there are cores; `sample` double kills in all."""
    each = None if sample is None else -(-sample // len(OPERATIONS))
    tally = Tally()
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        for part in pool.map(matrix_of_named, [(operation.name, each) for operation in OPERATIONS]):
            tally.add(part)
    return tally


def matrix_of_named(order: tuple[str, int | None]) -> Tally:
    """Run the part of one operation, named so that the order can travel to another process."""
    return matrix_of(next(op for op in OPERATIONS if op.name == order[0]), order[1])


def on_the_real_pair(size: int) -> Tally:
    """Repeat a seeded sample on ExtendDB and SeaweedFS, the queue in the table: for each kill one more after it."""
    tally, share = Tally(), -(-size // (2 * len(OPERATIONS)))
    with real_pair() as empty:
        for operation in OPERATIONS:
            _sample(tally, operation, share, empty)
    return tally


def _sample(tally: Tally, operation: Operation, share: int, empty: Callable[[], World]) -> None:
    chance = random.Random(f"{SEED} {operation.name}")
    plain = run(Schedule(operation), empty)
    tally.calls += len(plain.first)
    tally.wrong += [f"{operation.name} without a kill: {what}" for what in plain.wrong]
    for point in chance.sample([(number, side) for number in range(len(plain.first)) for side in SIDES], share):
        single = Schedule(operation, point, None, chance.choice(retries(operation)))
        tally.play(chance.choice([*doubles(single, tally.play(single, empty))]), empty)


def report(name: str, tally: Tally, missing: Sequence[tuple[str, int, str]] = ()) -> bool:
    """Print what was found; tell whether all is well."""
    for what in tally.wrong[:20]:
        print(f"  {what}")
    for operation, number, side in missing:
        print(f"  no kill {side} call {number} of {operation}")
    print(tally.line(name))
    return not tally.wrong and not missing


def show() -> None:
    """Print every pair."""
    for operation in OPERATIONS:
        for number, side in pairs(operation):
            print(f"{operation.name}: {side} call {number} {trace(operation)[number]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="all double kills, which takes a quarter of an hour")
    parser.add_argument("--doubles", type=int, default=SAMPLE, help="how many double kills in memory")
    parser.add_argument("--real", type=int, default=0, metavar="N", help="only N schedules on the real pair")
    parser.add_argument("--list", action="store_true", help="only print every operation, call and side")
    asked = parser.parse_args(arguments)
    if asked.list:
        show()
        return 0
    if asked.real:
        return 0 if report("crash on the real pair", on_the_real_pair(asked.real)) else 1
    tally = in_memory(None if asked.all else asked.doubles)
    return 0 if report("crash", tally, sorted(expected() - tally.reached)) else 1


if __name__ == "__main__":
    sys.exit(main())
