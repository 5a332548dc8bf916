"""The same operations in threads on the real stores: nobody chooses the schedule, the same things must hold."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Lock

from chalicelib.hosts.aws import Place
from chalicelib.hosts.clock import SystemClock
from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.memory import MemoryKeys, MemoryMail, MemoryPush, MemoryQueue, MemoryScanner, MemorySms
from chalicelib.hosts.s3 import S3Blobs
from chalicelib.kernel.host import Host
from infra.local import stores
from infra.local.servers import REGION, Server, free_port, start_blobs, start_rows

from .explore import Scenario, judged
from .operations import Operation, Stage, perform
from .oracle import Done
from .scenarios import CORE

_PAUSE = 0.01

_HERE = [one for one in CORE if "emergency" not in one.name]
"""a professional's ledger refuses an emergency told in the same words before: these stores are used again and again"""


@contextmanager
def real_host(folder: Path) -> Iterator[Host]:
    """Start both stores on an empty folder."""
    servers = start_rows(folder / "rows", free_port()), start_blobs(folder / "blobs", free_port())
    rows, blobs = map(_place, servers)
    try:
        stores.prepare(rows, blobs)
        clock = SystemClock()
        yield Host(
            rows=DynamoRows(rows, stores.TABLE),
            blobs=S3Blobs(blobs, stores.BUCKET),
            keys=MemoryKeys(),
            queue=MemoryQueue(clock),
            mail=MemoryMail(),
            sms=MemorySms(),
            push=MemoryPush(),
            scanner=MemoryScanner(),
            clock=clock,
        )
    finally:
        for server in servers:
            server.stop()


def _place(server: Server) -> Place:
    return Place(REGION, server.endpoint, server.access_key, server.secret_key)


class Watched:
    """Threads that begin together, and who had ended before whom began."""

    def __init__(self, host: Host, stage: Stage, operations: Sequence[Operation]) -> None:
        self._host, self._stage, self._operations = host, stage, operations
        self._ended: set[str] = set()
        self._lock = Lock()
        self._barrier = Barrier(len(operations))

    def history(self) -> list[Done]:
        """Carry them out."""
        with ThreadPoolExecutor(len(self._operations)) as threads:
            return list(threads.map(self._one, self._operations))

    def _one(self, operation: Operation) -> Done:
        self._barrier.wait()
        self._host.clock.sleep(random.uniform(0, _PAUSE))
        with self._lock:
            after = frozenset(self._ended)
        outcome = perform(self._host, self._stage, operation)
        with self._lock:
            self._ended.add(operation.name)
        return Done(operation, outcome, after)


def run(folder: Path, rounds: int) -> tuple[str, list[str]]:
    """Run every core scenario so many times; return a line that says so, and what is wrong."""
    wrong: list[str] = []
    with real_host(folder) as host:
        for number in range(rounds * len(_HERE)):
            wrong += _once(host, _HERE[number % len(_HERE)], number)
    return f"interleavings on the real pair: {rounds * len(_HERE)} random schedules, {len(wrong)} wrong", wrong


def _once(host: Host, scenario: Scenario, number: int) -> list[str]:
    stage = scenario.prepare(host, f"2550814{number:08d}")
    history = Watched(host, stage, scenario.operations).history()
    return [f"{scenario.name}: {one}" for one in judged(scenario, stage, history, host)]
