"""What runs by itself on every host: the workers of the three queues and the two schedules."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib import jobs
from chalicelib.access import choices
from chalicelib.edge.events import each
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.vault.inspection.whole import inspect
from infra.worker import Drain

from .worlds import QUEUES

LETTERHEAD = Letterhead("ne-pas-repondre@carnet.example", "https://portail.example/")
PAUSES = (timedelta(0), timedelta(seconds=61), timedelta(seconds=121), timedelta(seconds=121))
"""at once; after the lease of a message; after the time that the sweep waits, twice"""
MINUTE = timedelta(seconds=61)
_ROUNDS = 20


def drain(host: Host, name: str) -> Drain:
    """Return the worker of one queue; the inspection runs in this process, for a child costs 100 ms."""
    works: Mapping[str, jobs.Work] = {
        "intake": jobs.intake(host, inspect),
        "notices": jobs.notices(host, LETTERHEAD),
        "reminders": jobs.reminders(host, LETTERHEAD),
    }

    def handler(event: dict[str, Any], _context: object) -> object:
        return each(event, works[name])

    return Drain(host.queue, name, handler)


def settle_down(host: Host) -> None:
    """Relay, sweep and drain until a whole round finds nothing."""
    for _ in range(_ROUNDS):
        jobs.minute(host)
        if sum(drain(host, name)() for name in QUEUES) == 0:
            return


def recover(host: Host, *, nights: int = 0) -> None:
    """Let minutes pass until everything that was begun is over, then nights."""
    for pause in PAUSES:
        host.clock.advance(pause)  # type: ignore[attr-defined]
        settle_down(host)
    for _ in range(nights):
        host.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
        jobs.night(host)
        settle_down(host)
        host.clock.advance(MINUTE)  # type: ignore[attr-defined]
        settle_down(host)


def forget() -> None:
    """Begin a process: what an earlier one had read is not known."""
    choices._parsed.clear()
