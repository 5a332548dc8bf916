"""One process of the product as the harness sees it: every port call counted, one of them deadly."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Generic, TypeVar

from chalicelib.kernel.errors import Ambiguous, Unavailable
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import (
    ALWAYS,
    Blob,
    Blobs,
    Change,
    Delivery,
    Key,
    Keys,
    Mail,
    Pending,
    Queue,
    Row,
    Rows,
    When,
)

from .worlds import World

T = TypeVar("T")
SIDES = ("before", "after")
FAILURES = ("down", "lost")
"""the process lives on: the call never arrives, or only its answer is lost"""
Point = tuple[int, str]
"""(number of the call, side): `after` = the effect is there, its answer is lost"""


class Killed(BaseException):
    """The process is gone: nothing in it may catch this and go on."""


@dataclass
class Meter:
    """Counts the calls of one stage, which may be several processes one after the other; kills once."""

    kill: Point | None = None
    trace: list[str] = field(default_factory=list)
    fired: bool = False


class Process:
    """Between start and death: what it was given out (`releases`) and what it mailed without writing it down."""

    def __init__(self, world: World, meter: Meter) -> None:
        self.world, self.meter, self.dead = world, meter, False
        self._since, self._releases, self._mailed = world.entries_now(), 0, list[str]()

    def host(self) -> Host:
        """Return the host that this process sees; its memory begins empty."""
        world = self.world
        rows = WatchedRows(self, world.rows)
        queue = WatchedQueue(self, world.queue_over(rows))
        blobs, keys, mail = (
            WatchedBlobs(self, world.blobs),
            WatchedKeys(self, world.keys),
            WatchedMail(self, world.mail),
        )
        sms, push, scanner = (WatchedOut(self, name, getattr(world, name)) for name in ("sms", "push", "scanner"))
        return Host(rows, blobs, keys, queue, mail, sms, push, scanner, world.clock)

    def call(self, name: str, do: Callable[[], T]) -> T:
        """Carry out one port call, unless death comes before; die after it when that was ordered."""
        number = len(self.meter.trace)
        self.meter.trace.append(name)
        self._perhaps(number, "before", Killed)
        self._perhaps(number, "down", Unavailable)
        try:
            return do()
        finally:
            self._perhaps(number, "lost", Ambiguous if name.startswith("rows.") else Unavailable)
            self._perhaps(number, "after", Killed)

    def _perhaps(self, number: int, side: str, end: type[BaseException]) -> None:
        if self.dead:
            raise Killed
        if self.meter.kill == (number, side) and not self.meter.fired:
            self.meter.fired, self.dead = True, end is Killed
            for name in self._mailed:
                self.world.excused[name] += 1
            raise end

    def releases(self, record: str) -> None:
        """Say that the content key is about to be released: every release needs an entry of its own."""
        self._releases += 1
        if self.world.releasing(record, self._since.get(record, 0)) < self._releases:
            self.world.wrong.append("release without entry")

    def mailed(self, message: EmailMessage) -> None:
        """Remember what the mail server took and no row says yet."""
        self._mailed.append(str(message["Message-ID"]))

    def written(self, sort: str) -> None:
        """Forget it once the row says so."""
        if sort.startswith("6told#"):
            self._mailed.clear()


class WatchedPending(Generic[T]):
    """The result is the call."""

    def __init__(self, process: Process, name: str, pending: Pending[T]) -> None:
        self._process, self._name, self._pending = process, name, pending

    def result(self) -> T:
        return self._process.call(self._name, self._pending.result)


class WatchedRows:
    def __init__(self, process: Process, rows: Rows) -> None:
        self._process, self._rows = process, rows

    def begin_get(self, keys: Sequence[Key]) -> WatchedPending[dict[Key, Row]]:
        return WatchedPending(self._process, "rows.begin_get", self._rows.begin_get(keys))

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        return self._process.call("rows.get", lambda: self._rows.get(keys))

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        call = self._rows.query
        return self._process.call("rows.query", lambda: call(partition, after=after, upto=upto, limit=limit))

    def begin_query(
        self, partition: str, *, after: str = "", upto: str = "", limit: int = 100
    ) -> WatchedPending[list[Row]]:
        begun = self._rows.begin_query(partition, after=after, upto=upto, limit=limit)
        return WatchedPending(self._process, "rows.query", begun)

    def names(self, partition: str, *, after: str = "", limit: int = 100) -> list[str]:
        return self._process.call("rows.names", lambda: self._rows.names(partition, after=after, limit=limit))

    def begin_names(self, partition: str, *, after: str = "", limit: int = 100) -> WatchedPending[list[str]]:
        begun = self._rows.begin_names(partition, after=after, limit=limit)
        return WatchedPending(self._process, "rows.names", begun)

    def put(self, row: Row, when: When = ALWAYS) -> None:
        def do() -> None:
            self._rows.put(row, when)
            self._process.written(str(row["sk"]))

        self._process.call("rows.put", do)

    def begin_put(self, row: Row, when: When = ALWAYS) -> WatchedPending[None]:
        return WatchedPending(self._process, "rows.put", self._rows.begin_put(row, when))

    def put_many(self, rows: Sequence[Row]) -> None:
        self._process.call("rows.put_many", lambda: self._rows.put_many(rows))

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        self._process.call("rows.update", lambda: self._rows.update(key, change, when))

    def delete(self, key: Key, when: When = ALWAYS) -> None:
        self._process.call("rows.delete", lambda: self._rows.delete(key, when))

    def work(self, shard: str, *, upto: str, limit: int = 100) -> list[Key]:
        return self._process.call("rows.work", lambda: self._rows.work(shard, upto=upto, limit=limit))


class WatchedBlobs:
    def __init__(self, process: Process, blobs: Blobs) -> None:
        self._process, self._blobs = process, blobs

    def put(self, name: str, data: bytes) -> None:
        self._process.call("blobs.put", lambda: self._blobs.put(name, data))

    def begin_put(self, name: str, data: bytes) -> WatchedPending[None]:
        return WatchedPending(self._process, "blobs.put", self._blobs.begin_put(name, data))

    def begin_get(self, name: str) -> WatchedPending[bytes]:
        return WatchedPending(self._process, "blobs.begin_get", self._blobs.begin_get(name))

    def read(self, name: str, start: int, stop: int) -> bytes:
        return self._process.call("blobs.read", lambda: self._blobs.read(name, start, stop))

    def delete(self, name: str) -> None:
        self._process.call("blobs.delete", lambda: self._blobs.delete(name))

    def list(self, prefix: str = "") -> Iterator[Blob]:
        return iter(self._process.call("blobs.list", lambda: [*self._blobs.list(prefix)]))


class WatchedKeys:
    def __init__(self, process: Process, keys: Keys) -> None:
        self._process, self._keys = process, keys

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        return self._process.call("keys.wrap", lambda: self._keys.wrap(key, context))

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        def do() -> bytes:
            if context.get("use") == "content":
                self._process.releases(context["record"])
            return self._keys.unwrap(wrapped, context)

        return self._process.call("keys.unwrap", do)


class WatchedQueue:
    def __init__(self, process: Process, queue: Queue) -> None:
        self._process, self._queue = process, queue

    def send(self, name: str, body: str) -> None:
        self._process.call("queue.send", lambda: self._queue.send(name, body))

    def receive(self, name: str, limit: int = 10) -> list[Delivery]:
        return self._process.call("queue.receive", lambda: self._queue.receive(name, limit))

    def delete(self, name: str, receipt: str) -> None:
        self._process.call("queue.delete", lambda: self._queue.delete(name, receipt))

    def redrive(self, name: str) -> int:
        return self._process.call("queue.redrive", lambda: self._queue.redrive(name))


class WatchedOut:
    """A port that sends or asks something outside, and keeps nothing of ours."""

    def __init__(self, process: Process, name: str, port: Any) -> None:
        self._process, self._name, self._port = process, name, port

    def accepts(self, target: Any) -> bool:
        return bool(self._port.accepts(target))

    def __getattr__(self, verb: str) -> Any:
        return lambda *given: self._process.call(f"{self._name}.{verb}", lambda: getattr(self._port, verb)(*given))


class WatchedMail:
    def __init__(self, process: Process, mail: Mail) -> None:
        self._process, self._mail = process, mail

    def send(self, message: EmailMessage) -> None:
        def do() -> None:
            self._mail.send(message)
            self._process.mailed(message)

        self._process.call("mail.send", do)
