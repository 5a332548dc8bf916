"""Free TCP ports on the loopback."""

import random
import socket

LOOPBACK = "127.0.0.1"
_RANGE = range(20000, 32000)
"""below the ports that Linux hands to outgoing connections, which would take them between our look and our use"""


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port nobody listens on."""
    while not is_free(port := random.choice(_RANGE)):
        continue
    return port


def free_ports(count: int) -> list[int]:
    """Return that many different free ports."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)
