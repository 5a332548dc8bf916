"""Port calls as steps: the operation stops before every single one and hands over to the scheduler.

A read of several rows, and a query, is one step a row: no engine promises that they are read at one instant.
Keys, clock, mail and scanner hold no state that one operation changes and another one sees: they do not stop.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chalicelib.hosts.memory.blobs import MemoryBlobs
from chalicelib.hosts.memory.others import MemoryClock
from chalicelib.hosts.memory.pending import Later
from chalicelib.hosts.memory.queue import MemoryQueue
from chalicelib.hosts.memory.rows import MemoryRows
from chalicelib.kernel.ports import ALWAYS, Blob, Change, Key, Pending, Row, When

Step = Callable[[Callable[[], Any]], Any]
"""Hand over to the scheduler; when it is this operation's turn again, do the call and return its answer."""


class FrozenClock(MemoryClock):
    """Time stands still: an operation that waits is an operation that is not scheduled."""

    def sleep(self, seconds: float) -> None:
        """Take no time."""


class StepRows:
    """The table, one step a row. With `backwards`, the rows of one read come in the opposite order."""

    def __init__(self, inner: MemoryRows, step: Step, *, backwards: bool) -> None:
        self._inner, self._step, self._backwards = inner, step, backwards

    def begin_get(self, keys: Sequence[Key]) -> Pending[dict[Key, Row]]:
        """Read when the result is asked for."""
        wanted = list(keys)
        return Later(lambda: self.get(wanted))

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        """Read row after row."""
        found: dict[Key, Row] = {}
        for key in reversed(keys) if self._backwards else keys:
            found |= self._step(lambda one=key: self._inner.get([one]))
        return {key: found[key] for key in keys if key in found}

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        """Read row after row, in order."""
        found: list[Row] = []
        while len(found) < limit:
            last = str(found[-1]["sk"]) if found else after
            row = self._step(lambda at=last: self._inner.query(partition, after=at, upto=upto, limit=1))
            if not row:
                break
            found += row
        return found

    def begin_query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> Pending[list[Row]]:
        """Read when the result is asked for."""
        return Later(lambda: self.query(partition, after=after, upto=upto, limit=limit))

    def names(self, partition: str, *, after: str = "", limit: int = 100) -> list[str]:
        """Read row after row, in order."""
        return [str(row["sk"]) for row in self.query(partition, after=after, limit=limit)]

    def begin_names(self, partition: str, *, after: str = "", limit: int = 100) -> Pending[list[str]]:
        """Read when the result is asked for."""
        return Later(lambda: self.names(partition, after=after, limit=limit))

    def put(self, row: Row, when: When = ALWAYS) -> None:
        """Write the row."""
        self._step(lambda: self._inner.put(row, when))

    def begin_put(self, row: Row, when: When = ALWAYS) -> Pending[None]:
        """Write when the result is asked for."""
        return Later(lambda: self.put(row, when))

    def put_many(self, rows: Sequence[Row]) -> None:
        """Write row after row."""
        for row in rows:
            self.put(row)

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Change the row."""
        self._step(lambda: self._inner.update(key, change, when))

    def delete(self, key: Key, when: When = ALWAYS) -> None:
        """Delete the row."""
        self._step(lambda: self._inner.delete(key, when))

    def work(self, shard: str, *, upto: str, limit: int = 100) -> list[Key]:
        """Read the work index."""
        found: list[Key] = self._step(lambda: self._inner.work(shard, upto=upto, limit=limit))
        return found


class StepBlobs:
    """The object store; what `begin_get` starts happens when its result is asked for: no object is written twice."""

    def __init__(self, inner: MemoryBlobs, step: Step) -> None:
        self._inner, self._step = inner, step

    def put(self, name: str, data: bytes) -> None:
        """Write the object."""
        self._step(lambda: self._inner.put(name, data))

    def begin_put(self, name: str, data: bytes) -> Pending[None]:
        """Write when the result is asked for."""
        return Later(lambda: self.put(name, data))

    def begin_get(self, name: str) -> Pending[bytes]:
        """Read when the result is asked for."""
        return Later(lambda: self._step(lambda: self._inner.begin_get(name).result()))

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Read a part of the object."""
        found: bytes = self._step(lambda: self._inner.read(name, start, stop))
        return found

    def delete(self, name: str) -> None:
        """Delete the object."""
        self._step(lambda: self._inner.delete(name))

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """List the objects; at once, since an iterator is another one every time, and no two states would be equal."""
        found: list[Blob] = self._step(lambda: list(self._inner.list(prefix)))
        return iter(found)


class StepQueue:
    """The queue: sending is part of an operation, receiving is the start of another one."""

    def __init__(self, inner: MemoryQueue, step: Step) -> None:
        self._inner, self._step = inner, step

    def send(self, name: str, body: str) -> None:
        """Hand over one message."""
        self._step(lambda: self._inner.send(name, body))
