"""`python -m tests.bench`: everything of docs/performance.md in one run, the product and the floor in turns."""

import argparse
import itertools
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from infra.local.home import REPOSITORY
from infra.local.instance import Instance, running

from . import inside
from .asked import Connection, Maker, Request
from .floor import Floor
from .inside_run import counts, own_cpu
from .load import CLIENTS, Times, TwoProcesses, rate, timed
from .memory import peaks
from .world import SHELVES, World, build, lengthen

OPERATIONS = {"deposit": 1.2, "consult": 1.5, "listing": 1.5, "metadata": 1.5}
"""operation -> how many times the floor it may take with one client"""
NAMES = {"deposit": "deposit 1 MB", "consult": "consult 1 MB", "listing": "list 25", "metadata": "read metadata"}
ALONE_ROUNDS, ALONE = 8, {"deposit": 12, "consult": 25, "listing": 30, "metadata": 40}
MANY_ROUNDS, SECONDS = 3, 1.5
LENGTHS = (25, 1000, 10_000)


@dataclass(slots=True)
class Bench:
    """One instance under measurement."""

    instance: Instance
    world: World
    maker: Maker
    floor: Floor
    processes: TwoProcesses
    turns: "itertools.count[int]"

    def numbers(self, count: int) -> list[int]:
        """Return the next records, one after another."""
        return [next(self.turns) % SHELVES for _ in range(count)]

    def requests(self, operation: str, numbers: Sequence[int]) -> list[Request]:
        """Make requests."""
        make = getattr(self.maker, operation)
        return [make(self.world, number) for number in numbers]

    def document(self, number: int) -> str:
        """Return the document that both sides read."""
        return self.world.newest[self.world.records[number]]

    def alone(self, operation: str) -> tuple[Times, Times]:
        """Return what product and floor take with one client."""
        ours: list[float] = []
        theirs: list[float] = []
        connection, floor = Connection(self.instance.base_url), getattr(self.floor, operation)
        for _ in range(ALONE_ROUNDS):
            self.floor.level(self.world)
            numbers = self.numbers(ALONE[operation])
            requests = self.requests(operation, numbers)
            ours += timed(lambda n: connection.ask(requests[n]), range(len(numbers)))[1:]
            theirs += timed(lambda n: floor(n, self.document(n)), numbers)[1:]
        connection.close()
        return Times.of(ours), Times.of(theirs)

    def many(self, operation: str) -> tuple[float, float, float]:
        """Return operations a second of eight clients: product, floor in 8 threads, floor in 2 x 4."""
        floor, found = getattr(self.floor, operation), []
        for _ in range(MANY_ROUNDS):
            self.floor.level(self.world)
            numbers = self.numbers(SHELVES)
            threads = rate([lambda n: floor(n, self.document(n))] * CLIENTS, numbers, SECONDS)
            product = self._product(operation)
            processes = self.processes.rate(operation, numbers, SECONDS)
            found.append((product, threads, processes))
        return tuple(median(column) for column in zip(*found, strict=True))  # type: ignore[return-value]

    def _product(self, operation: str) -> float:
        numbers = self.numbers(int(SECONDS * 120) if operation == "deposit" else SHELVES)
        requests = self.requests(operation, numbers)
        connections = [Connection(self.instance.base_url) for _ in range(CLIENTS)]
        steps: list[Callable[[int], object]] = [lambda n, c=c: c.ask(requests[n]) for c in connections]
        found = rate(steps, range(len(requests)), SECONDS)  # type: ignore[arg-type]
        for connection in connections:
            connection.close()
        return found


def main() -> None:
    """Run everything, or only the operations named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("operation", nargs="*", choices=[*OPERATIONS, []])
    arguments.add_argument("--home", type=Path, default=REPOSITORY / "build" / "bench")
    given = arguments.parse_args()
    shutil.rmtree(given.home, ignore_errors=True)
    began = time.monotonic()
    with running(given.home) as instance:
        run(instance, given.operation or list(OPERATIONS))
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")


def run(instance: Instance, operations: Sequence[str]) -> None:
    """Print everything of one instance."""
    print("Stores: ExtendDB 0.1.10 on SQLite (rows, queue) and SeaweedFS 4.48 (blobs), both on loopback, 2 cores shared")
    print("with clients and stores. Floor: bare boto3, the same calls one after another, plus sealing.\n")
    world = build(instance.home.env)
    bucket = world.settings["CARNET_BUCKET"]
    arguments = (world.settings, world.table, world.records, bucket)
    floor = Floor(*arguments)
    floor.prepare(world)
    names = {number: world.newest[record] for number, record in enumerate(world.records)}
    maker = Maker(instance.base_url, instance.caller("doctor"), instance.caller("laboratory"))
    bench = Bench(instance, world, maker, floor, TwoProcesses(arguments, names), itertools.count())
    time.sleep(2)  # the worker relays what opening the records left to do
    for operation in operations:
        show_alone(bench, operation)
    print()
    for operation in operations:
        show_many(bench, operation)
    bench.processes.stop()
    if "listing" in operations:
        show_lengths(bench)
    print()
    for line in (*counts(bench.world, bench.maker), *own_cpu(bench.world, bench.maker), *inside.sealing()):
        print(line)
    for line in peaks(instance):
        print(line)


def show_alone(bench: Bench, operation: str) -> None:
    """Print one line."""
    ours, theirs = bench.alone(operation)
    aim = OPERATIONS[operation]
    print(
        f"one client    {NAMES[operation]:14} p50 {ours.p50:6.2f} ms  p95 {ours.p95:6.2f} ms · floor p50 {theirs.p50:6.2f}"
        f" p95 {theirs.p95:6.2f} · {ours.p50 / theirs.p50:4.2f} x floor (aim {aim})",
        flush=True,
    )


def show_many(bench: Bench, operation: str) -> None:
    """Print one line."""
    ours, threads, processes = bench.many(operation)
    best, kind = max((threads, "8 threads"), (processes, "2 processes x 4 threads"))
    print(
        f"eight clients {NAMES[operation]:14} {ours:6.0f} ops/s · floor {best:6.0f} ops/s ({kind}; the other "
        f"{min(threads, processes):.0f}) · {ours / best:4.2f} of floor (aim 0.8)",
        flush=True,
    )


def show_lengths(bench: Bench) -> None:
    """Print one line."""
    lengthen(bench.world, LENGTHS)
    connection = Connection(bench.instance.base_url)
    taken: dict[int, list[float]] = {size: [] for size in LENGTHS}
    for _ in range(8):
        for size in LENGTHS:
            request = bench.maker.long_listing(bench.world.long[size])
            taken[size] += timed(lambda _, request=request: connection.ask(request), range(6))[1:]
    connection.close()
    print("\nlist 25 of a record with " + " · ".join(f"{size:,} documents: {median(taken[size]):.2f} ms" for size in LENGTHS))


if __name__ == "__main__":
    main()
