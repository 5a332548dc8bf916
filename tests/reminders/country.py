"""Many open records on one memory host, its clock, its mailbox, and the workers that run there."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

from chalicelib import jobs
from chalicelib.access.person import Person
from chalicelib.agenda.actions import plan
from chalicelib.agenda.model import Words
from chalicelib.agenda.planning import Draft
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.errors import CarnetError, Unavailable
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.reminders.plan import OWN
from chalicelib.reminders.state import ACTION
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, person

LETTERHEAD = Letterhead("carnet@example.org", "https://carnet.example")


class DeafServer:
    """A mail server that takes nothing."""

    def send(self, _message: EmailMessage) -> None:
        raise Unavailable


class Journaled(World):
    """How a test reads the journal of one record."""

    def __init__(self, host: Host, record: str) -> None:
        self.host, self.record = host, record


@dataclass
class Country:
    """`start` is when it begins; `mails` are the Message-IDs by recipient."""

    start: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    clock: MemoryClock = field(init=False)
    host: Host = field(init=False)
    records: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = MemoryClock(self.start)
        self.host = memory_host(self.clock)

    def open(self, birth: date, territory: str = "29", sex: str = "F") -> str:
        """Open one record; its mail goes to an address that carries its number."""
        number = len(self.records)
        who = _person(number, birth, sex, territory)
        record, _ = open_(self.host, ENROLMENT, who, f"{HOLDER.id}{number}")
        self.records.append(record)
        return record

    def busy(self, record: str, wall: str) -> None:
        """Let the holder ask to be told of something at that time on their walls, and of what they do the day after."""
        holder = replace(HOLDER, id=f"{HOLDER.id}{self.records.index(record)}")
        at = datetime.fromisoformat(wall)
        tomorrow = at.replace(hour=10) + timedelta(days=1)
        for draft in (
            Draft("reminder", at, Words(title="Pilulier")),
            Draft("appointment", tomorrow, Words(title="Dr")),
        ):
            plan(self.host, holder, record, draft)

    def deliver(self, bodies: Iterable[str]) -> None:
        """Hand messages to the workers of reminders, whatever becomes of them."""
        work = jobs.reminders(self.host, LETTERHEAD)
        for body in bodies:
            try:
                work(json.loads(body))
            except CarnetError:
                continue

    def drain(self) -> list[str]:
        """Take every message of the queues and carry it out; return those of reminders."""
        seen: list[str] = []
        works = {
            "reminders": jobs.reminders(self.host, LETTERHEAD),
            "notices": jobs.notices(self.host, LETTERHEAD),
        }
        while found := [(name, one) for name in works for one in self.host.queue.receive(name, 100)]:
            for name, one in found:
                works[name](json.loads(one.body))
                self.host.queue.delete(name, one.receipt)
                if name == "reminders":
                    seen.append(one.body)
        return seen

    def work(self) -> list[str]:
        """Let a minute pass at which nothing happens any more."""
        seen: list[str] = []
        jobs.minute(self.host)
        while more := self.drain():
            seen += more
            jobs.minute(self.host)
        return seen

    def at(self, moment: datetime) -> list[str]:
        self.clock.set(moment)
        return self.work()

    @property
    def mails(self) -> Counter[str]:
        """Return how often each Message-ID arrived."""
        return Counter(str(one["Message-ID"]) for one in self.host.mail.sent)  # type: ignore[attr-defined]

    def told(self, record: str) -> list[tuple[str, int, str]]:
        """Return every (rule, dose, cycle) that the journal says went out."""
        entries = Journaled(self.host, record).journal()
        return [tuple(one) for entry in entries if entry.action == ACTION for one in entry.detail["due"]]

    def own(self, record: str) -> list[str]:
        """Return the names under which the agenda was told of."""
        return [name for rule, _, name in self.told(record) if rule == OWN]

    def waiting(self, record: str) -> list[str]:
        """Return the hours on which a record lies."""
        return sorted(pk[2:15] for pk, sk in self.host.rows.everything() if pk.startswith("h#") and sk == record)  # type: ignore[attr-defined]


def _person(number: int, birth: date, sex: str, territory: str) -> Person:
    who = person(f"2550814{number:08d}", birth, sex)
    return who.model_copy(update={"territory": territory, "email": f"p{number}@example.org"})


def once(found: Sequence[tuple[str, int, str]]) -> bool:
    return len(found) == len(set(found))
