"""Records by the thousand on the real rows, laid in the index by the product's own code or in bulk."""

import json
import os
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from chalicelib import jobs
from chalicelib.access.choices import Choices, choices_row
from chalicelib.access.keyring import new_keys
from chalicelib.access.opening import Start, first_facts, permitted
from chalicelib.access.person import person_row
from chalicelib.hosts.memory import MemoryClock
from chalicelib.hosts.smtp import MailServer, SmtpMail
from chalicelib.kernel.host import Host
from chalicelib.kernel.ids import new_record_id
from chalicelib.kernel.ports import Row
from chalicelib.notices.model import Letterhead
from chalicelib.reminders import slots
from chalicelib.reminders.actions import arm_all
from infra.local.servers import free_port
from tests.interleavings.real_pair import real_host
from tests.people import ENROLMENT, HOLDER, person

from .inside import Wire

LETTERHEAD = Letterhead("carnet@example.org", "https://carnet.example")
MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIFTY = date(1974, 8, 14)
_AT_ONCE = 2000


class Sink:
    """A mail server that takes everything and keeps a count."""

    def __init__(self) -> None:
        self.ids: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        head = next(line for line in envelope.content.splitlines() if line.lower().startswith(b"message-id"))
        self.ids[head.decode()] += 1
        return "250 OK"


@dataclass
class Bench:
    """The rows are real, the queue is in memory, the mail goes over SMTP to a sink in this process."""

    host: Host
    wire: Wire
    clock: MemoryClock
    sink: Sink
    stored: int = 0

    def calls(self) -> Counter[str]:
        """Return what went over the wire since the last time."""
        found = Counter(self.wire.sent)
        self.wire.sent.clear()
        return found

    def rows(self) -> Counter[str]:
        """Return how many rows the calls named that read or write many at once, since the last time."""
        found = Counter(self.wire.rows)
        self.wire.rows.clear()
        return found

    def messages(self) -> list[str]:
        """Take away what the queue of reminders holds."""
        found: list[str] = []
        while batch := self.host.queue.receive("reminders", 100):
            for one in batch:
                found.append(one.body)
                self.host.queue.delete("reminders", one.receipt)
        return found

    def work(self, bodies: Sequence[str]) -> int:
        """Carry messages out as one worker does, and those that follow; return how many there were."""
        handler, done = jobs.reminders(self.host, LETTERHEAD), 0
        while bodies:
            for body in bodies:
                handler(json.loads(body))
            done, bodies = done + len(bodies), self.messages()
        return done

    def due(self, number: int) -> list[str]:
        """Open so many records that have something to be told of, and lay them on this hour by the product's code."""
        records = self._opened(number)
        for start in range(0, number, slots.GROUP):
            arm_all(self.host, records[start : start + slots.GROUP])
        return records

    def store(self, upto: int) -> None:
        """Fill the index in bulk, up to so many records, spread over the hours of twenty years to come."""
        while self.stored < upto:
            days = [
                MORNING + timedelta(days=2 + secrets.randbelow(7300)) for _ in range(min(_AT_ONCE, upto - self.stored))
            ]
            self.host.rows.put_many([slots.row(f"{day:%Y-%m-%d}T07#00", new_record_id()) for day in days])
            self.stored += len(days)

    def next_hour(self) -> None:
        """Let an hour pass, so that what was laid on the one before is read."""
        self.clock.advance(timedelta(hours=1))
        if self.clock.now().hour > 15:
            self.clock.set(self.clock.now().replace(hour=9) + timedelta(days=1))

    def _opened(self, number: int) -> list[str]:
        decision = permitted(self.host, ENROLMENT, "bench", "record:open")
        start = Start(ENROLMENT, "record:open", "open", decision, self.clock.now())
        records, rows = [], list[Row]()
        for one in range(number):
            record = new_record_id()
            key_row, key = new_keys(self.host, record)
            who = person(f"2{one:014d}", FIFTY).model_copy(update={"territory": "29", "email": f"p{one}@example.org"})
            whose, (choice, digest) = (
                person_row(key, record, who),
                choices_row(key, record, 1, Choices(holder=HOLDER.id)),
            )
            facts = first_facts(key, record, start, str(whose["sk"]), str(choice["sk"]), digest)
            rows += [key_row, whose, choice, {**facts, "relayed": 1}]
            records.append(record)
        self.host.rows.put_many(rows)
        return records


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Start the stores and the sink."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    clock = MemoryClock(MORNING)
    try:
        with real_host(folder) as host:
            mail = SmtpMail(MailServer("127.0.0.1", controller.port, "none"), "example.org")
            mine = replace(host, clock=clock, mail=mail)
            yield Bench(mine, Wire(mine), clock, sink)
    finally:
        controller.stop()


def cores() -> int:
    return os.cpu_count() or 1
