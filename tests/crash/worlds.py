"""The stores that outlive every process, what is known about them from outside, and copies of a prepared state."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from chalicelib.access.facts import Facts, facts_key, facts_of
from chalicelib.access.journal import Entry, open_entry, read
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.hosts.memory import (
    MemoryBlobs,
    MemoryClock,
    MemoryKeys,
    MemoryMail,
    MemoryPush,
    MemoryQueue,
    MemoryRows,
    MemoryScanner,
    MemorySms,
)
from chalicelib.hosts.outbox_queue import OutboxQueue
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Blobs, Queue, Row, Rows

QUEUES = ("intake", "notices", "reminders", "enrolment")
RELEASING = frozenset(
    {"document:consult", "document:deposit", "document:inspect", "document:replace", "document:upload"}
)
"""actions whose entry may be followed by a release of the content key"""


@dataclass
class World:
    """Stores without any process; `queue_over` makes the queue over a process's own rows."""

    rows: Rows
    blobs: Blobs
    mail: MemoryMail
    clock: MemoryClock
    queue_over: Callable[[Rows], Queue]
    left: Callable[[str], Sequence[str]]
    """bodies of a queue's messages, in sight or not"""
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    scanner: MemoryScanner = field(default_factory=MemoryScanner)
    sms: MemorySms = field(default_factory=MemorySms)
    push: MemoryPush = field(default_factory=MemoryPush)
    records: tuple[str, ...] = ()
    """those of the prepared state"""
    excused: Counter[str] = field(default_factory=Counter)
    """Message-ID -> kills that fell between the mail server's answer and the row that says so"""
    wrong: list[str] = field(default_factory=list)

    def host(self) -> Host:
        """Return the host of a process that nobody watches."""
        return Host(
            self.rows,
            self.blobs,
            self.keys,
            self.queue_over(self.rows),
            self.mail,
            self.sms,
            self.push,
            self.scanner,
            self.clock,
        )

    def facts(self, record: str) -> Facts:
        """Return the facts of a record as they are now."""
        return facts_of(record, self.rows.get([facts_key(record)]).get(facts_key(record)))

    def entries_now(self) -> dict[str, int]:
        """Return how many journal entries each record has."""
        return {record: self.facts(record).last for record in self.records}

    def journal(self, record: str, start: int = 0) -> list[tuple[bytes, Entry]]:
        """Return (sealed, clear) entries from a number on. Raise what the product raises when they do not open."""
        facts, opener = self.facts(record), self.opener(record)
        entries = read(self.host(), facts, start, facts.last)
        return [(sealed, open_entry(opener, record, sealed)) for _, sealed in entries]

    def opener(self, record: str) -> bytes:
        """Return the policy key of a record."""
        key = key_row_key(record)
        return policy_key(self.host(), record, self.rows.get([key])[key])

    def releasing(self, record: str, start: int) -> int:
        """Return how many durable entries from a number on allow a release."""
        return sum(e.action in RELEASING and e.effect == "allow" for _, e in self.journal(record, start))


@dataclass(frozen=True)
class Snapshot:
    """A prepared state, to begin from as often as needed."""

    rows: Sequence[Row]
    blobs: Mapping[str, bytes]
    queued: Mapping[str, Sequence[str]]
    mails: Sequence[EmailMessage]
    now: datetime
    records: tuple[str, ...]

    def fill(self, world: World) -> World:
        """Put everything into empty stores."""
        world.clock.set(self.now)
        world.records = self.records
        world.mail.sent.extend(self.mails)
        for row in self.rows:
            world.rows.put(row)
        for name, data in self.blobs.items():
            world.blobs.put(name, data)
        queue = world.queue_over(world.rows)
        for name, bodies in self.queued.items():
            for body in bodies:
                queue.send(name, body)
        return world


def memory_world() -> World:
    """Return empty stores in memory."""
    clock = MemoryClock()
    queue = MemoryQueue(clock)
    return World(MemoryRows(), MemoryBlobs(clock), MemoryMail(), clock, partial(_same, queue), queue.bodies)


def polled_world() -> World:
    """Return empty stores in memory whose queue lies in the table: its own calls are killed too."""
    clock, rows = MemoryClock(), MemoryRows()

    def left(name: str) -> list[str]:
        return [str(row["body"]) for row in rows.query(f"q#{name}")]

    return World(rows, MemoryBlobs(clock), MemoryMail(), clock, lambda seen: OutboxQueue(seen, clock), left)


def _same(queue: Queue, _rows: Rows) -> Queue:
    return queue


def snapshot(world: World, *records: str) -> Snapshot:
    """Keep the state of stores in memory."""
    assert isinstance(world.rows, MemoryRows)
    return Snapshot(
        rows=[*world.rows.everything().values()],
        blobs={blob.name: world.blobs.begin_get(blob.name).result() for blob in world.blobs.list()},
        queued={name: world.left(name) for name in QUEUES},
        mails=[*world.mail.sent],
        now=world.clock.now(),
        records=records,
    )
