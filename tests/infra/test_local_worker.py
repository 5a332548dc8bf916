"""The worker carries queues and schedules through the handlers of app.py, and no failure of a dependency ends it."""

import threading
from datetime import UTC, datetime
from typing import Any

from chalicelib.hosts.clock import SystemClock
from chalicelib.hosts.memory.queue import MemoryQueue
from chalicelib.kernel.errors import Unavailable
from infra.context import Context
from infra.lanes import Lane
from infra.worker import Drain, Night, run


def _holding(*bodies: str) -> MemoryQueue:
    queue = MemoryQueue(SystemClock())
    for body in bodies:
        queue.send("intake", body)
    return queue


def _failing(*bodies: str) -> Any:
    def handler(event: dict[str, Any], _: Context) -> dict[str, Any]:
        failed = [record["messageId"] for record in event["Records"] if record["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": identity} for identity in failed]}

    return handler


def test_only_what_the_handler_did_not_report_is_deleted() -> None:
    queue = _holding("good", "bad", "fine")
    assert Drain(queue, "intake", _failing("bad"))()
    assert queue.bodies("intake") == ["bad"]


def test_an_empty_queue_is_no_work() -> None:
    assert not Drain(_holding(), "intake", _failing())()


def test_the_night_runs_once_a_day_after_its_hour_and_catches_up_after_a_late_start() -> None:
    times = iter([(21, 1, 59), (21, 2, 0), (21, 2, 1), (22, 1, 0), (22, 17, 0), (22, 18, 0)])
    ran: list[str] = []
    night = Night(lambda event, _: ran.append(event["time"]), lambda: datetime(2026, 11, *next(times), tzinfo=UTC))
    assert [night() for _ in range(6)] == [False, True, False, False, True, False]
    assert ran == ["2026-11-21T02:00:00Z", "2026-11-22T17:00:00Z"]


def test_a_dependency_that_does_not_answer_slows_a_lane_down_and_never_ends_it() -> None:
    stopping, tries = threading.Event(), iter(range(4))

    def step() -> bool:
        if next(tries) == 3:
            stopping.set()
        raise Unavailable

    assert run([Lane("intake", step, 0.001, 0.01)], stopping) == 0


def test_a_fault_that_nobody_foresaw_ends_the_whole_worker_so_that_it_is_started_again() -> None:
    def step() -> bool:
        raise ZeroDivisionError

    idle = Lane("notices", lambda: False, 0.001, 0.01)
    assert run([idle, Lane("intake", step, 0.001, 0.01)], threading.Event()) == 1
