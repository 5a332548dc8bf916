"""One run of some operations under a schedule that is given step by step."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from greenlet import getcurrent, greenlet

from chalicelib.access import choices
from chalicelib.hosts.memory import (
    MemoryBlobs,
    MemoryKeys,
    MemoryMail,
    MemoryPush,
    MemoryQueue,
    MemoryRows,
    MemoryScanner,
    MemorySms,
)
from chalicelib.hosts.memory.table import Table
from chalicelib.kernel.host import Host

from .determined import CHANCE, Stream
from .operations import Operation, Outcome, Stage, perform
from .oracle import Done
from .steps import FrozenClock, StepBlobs, StepQueue, StepRows

Wrap = Callable[[MemoryRows], MemoryRows]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The stores before the operations begin. Rows and objects in them are never changed in place."""

    rows: Table
    blobs: Mapping[Any, Any]
    memo: Mapping[str, bytes]
    stage: Stage
    texts: Mapping[int, str]
    """each of these rows as text, by the row itself: most of them are still there in every state"""


def snapshot(prepare: Callable[[Host], Stage]) -> Snapshot:
    """Prepare a fresh host, always the same one."""
    world = _Stores.empty()
    host = world.host(world.rows, world.blobs, world.queue, {})
    CHANCE.stream = Stream("setting")
    stage = prepare(host)
    rows = world.rows._rows.copy()
    texts = {id(row): _row_text(row) for row in rows.values()}
    return Snapshot(rows, dict(world.blobs._blobs), dict(host.memo), stage, texts)


@dataclass(slots=True)
class _Stores:
    rows: MemoryRows
    blobs: MemoryBlobs
    queue: MemoryQueue
    clock: FrozenClock

    @classmethod
    def empty(cls, rows: MemoryRows | None = None) -> "_Stores":
        clock = FrozenClock()
        return cls(rows or MemoryRows(), MemoryBlobs(clock), MemoryQueue(clock), clock)

    def host(self, rows: Any, blobs: Any, queue: Any, memo: Mapping[str, bytes]) -> Host:
        return Host(
            rows,
            blobs,
            MemoryKeys(),
            queue,
            MemoryMail(),
            MemorySms(),
            MemoryPush(),
            MemoryScanner(),
            self.clock,
            dict(memo),
        )


@dataclass(slots=True)
class _Task:
    """One operation under way: like a function instance of its own, with its own memory of choices."""

    operation: Operation
    green: Any
    stream: Stream
    known: dict[bytes, Any] = field(default_factory=dict)
    seen: bytes = b""
    steps: int = 0
    after: frozenset[str] = frozenset()
    outcome: Outcome | None = None


class World:
    """The operations, each stopped before its next port call."""

    def __init__(
        self, start: Snapshot, operations: Sequence[Operation], engine: type[MemoryRows], *, backwards: bool
    ) -> None:
        self._start, self._backwards = start, backwards
        self.stores = _Stores.empty(engine())
        self.stores.rows._rows = start.rows.copy()
        self.stores.blobs._blobs = dict(start.blobs)
        self.tasks = [self._task(operation) for operation in operations]
        for task in self.tasks:
            self._run(task)

    def _task(self, operation: Operation) -> _Task:
        task = _Task(operation, None, Stream(operation.name))

        def step(call: Callable[[], Any]) -> Any:
            getcurrent().parent.switch()
            return self._seen(task, call)

        stores = self.stores
        rows = StepRows(stores.rows, step, backwards=self._backwards)
        host = stores.host(rows, StepBlobs(stores.blobs, step), StepQueue(stores.queue, step), self._start.memo)

        def work() -> None:
            task.outcome = perform(host, self._start.stage, operation)

        task.green = greenlet(work)
        return task

    def _seen(self, task: _Task, call: Callable[[], Any]) -> Any:
        answer: Any = None
        failed: Exception | None = None
        try:
            answer = call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the operation gets it
            failed = error
        when = self.stores.clock.now().isoformat()  # what it does until its next call, it does at this time
        seen = f"{_text(answer)}{type(failed).__name__}{when}"
        task.seen = hashlib.sha256(task.seen + seen.encode()).digest()
        if failed:
            raise failed
        return answer

    def _run(self, task: _Task) -> None:
        CHANCE.stream = task.stream
        shared, choices._parsed = choices._parsed, task.known
        try:
            task.green.switch()
        finally:
            choices._parsed = shared

    def step(self, number: int) -> None:
        """Let one operation do its next port call and run up to the one after it."""
        task = self.tasks[number]
        if not task.steps:
            task.after = frozenset(one.operation.name for one in self.tasks if one.outcome is not None)
        task.steps += 1
        self._run(task)

    def ready(self) -> list[int]:
        """Return which operations have calls left."""
        return [number for number, task in enumerate(self.tasks) if task.outcome is None]

    def state(self) -> bytes:
        """Return a digest of everything on which the rest of the run, and the judgement on it, can depend."""
        stores = self.stores
        tables = [table for table in vars(stores.rows).values() if isinstance(table, Mapping)]
        known = self._start.texts
        rows = [sorted((key, known.get(id(row)) or _row_text(row)) for key, row in one.items()) for one in tables]
        bodies = sorted(stores.queue.bodies(name) for name in ("intake", "notices", "reminders", "enrolment"))
        tasks = [(task.seen, task.steps, sorted(task.after)) for task in self.tasks]
        now = stores.clock.now().isoformat()
        return hashlib.sha256(repr((rows, sorted(stores.blobs._blobs), bodies, tasks, now)).encode()).digest()

    def history(self) -> list[Done]:
        """Return what was seen from outside."""
        return [Done(task.operation, task.outcome or ("unfinished",), task.after) for task in self.tasks]

    def host(self) -> Host:
        """Return the stores as they are, without a scheduler between."""
        stores = self.stores
        return stores.host(stores.rows, stores.blobs, stores.queue, self._start.memo)


def _row_text(row: Mapping[str, Any]) -> str:
    return repr(sorted(row.items()))


def _text(answer: Any) -> str:
    """Return what an operation saw, the same text for the same answer."""
    return repr(_ordered(answer))


def _ordered(answer: Any) -> Any:
    if isinstance(answer, dict):
        return "dict", sorted((name, _ordered(value)) for name, value in answer.items())
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        return [_ordered(one) for one in answer]
    return answer
