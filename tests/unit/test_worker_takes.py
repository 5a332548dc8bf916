"""What the worker takes at once is done before its lease is over, so that no second worker begins the same."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import app
from chalicelib import following, jobs
from chalicelib.access.relay import send
from chalicelib.edge.events import each
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.hosts.outbox_queue import OutboxQueue
from chalicelib.kernel.host import Host
from infra.context import Context
from infra.worker import lanes, taken
from tests.intake_files import number
from tests.invited import invite
from tests.notices.world import LETTERHEAD, Down
from tests.people import person

MESSAGES, HALF_A_SECOND = 9, timedelta(seconds=0.5)


def worker(host: Host) -> Any:
    """Return one turn of a worker at the notices."""
    tell = jobs.notices(host, LETTERHEAD)

    def handler(event: dict[str, Any], _: Context) -> Any:
        return each(event, tell)

    named = [*(f"on_{name}" for name in taken(app.app)), "every_minute", "every_night"]
    found = lanes(host.queue, dict.fromkeys(named, handler), taken(app.app))
    return next(lane.step for lane in found if lane.name == "notices")


def test_two_workers_and_a_slow_mail_server_write_to_nobody_twice() -> None:
    clock = MemoryClock()
    host = memory_host(clock)
    host = replace(host, queue=OutboxQueue(host.rows, clock))
    people = [
        person(number(place)).model_copy(update={"email": f"p{place}@example.org"}) for place in range(20 * MESSAGES)
    ]
    records = [invite(replace(host, queue=memory_host(clock).queue), one)[0] for one in people]
    for queue, body in following.invited(records):
        send(host, queue, body)
    other, began, came = worker(host), clock.now(), list[bool]()

    class Slow(Down):
        def send(self, *message: Any) -> None:
            host.mail.send(*message)
            clock.advance(HALF_A_SECOND)
            if clock.now() - began > timedelta(seconds=60) and not came:
                came.append(True)
                other()

    first = worker(replace(host, mail=Slow()))
    while first():
        began = clock.now()
    assert set(Counter(str(mail["To"]) for mail in host.mail.sent).values()) == {1}  # type: ignore[attr-defined]
    assert len(host.mail.sent) == len(people)  # type: ignore[attr-defined]


def test_the_worker_takes_of_every_queue_what_its_function_takes() -> None:
    assert taken(app.app) == {"intake": 10, "notices": 4, "reminders": 10, "enrolment": 1}
