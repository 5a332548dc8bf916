"""`python -m tests.bench.choices`: what 2,000 hidden documents and 500 blocks cost the gate, against a fresh record."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from chalicelib.access.gate import Ask, gate
from chalicelib.access.relay import relay
from chalicelib.consent import actions as consent
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.host import Host
from tests.interleavings.real_pair import real_host
from tests.people import DOCTOR, ENROLMENT, HOLDER, person
from tests.unit.loaded import BLOCKS, MASKS, load

CALLS, FLUSHED = 400, 25
ALLOWED = 1.3
Hosts = Callable[[Path], Iterator[Host]]


@contextmanager
def _memory(_folder: Path) -> Iterator[Host]:
    yield memory_host()


def record_of(host: Host, number: int) -> str:
    """Open a record whose doctor may read."""
    record, _ = open_(host, ENROLMENT, person(ins=f"2550814{number:08d}"), HOLDER.id)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    return record


def measured(host: Host, records: list[str]) -> list[float]:
    """Return the median of the gate in milliseconds for each record, asked in turn so that noise hits both alike."""
    spent: list[list[float]] = [[] for _ in records]
    for call in range(CALLS):
        for record, times in zip(records, spent, strict=True):
            begun = perf_counter()
            gate(host, Ask(DOCTOR, record, "document:list"))
            times.append((perf_counter() - begun) * 1000)
            if call % FLUSHED == FLUSHED - 1:
                relay(host, record, lambda _record, _entry: ())
    return [median(times) for times in spent]


def main() -> int:
    """Print a line for each host; return 1 when the loaded record is too slow on one of them."""
    logging.disable(logging.CRITICAL)
    slow = 0
    for name, made in (("memory", _memory), ("embedded pair", real_host)):
        with TemporaryDirectory() as folder, made(Path(folder)) as host:
            records = [record_of(host, 1), record_of(host, 2)]
            load(host, records[1])
            fresh, loaded = measured(host, records)
        ratio = loaded / fresh
        slow += ratio > ALLOWED
        print(
            f"choices on {name}: gate p50 {fresh:.3f} ms fresh, {loaded:.3f} ms with {MASKS} masks and {BLOCKS} blocks,"
            f" {ratio:.2f}x (at most {ALLOWED}x)",
            flush=True,
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
