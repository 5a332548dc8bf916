"""`python -m tests.bench`: what requests take, in one run, the product and the floor in turns (docs/performance.md)."""

import argparse
import itertools
import shutil
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

from infra.local.home import REPOSITORY
from infra.local.instance import Instance, running

from .asked import Connection, Maker
from .floor import Floor
from .inside import sealing
from .inside_run import counts, own_cpu
from .load import TwoProcesses, taken
from .processes import Behind, peaks
from .turns import Bench
from .world import World, build, lengthen

OPERATIONS = {"deposit": 1.2, "consult": 1.5, "listing": 1.5, "metadata": 1.5}
"""operation -> how many times the floor it may take with one client"""
NAMES = {"deposit": "deposit 1 MB", "consult": "consult 1 MB", "listing": "list 25", "metadata": "read metadata"}
LENGTHS = (25, 1000, 10_000)
PEERS = """For reference, as quoted (lighter stores, neither journal nor sealing; not measured here):
  upload 1 MB 12-15 ms, 123/s (FHIR Works on AWS) · consult with consent 10 ms, 154/s (Medplum)
  list 25 11.3 ms, 106/s (NHS NRLF) · metadata 2.1-3.2 ms, 513-606/s"""


def main() -> None:
    """Run everything, or only the operations named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("operation", nargs="*", help=", ".join(OPERATIONS))
    arguments.add_argument("--home", type=Path, default=REPOSITORY / "build" / "bench")
    given = arguments.parse_args()
    shutil.rmtree(given.home, ignore_errors=True)
    began = time.monotonic()
    with running(given.home) as instance:
        run(instance, [name for name in OPERATIONS if name in given.operation or not given.operation])
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")


def run(instance: Instance, operations: Sequence[str]) -> None:
    """Print everything of one instance."""
    say("Stores: ExtendDB 0.1.10 on SQLite (rows, queue) and SeaweedFS 4.48 (blobs), on the same machine as the front")
    say("and the clients. Floor: bare boto3, the same store calls one after another, and the sealing.\n")
    bench = prepared(instance, build(instance.home.env))
    reads = [operation for operation in operations if operation != "deposit"]
    for show in (show_alone, show_many):
        for operation in reads:
            show(bench, operation)
    if "listing" in reads:
        show_lengths(bench)
    # before the deposits: for a minute after them the worker checks what they left
    inside = [*counts(bench.world, bench.maker), *sealing(), *own_cpu(bench.world, bench.maker)]
    if "deposit" in operations:
        show_deposits(bench)
    bench.processes.stop()
    say("")
    for line in (*inside, *peaks(instance)):
        say(line)
    say("\n" + PEERS)


def prepared(instance: Instance, world: World) -> Bench:
    """Return both sides, ready to be measured."""
    arguments = (world.settings, world.table, world.records, world.settings["CARNET_BUCKET"])
    floor, names = Floor(*arguments), {number: world.newest[record] for number, record in enumerate(world.records)}
    floor.prepare(world)
    maker = Maker(instance.base_url, instance.caller("doctor"), instance.caller("laboratory"))
    processes = TwoProcesses(arguments, names)
    time.sleep(3)  # the worker relays what opening the records left to do
    return Bench(instance.base_url, world, maker, floor, processes, Behind(instance.pid("worker")), itertools.count())


def show_alone(bench: Bench, operation: str) -> None:
    """Print one line."""
    ours, theirs = bench.alone(operation)
    say(
        f"one client    {NAMES[operation]:14} p50 {ours.p50:6.2f} ms  p95 {ours.p95:6.2f} ms · floor p50"
        f" {theirs.p50:6.2f} p95 {theirs.p95:6.2f} · {ours.p50 / theirs.p50:4.2f} x floor (aim {OPERATIONS[operation]})"
    )


def show_many(bench: Bench, operation: str) -> None:
    """Print one line."""
    ours, threads, processes = bench.many(operation)
    (best, kind), (other, _) = sorted(((threads, "8 threads"), (processes, "2 processes x 4 threads")), reverse=True)
    say(
        f"eight clients {NAMES[operation]:14} {ours:6.0f} ops/s · floor {best:6.0f} ops/s ({kind}; the other kind"
        f" {other:.0f}) · {ours / best:4.2f} of floor (aim 0.8)"
    )


def show_deposits(bench: Bench) -> None:
    """Print lines; last of all, since what is deposited waits for intake, and lists have to step over it."""
    with bench.behind.quiet():
        show_alone(bench, "deposit")
        show_many(bench, "deposit")
    say(bench.behind.drained(bench.world))


def show_lengths(bench: Bench) -> None:
    """Print one line."""
    lengthen(bench.world, LENGTHS)
    connection = Connection(bench.base_url)
    times: dict[int, list[float]] = {size: [] for size in LENGTHS}
    for size in LENGTHS * 30:
        request = bench.maker.long_listing(bench.world.long[size])
        times[size].append(taken(partial(connection.ask, request)))
    connection.close()
    say(
        "list 25       of a record of "
        + " · ".join(f"{size:,} documents {median(times[size]):.2f} ms" for size in LENGTHS)
    )


def say(line: str) -> None:
    """Print it now."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
