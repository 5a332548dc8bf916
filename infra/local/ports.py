"""Free TCP ports on the loopback, and who they belong to while nobody listens on them."""

import random
import socket
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
_RANGE = range(20000, 32000)
"""below the ports that Linux hands to outgoing connections, which would take them between our look and our use"""


class Claims:
    """The ports of one instance, its own also while a dead child is being started again.

    Without them another instance takes the port of a dead front, and since the HTTP server sets SO_REUSEPORT, the two
    fronts then share it: each gets some of the other's requests. A claim is an abstract Unix address with the port in
    its name, which the kernel gives to one process at a time and takes back when that ends, however it ends.
    """

    def __init__(self, most: int = 0) -> None:
        """Hold no claim yet; of more than `most` (0: no bound) the oldest are given back."""
        self._most = most
        self._held: deque[socket.socket] = deque()

    def take(self, port: int) -> bool:
        """Claim the port; return whether it is ours now."""
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0embedded-port-{port}")
        except OSError:
            claim.close()
            return False
        self._held.append(claim)
        if self._most and len(self._held) > self._most:
            self._held.popleft().close()
        return True

    def give_back(self) -> None:
        """Let others have all of them."""
        for claim in self._held:
            claim.close()
        self._held.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.give_back()


def is_silent(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        return True
    return False


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port and no instance claims it."""
    with Claims() as claims:
        return claims.take(port) and is_silent(port)


def claimed(claims: Claims) -> int:
    """Claim a port nobody listens on; return it."""
    while not (claims.take(port := random.choice(_RANGE)) and is_silent(port)):
        continue
    return port


_CHOSEN = Claims(most=256)


def free_port() -> int:
    """Return a port nobody listens on. Nobody else here chooses it for as long as a server may take to listen there."""
    return claimed(_CHOSEN)


def free_ports(count: int) -> list[int]:
    """Return that many different free ports."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)
