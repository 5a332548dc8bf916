"""The real pair, ExtendDB and SeaweedFS, cut into rooms: each schedule gets fresh stores in the same two servers."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

from chalicelib.hosts.aws import Place
from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.memory import MemoryClock, MemoryMail
from chalicelib.hosts.outbox_queue import OutboxQueue
from chalicelib.hosts.s3 import S3Blobs
from chalicelib.kernel.ports import ALWAYS, Blob, Change, Key, Pending, Row, When
from infra.local import stores
from infra.local.servers import REGION, Server, free_port, start_blobs, start_rows

from .worlds import World

T = TypeVar("T")
LAG_SECONDS = 0.05


@dataclass(frozen=True)
class RoomRows:
    """The table as if it were empty: every partition and every shard carries the room's name."""

    rows: DynamoRows
    room: str

    def begin_get(self, keys: Sequence[Key]) -> Pending[dict[Key, Row]]:
        return _Mapped(self.rows.begin_get([self._in(key) for key in keys]), self._out)

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        return self._out(self.rows.get([self._in(key) for key in keys]))

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        rows = self.rows.query(self.room + partition, after=after, upto=upto, limit=limit)
        return [self._stripped(row) for row in rows]

    def begin_query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> Pending[list[Row]]:
        begun = self.rows.begin_query(self.room + partition, after=after, upto=upto, limit=limit)
        return _Mapped(begun, lambda rows: [self._stripped(row) for row in rows])

    def names(self, partition: str, *, after: str = "", limit: int = 100) -> list[str]:
        return self.rows.names(self.room + partition, after=after, limit=limit)

    def begin_names(self, partition: str, *, after: str = "", limit: int = 100) -> Pending[list[str]]:
        return self.rows.begin_names(self.room + partition, after=after, limit=limit)

    def put(self, row: Row, when: When = ALWAYS) -> None:
        self.rows.put(self._moved(row), when)

    def begin_put(self, row: Row, when: When = ALWAYS) -> Pending[None]:
        return self.rows.begin_put(self._moved(row), when)

    def put_many(self, rows: Sequence[Row]) -> None:
        self.rows.put_many([self._moved(row) for row in rows])

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        work = {"work": self.room + str(change.set["work"])} if "work" in change.set else {}
        self.rows.update(self._in(key), replace(change, set={**change.set, **work}), when)

    def delete(self, key: Key, when: When = ALWAYS) -> None:
        self.rows.delete(self._in(key), when)

    def work(self, shard: str, *, upto: str, limit: int = 100) -> list[Key]:
        found = self.rows.work(self.room + shard, upto=upto, limit=limit)
        return [(pk.removeprefix(self.room), sk) for pk, sk in found]

    def _in(self, key: Key) -> Key:
        return self.room + key[0], key[1]

    def _moved(self, row: Row) -> Row:
        return {**row, **{name: self.room + str(row[name]) for name in ("pk", "work") if name in row}}

    def _out(self, found: dict[Key, Row]) -> dict[Key, Row]:
        return {(pk.removeprefix(self.room), sk): self._stripped(row) for (pk, sk), row in found.items()}

    def _stripped(self, row: Row) -> Row:
        return {**row, **{name: str(row[name]).removeprefix(self.room) for name in ("pk", "work") if name in row}}


@dataclass(frozen=True)
class _Mapped(Generic[T]):
    pending: Pending[T]
    change: Callable[[T], T]

    def result(self) -> T:
        return self.change(self.pending.result())


@dataclass(frozen=True)
class RoomBlobs:
    """The bucket as if it were empty."""

    blobs: S3Blobs
    room: str

    def put(self, name: str, data: bytes) -> None:
        self.blobs.put(self.room + name, data)

    def begin_put(self, name: str, data: bytes) -> Pending[None]:
        return self.blobs.begin_put(self.room + name, data)

    def begin_get(self, name: str) -> Pending[bytes]:
        return self.blobs.begin_get(self.room + name)

    def read(self, name: str, start: int, stop: int) -> bytes:
        return self.blobs.read(self.room + name, start, stop)

    def delete(self, name: str) -> None:
        self.blobs.delete(self.room + name)

    def list(self, prefix: str = "") -> Iterator[Blob]:
        for blob in self.blobs.list(self.room + prefix):
            yield replace(blob, name=blob.name.removeprefix(self.room))


class RealClock(MemoryClock):
    """A clock that is told the time, and really lets a little of it pass: the work index lags by some milliseconds."""

    def advance(self, by: timedelta) -> None:
        time.sleep(min(by.total_seconds(), LAG_SECONDS))
        super().advance(by)


@contextlib.contextmanager
def real_pair() -> Iterator[Callable[[], World]]:
    """Start both servers on a folder of their own; yield what makes empty stores; stop them."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        servers = []
        for start, name in ((start_rows, "rows"), (start_blobs, "blobs")):
            servers.append(start(Path(folder) / name, free_port()))
            running.callback(servers[-1].stop)
        rows, blobs = (_place(server) for server in servers)
        stores.prepare(rows, blobs)
        table, bucket, rooms = DynamoRows(rows, stores.TABLE), S3Blobs(blobs, stores.BUCKET), count(1)
        yield lambda: _world(table, bucket, f"room-{next(rooms)}/")


def _place(server: Server) -> Place:
    return Place(REGION, server.endpoint, server.access_key, server.secret_key)


def _world(table: DynamoRows, bucket: S3Blobs, room: str) -> World:
    clock, rows = RealClock(), RoomRows(table, room)

    def left(name: str) -> list[str]:
        return [str(row["body"]) for row in rows.query(f"q#{name}")]

    return World(rows, RoomBlobs(bucket, room), MemoryMail(), clock, lambda seen: OutboxQueue(seen, clock), left)
