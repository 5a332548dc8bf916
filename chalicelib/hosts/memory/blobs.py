"""The object store in memory."""

import threading
from collections.abc import Iterator
from datetime import datetime

from chalicelib.hosts.memory.pending import Later
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ports import Blob, Clock


class MemoryBlobs:
    """Objects in a dictionary, with the time of the host's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._blobs: dict[str, tuple[bytes, datetime]] = {}
        self._lock = threading.Lock()

    def put(self, name: str, data: bytes) -> None:
        """Write the object."""
        with self._lock:
            self._blobs[name] = (bytes(data), self._clock.now())

    def begin_put(self, name: str, data: bytes) -> Later[None]:
        """Write when the result is asked for."""
        return Later(lambda: self.put(name, data))

    def begin_get(self, name: str) -> Later[bytes]:
        """Read when the result is asked for. It raises NotFound when the object is absent."""
        return Later(lambda: self._read(name))

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Read the bytes start <= place < stop, less where the object ends before. Raise NotFound."""
        if start >= stop:
            raise ValueError("a range holds at least one byte")
        return self._read(name)[start:stop]

    def delete(self, name: str) -> None:
        """Delete the object; an absent one is no error."""
        with self._lock:
            self._blobs.pop(name, None)

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Iterate over the objects in order of name, as they were when asked."""
        with self._lock:
            found = sorted((name, len(data), time) for name, (data, time) in self._blobs.items())
        return (Blob(*one) for one in found if one[0].startswith(prefix))

    def _read(self, name: str) -> bytes:
        with self._lock:
            if name not in self._blobs:
                raise NotFound
            return self._blobs[name][0]
