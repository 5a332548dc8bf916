"""Scanner by clamd, over TCP or a Unix socket, with its INSTREAM command; or none."""

import socket
from pathlib import Path

from chalicelib.kernel.errors import Unavailable

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 1
_ANSWER_SECONDS = 30
_MOST = 4096


class ClamdScanner:
    """A clamd at (host, port), or at the path of its socket."""

    def __init__(self, address: tuple[str, int] | Path) -> None:
        self._address = address

    def scan(self, content: bytes) -> str | None:
        """Return the name of what was found, or None. Raise Unavailable, also when clamd refuses the size."""
        try:
            with self._connect() as connection:
                _stream(connection, content)
                return _verdict(_answer(connection))
        except OSError as error:
            raise Unavailable from error

    def _connect(self) -> socket.socket:
        if isinstance(self._address, Path):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(_ANSWER_SECONDS)
            connection.connect(str(self._address))
        else:
            connection = socket.create_connection(self._address, timeout=_CONNECT_SECONDS)
            connection.settimeout(_ANSWER_SECONDS)
        return connection


class NoScanner:
    """A deployment without a scanner: nothing is ever found, and the documentation says so."""

    def scan(self, content: bytes) -> str | None:
        """Return None."""
        return None


def _stream(connection: socket.socket, content: bytes) -> None:
    connection.sendall(b"zINSTREAM\0")
    view = memoryview(content)
    for start in range(0, len(content), _CHUNK):
        chunk = view[start : start + _CHUNK]
        connection.sendall(len(chunk).to_bytes(4, "big"))
        connection.sendall(chunk)
    connection.sendall(bytes(4))


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _MOST:
        part = connection.recv(_MOST)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace")


def _verdict(answer: str) -> str | None:
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise Unavailable
