"""A process into which something cuts at its n-th call of a port: its death, or another process to its end."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from chalicelib.kernel.host import Host

PORTS = ("rows", "blobs", "mail", "sms", "push", "queue")

Place = tuple[int, str]
"""the number of the call, counted over all ports from 0, and `before`, `after` or (rows written together) `half`"""


class Killed(BaseException):
    """The process is no more."""


def dies() -> None:
    """End the process."""
    raise Killed


class Port:
    """A port of that process."""

    def __init__(self, port: Any, calls: list[str], at: Place | None, act: Callable[[], object]) -> None:
        self._port, self._calls, self._at, self._act = port, calls, at, act

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._port, name)

        def call(*args: Any, **more: Any) -> Any:
            number = len(self._calls)
            self._calls.append(name)
            if self._at == (number, "before"):
                self._act()
            if self._at == (number, "half") and name == "put_many":
                inner(args[0][: len(args[0]) // 2])
                self._act()
            answer = inner(*args, **more)
            if self._at == (number, "after"):
                self._act()
            return answer

        return call


def cut(host: Host, calls: list[str], at: Place | None, act: Callable[[], object] = dies) -> Host:
    """Return the host of a process at whose call `at` something acts; what it calls is written down in `calls`."""
    ports = {one.name: Port(getattr(host, one.name), calls, at, act) for one in fields(host) if one.name in PORTS}
    return replace(host, memo={}, **ports)


def each_call(calls: Iterable[str], sides: Sequence[str] = ("before", "after")) -> list[Place]:
    """Return every place at which a process that makes these calls can be cut; `half` is one where rows are many."""
    return [
        (number, side)
        for number, call in enumerate(calls)
        for side in sides
        if side != "half" or call.endswith("put_many")
    ]
