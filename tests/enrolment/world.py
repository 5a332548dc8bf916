"""A host on which the queues and the night run, and an invited person to live a life there."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from chalicelib import jobs
from chalicelib.access.choices import Choices
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.gate import Ask, gate
from chalicelib.access.journal import Entry, open_entry, read
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.person import Person
from chalicelib.enrolment import life
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.vault.inspection.whole import inspect
from tests.invited import code, invite
from tests.people import HOLDER

LETTERHEAD = Letterhead("carnet@example.org", "https://carnet.example")


@dataclass(slots=True)
class World:
    """One person who was informed on the day the clock shows."""

    who: Person | None = None
    start: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    clock: MemoryClock = field(init=False)
    host: Host = field(init=False)
    record: str = field(init=False)
    reference: str = field(init=False)

    def __post_init__(self) -> None:
        self.clock = MemoryClock(self.start)
        self.host = memory_host(self.clock)
        self.record, self.reference = invite(self.host, self.who)

    @property
    def code(self) -> str:
        return code(self.host, self.record, self.reference)

    def at(self, moment: str | datetime, seconds: int = 0) -> "World":
        """Put the clock to an instant, and so many seconds further."""
        found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.clock.set(found.astimezone(UTC) + timedelta(seconds=seconds))
        return self

    def activate(self) -> "World":
        life.activate(self.host, HOLDER, self.reference, self.code)
        return self

    def erase(self) -> "World":
        """Activate, close, and ask for the erasure, whose notice waits."""
        self.work()
        self.activate().work()
        life.close(self.host, HOLDER, self.record)
        self.work()
        life.erase(self.host, HOLDER, self.record)
        return self

    @property
    def state(self) -> str:
        return life.state_of(self.host, self.record).state

    @property
    def until(self) -> str:
        return life.state_of(self.host, self.record).until

    @property
    def handlers(self) -> dict[str, jobs.Work]:
        """Return what works each queue off."""
        return {
            "reminders": jobs.reminders(self.host, LETTERHEAD),
            "notices": jobs.notices(self.host, LETTERHEAD),
            "intake": jobs.intake(self.host, inspect),
        }

    def work(self) -> None:
        """Let the relay and the queues run empty."""
        jobs.minute(self.host)
        while any([self._drain(name, work) for name, work in self.handlers.items()]):
            jobs.minute(self.host)

    def _drain(self, name: str, work: jobs.Work) -> bool:
        deliveries = self.host.queue.receive(name)
        for delivery in deliveries:
            work(json.loads(delivery.body))
            self.host.queue.delete(name, delivery.receipt)
        return bool(deliveries)

    def night(self) -> None:
        jobs.night(self.host)
        self.work()

    def opened(self) -> tuple[bytes, object]:
        rows = self.host.rows.get([facts_key(self.record), key_row_key(self.record)])
        key = policy_key(self.host, self.record, rows[key_row_key(self.record)])
        return key, facts_of(self.record, rows[facts_key(self.record)])

    def journal(self) -> list[Entry]:
        key, facts = self.opened()
        return [open_entry(key, self.record, sealed) for _, sealed in read(self.host, facts, 0, facts.last)]

    def choices(self) -> Choices:
        from chalicelib.access.choices import read_choices

        (key, facts), beginning = self.opened(), key_row_key(self.record)
        return read_choices(self.host, key, facts, self.host.rows.get([beginning])[beginning])

    def decide(self, **changed: object) -> None:
        """Write choices as if the holder had made them."""
        ask = Ask(HOLDER, self.record, "choices:allow", change=lambda now: replace(now, **changed))
        gate(self.host, ask)
