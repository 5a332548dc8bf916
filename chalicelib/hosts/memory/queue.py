"""The queue in memory: leases by the host's clock, dead letters after five receives."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from chalicelib.kernel.ports import Clock, Delivery

MOST_RECEIVES = 5


@dataclass(frozen=True, slots=True)
class _Message:
    body: str
    visible: datetime
    receives: int = 0


class MemoryQueue:
    """Messages in order of sending; a received one is out of sight for `lease`."""

    def __init__(self, clock: Clock, lease: timedelta = timedelta(seconds=60)) -> None:
        self._clock = clock
        self._lease = lease
        self._numbers = count(1)
        self._queues: dict[str, dict[int, _Message]] = {}
        self._lock = threading.Lock()

    def send(self, name: str, body: str) -> None:
        """Hand over one message."""
        with self._lock:
            self._add(name, body)

    def receive(self, name: str, limit: int = 10) -> list[Delivery]:
        """Take up to `limit` messages out of sight; one received five times goes to `<name>-dead` instead."""
        with self._lock:
            taken = [self._take(name, number) for number in self._visible(name)[:limit]]
        return [delivery for delivery in taken if delivery]

    def delete(self, name: str, receipt: str) -> None:
        """Forget the message, unless it has been received again since."""
        number, receives = map(int, receipt.split("."))
        with self._lock:
            message = self._queues.get(name, {}).get(number)
            if message and message.receives == receives:
                del self._queues[name][number]

    def redrive(self, name: str) -> int:
        """Move the dead letters of this queue back into it; return how many."""
        with self._lock:
            dead = self._queues.pop(f"{name}-dead", {})
            for message in dead.values():
                self._add(name, message.body)
        return len(dead)

    def bodies(self, name: str) -> list[str]:
        """Return the bodies of all messages, in sight or not, for tests."""
        with self._lock:
            return [message.body for message in self._queues.get(name, {}).values()]

    def _add(self, name: str, body: str) -> None:
        self._queues.setdefault(name, {})[next(self._numbers)] = _Message(body, self._clock.now())

    def _visible(self, name: str) -> list[int]:
        now = self._clock.now()
        return [number for number, message in self._queues.get(name, {}).items() if message.visible <= now]

    def _take(self, name: str, number: int) -> Delivery | None:
        message = self._queues[name][number]
        if message.receives >= MOST_RECEIVES:
            del self._queues[name][number]
            self._add(f"{name}-dead", message.body)
            return None
        received = replace(message, visible=self._clock.now() + self._lease, receives=message.receives + 1)
        self._queues[name][number] = received
        return Delivery(message.body, f"{number}.{received.receives}", received.receives)
