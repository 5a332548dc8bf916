"""A process that dies at its n-th call of a port: before it, after it, or in its midst."""

from dataclasses import fields, replace
from typing import Any

from chalicelib.kernel.host import Host

PORTS = ("rows", "mail", "sms", "push", "queue")


class Killed(BaseException):
    """The process is no more."""


class Dying:
    """A port of that process; calls are counted over all ports."""

    def __init__(self, port: Any, calls: list[str], kill: tuple[int, str] | None) -> None:
        self._port, self._calls, self._kill = port, calls, kill

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._port, name)

        def call(*args: Any, **more: Any) -> Any:
            number = len(self._calls)
            self._calls.append(name)
            if self._kill == (number, "before"):
                raise Killed
            if self._kill == (number, "half") and name == "put_many":
                inner(args[0][: len(args[0]) // 2])
                raise Killed
            answer = inner(*args, **more)
            if self._kill == (number, "after"):
                raise Killed
            return answer

        return call


def dying(host: Host, calls: list[str], kill: tuple[int, str] | None) -> Host:
    """Return the host of a process that will be killed; what it calls is written down in `calls`."""
    ports = {one.name: Dying(getattr(host, one.name), calls, kill) for one in fields(host) if one.name in PORTS}
    return replace(host, memo={}, **ports)
