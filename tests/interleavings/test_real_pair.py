"""The same operations in threads on the real stores: no schedule is chosen, the same things must hold."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Lock

import pytest

from chalicelib.hosts.aws import Place
from chalicelib.hosts.clock import SystemClock
from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.memory import MemoryKeys, MemoryMail, MemoryQueue, MemoryScanner
from chalicelib.hosts.s3 import S3Blobs
from chalicelib.kernel.host import Host
from infra.local import stores
from infra.local.servers import REGION, Server, free_port, start_blobs, start_rows

from .explore import Scenario, judged
from .operations import Operation, Outcome, Stage, perform
from .oracle import Done
from .scenarios import CORE

ROUNDS = 30
PAUSE = 0.01


def place(server: Server) -> Place:
    return Place(REGION, server.endpoint, server.access_key, server.secret_key)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder: Path = tmp_path_factory.mktemp("pair")
    rows, blobs = start_rows(folder / "rows", free_port()), start_blobs(folder / "blobs", free_port())
    stores.prepare(place(rows), place(blobs))
    clock = SystemClock()
    yield Host(
        rows=DynamoRows(place(rows), stores.TABLE),
        blobs=S3Blobs(place(blobs), stores.BUCKET),
        keys=MemoryKeys(),
        queue=MemoryQueue(clock),
        mail=MemoryMail(),
        scanner=MemoryScanner(),
        clock=clock,
    )
    rows.stop()
    blobs.stop()


class Watched:
    """Threads that begin together, and who had ended before whom began."""

    def __init__(self, host: Host, stage: Stage, operations: Sequence[Operation]) -> None:
        self._host, self._stage, self._operations = host, stage, operations
        self._ended: set[str] = set()
        self._lock = Lock()
        self._barrier = Barrier(len(operations))

    def history(self) -> list[Done]:
        with ThreadPoolExecutor(len(self._operations)) as threads:
            return list(threads.map(self._one, self._operations))

    def _one(self, operation: Operation) -> Done:
        self._barrier.wait()
        self._host.clock.sleep(random.uniform(0, PAUSE))
        with self._lock:
            after = frozenset(self._ended)
        outcome: Outcome = perform(self._host, self._stage, operation)
        with self._lock:
            self._ended.add(operation.name)
        return Done(operation, outcome, after)


@pytest.mark.real
def test_nothing_is_wrong_in_hundreds_of_random_schedules_on_the_real_pair(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    number, wrong = 0, list[str]()
    for _ in range(ROUNDS):
        for scenario in CORE:
            number += 1
            wrong += run(host, scenario, number)
    with capsys.disabled():
        print(f"\ninterleavings on the real pair: {number} random schedules, {len(wrong)} wrong")
    assert not wrong


def run(host: Host, scenario: Scenario, number: int) -> list[str]:
    stage = scenario.prepare(host, f"2550814{number:08d}")
    history = Watched(host, stage, scenario.operations).history()
    return [f"{scenario.name}: {one}" for one in judged(scenario, stage, history, host)]
