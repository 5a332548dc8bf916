"""Requests as bytes, made before the clock starts, over kept connections; answers read without a library."""

import json
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.local.callers import Caller

from .world import MEDIA, TITLE, TYPE, World, content

Request = Sequence[bytes]
_CONTENT = content()
_ROOM, _HEAD = 2 * 1024 * 1024, 64 * 1024


class BadAnswer(Exception):
    """An answer that is not a success: nothing may be measured on it."""


class Connection:
    """One kept connection."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._room = memoryview(bytearray(_ROOM))

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def ask(self, request: Request) -> bytes:
        """Send, read the whole answer, return its first bytes. Raise BadAnswer."""
        for piece in request:
            self._socket.sendall(piece)
        head, got = self._head()
        length = int(_field(head, b"content-length:"))
        missing = length - (got - len(head))
        while missing > 0:
            count = self._socket.recv_into(self._room[got:], missing)
            if not count:
                raise BadAnswer
            got, missing = got + count, missing - count
        if head[9:10] != b"2":
            raise BadAnswer(bytes(self._room[:600]))
        return bytes(self._room[len(head) : min(got, len(head) + 400)])

    def _head(self) -> tuple[bytes, int]:
        got = 0
        while True:
            count = self._socket.recv_into(self._room[got:])
            if not count:
                raise BadAnswer
            got += count
            end = bytes(self._room[: min(got, _HEAD)]).find(b"\r\n\r\n")
            if end >= 0:
                return bytes(self._room[: end + 4]), got


def _field(head: bytes, name: bytes) -> bytes:
    lower = head.lower()
    start = lower.index(name) + len(name)
    return head[start : head.index(b"\r\n", start)].strip()


@dataclass(slots=True)
class Maker:
    """Makes the requests of one reader (bearer token) and one laboratory (token bound to a key)."""

    base: str
    reader: Caller
    laboratory: Caller

    def metadata(self, world: World, number: int) -> Request:
        """Ask for the newest document."""
        record = world.records[number]
        return self._get(f"/records/{record}/documents/{world.newest[record]}")

    def consult(self, world: World, number: int) -> Request:
        """Ask for its content."""
        record = world.records[number]
        return self._get(f"/records/{record}/documents/{world.newest[record]}/content")

    def listing(self, world: World, number: int) -> Request:
        """Ask for 25 documents."""
        return self._get(f"/records/{world.records[number]}/documents")

    def long_listing(self, record: str) -> Request:
        """Ask for the first page of a long record."""
        return self._get(f"/records/{record}/documents")

    def deposit(self, world: World, number: int) -> Request:
        """Deposit 1 MB; only the head is new each time."""
        metadata = {"type": TYPE, "title": TITLE, "unique_id": f"2.25.{secrets.randbits(100)}"}
        head, tail = form(metadata)
        path = f"/records/{world.records[number]}/documents"
        more = {"Content-Type": "multipart/form-data; boundary=bench"}
        length = len(head) + len(_CONTENT) + len(tail)
        return [self._head(self.laboratory, "POST", path, more, length) + head, _CONTENT, tail]

    def _get(self, path: str) -> Request:
        return [self._head(self.reader, "GET", path, {}, 0)]

    def _head(self, caller: Caller, method: str, path: str, more: dict[str, str], length: int) -> bytes:
        headers = {"Host": urlsplit(self.base).netloc, **caller.headers(method, self.base + path), **more}
        if length:
            headers["Content-Length"] = str(length)
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def form(metadata: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return what stands before and after the content in a deposit."""
    line = "--bench\r\nContent-Disposition: form-data; name="
    first = f'{line}"metadata"\r\nContent-Type: application/json\r\n\r\n{json.dumps(metadata)}\r\n'
    second = f'{line}"content"; filename="document"\r\nContent-Type: {MEDIA}\r\n\r\n'
    return (first + second).encode(), b"\r\n--bench--\r\n"
