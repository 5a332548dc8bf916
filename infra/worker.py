"""Drains the queues and keeps the schedules where there is no function host, through the same handlers of app.py.

`python -m infra.worker` runs until SIGTERM; `python -m infra.worker --night` does the night's work now and ends.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, time
from typing import Any

from chalice.app import Chalice, SQSEventConfig

from chalicelib.kernel.ports import Queue
from chalicelib.reminders.compiled import shipped_rules

from .context import Context
from .events import queue_event, schedule_event
from .lanes import Lane, log

QUEUES = ("intake", "notices", "reminders", "enrolment")
NIGHT = time(2, tzinfo=UTC)
_BEHIND = 10
"""added to our niceness, and so to that of the inspections: whoever waits for an answer comes first"""

Handler = Callable[[dict[str, Any], Context], Any]


class Drain:
    """Takes one batch of one queue through its handler; only what the handler did not report as failed is deleted.

    `most` messages at once: what takes longer than the lease of all of them is given to a second worker too.
    """

    def __init__(self, queue: Queue, name: str, handler: Handler, most: int = 10) -> None:
        self._queue, self._name, self._handler, self._most = queue, name, handler, most

    def __call__(self) -> bool:
        """Return whether there was a message."""
        deliveries = self._queue.receive(self._name, self._most)
        if not deliveries:
            return False
        answer = self._handler(queue_event(self._name, deliveries), Context(f"on_{self._name}"))
        failed = {item["itemIdentifier"] for item in (answer or {}).get("batchItemFailures", [])}
        for delivery in deliveries:
            if delivery.receipt not in failed:
                self._queue.delete(self._name, delivery.receipt)
        return True


class Minute:
    """Relay and sweep; the name is the schedule's, the pace is the lane's."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self) -> bool:
        """Run it; say that there was nothing, so that the lane keeps its pace."""
        self._handler(schedule_event(datetime.now(UTC)), Context("every_minute"))
        return False


class Night:
    """Runs the night's work once a day after its hour, also when the hour passed while nothing ran (it may repeat)."""

    def __init__(self, handler: Handler, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._handler, self._now = handler, now
        self._done: date | None = None

    def __call__(self) -> bool:
        """Return whether it ran."""
        now = self._now()
        if now.timetz() < NIGHT or self._done == now.date():
            return False
        self._handler(schedule_event(now), Context("every_night"))
        self._done = now.date()
        return True


def taken(app: Chalice) -> dict[str, int]:
    """Return of each queue how many messages its function takes at once."""
    return {one.queue: one.batch_size for one in app.event_sources if isinstance(one, SQSEventConfig) and one.queue}


def lanes(queue: Queue, handlers: Mapping[str, Handler], most: Mapping[str, int]) -> list[Lane]:
    """Return a lane for every queue and schedule; `handlers` are named as in app.py, and take at `most` so many."""
    drains = [Lane(name, Drain(queue, name, handlers[f"on_{name}"], most[name]), 0.02, 0.5) for name in QUEUES]
    minute = Lane("every_minute", Minute(handlers["every_minute"]), 1, 1)
    return [*drains, minute, Lane("every_night", Night(handlers["every_night"]), 5, 30)]


def run(work: Iterable[Lane], stopping: threading.Event) -> int:
    """Run the lanes until told to stop; when one ends by a fault nobody foresaw, end all and return 1."""
    with ThreadPoolExecutor(max_workers=len(QUEUES) + 2) as pool:
        running = {pool.submit(lane.run, stopping): lane.name for lane in work}
        done, _ = wait(running, return_when=FIRST_EXCEPTION)
        stopping.set()
    faults = [(running[future], error) for future in done if (error := future.exception())]
    for name, error in faults:
        log(name, type(error).__name__)
    return 1 if faults else 0


def main() -> int:
    """Read the command line; everything else comes from app.py."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--night", action="store_true", help="do the night's work once, now, and end")
    night = arguments.parse_args().night
    shipped_rules()  # a malformed set ends the worker here
    import app  # noqa: PLC0415  reads the environment, so not before --help

    handlers = {name: getattr(app, name) for name in (*(f"on_{q}" for q in QUEUES), "every_minute", "every_night")}
    if night:
        handlers["every_night"](schedule_event(datetime.now(UTC)), Context("every_night"))
        return 0
    os.nice(_BEHIND)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return run(lanes(app.host().queue, handlers, taken(app.app)), stopping)


if __name__ == "__main__":
    sys.exit(main())
