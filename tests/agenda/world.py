"""A record with a holder, a parent and a carer, a doctor who is trusted, and short words for what they do in it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices, Delegation, read_choices
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.gate import Ask, gate
from chalicelib.access.grant import Grant
from chalicelib.access.journal import Entry as Traced
from chalicelib.access.journal import open_entry, read
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.agenda import actions, prevention, pushing, reading
from chalicelib.agenda.actions import Entry
from chalicelib.agenda.book import book_of
from chalicelib.agenda.model import BOOK, Book, Words
from chalicelib.agenda.planning import Draft
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.host import Host
from tests.people import DOCTOR, ENROLMENT, HOLDER, person

PARENT = Actor(Kind.CITIZEN, "citizen:parent", "Alix EXEMPLE")
CARER = Actor(Kind.CITIZEN, "citizen:carer", "Sam AIDANT")
START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SYSTEM = Actor(Kind.SYSTEM, "system:reminders", "Carnet")


@dataclass
class Kept:
    """Where acts done elsewhere are kept here: a set, so that the same act is one."""

    acts: set[tuple[str, date]] = field(default_factory=set)
    calls: int = 0

    def __call__(self, host: Host, actor: Actor, record: str, act: str, on: date, request: str) -> None:
        self.calls += 1
        self.acts.add((act, on))

    def taken_back(self, host: Host, actor: Actor, record: str, act: str, on: date, request: str) -> None:
        self.acts.discard((act, on))


@dataclass
class World:
    """One agenda. `birth` makes a minor of the holder, `territory` says where they live."""

    birth: date = date(1955, 8, 14)
    territory: str = ""
    start: datetime = START
    clock: MemoryClock = field(init=False)
    host: Host = field(init=False)
    record: str = field(init=False)
    kept: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.clock = MemoryClock(self.start)
        self.host = memory_host(self.clock)
        who = person(birth=self.birth).model_copy(update={"territory": self.territory})
        self.record, _ = open_(self.host, ENROLMENT, who, HOLDER.id)
        self.choose(
            lambda c: replace(
                c,
                proxies={PARENT.id: Delegation("parent")},
                carers={CARER.id: Delegation("carer")},
                allowed=frozenset({DOCTOR.id}),
            )
        )

    def choose(self, change: Callable[[Choices], Choices]) -> None:
        gate(self.host, Ask(HOLDER, self.record, "choices:allow", change=change))

    def plan(self, at: str, who: Actor = HOLDER, key: str = "", **more: object) -> Entry:
        return actions.plan(self.host, who, self.record, draft(at, **more), key)

    def remind(self, at: str, who: Actor = HOLDER, key: str = "") -> Entry:
        return actions.plan(self.host, who, self.record, draft(at, kind="reminder"), key)

    def revise(self, entry: Entry, at: str, who: Actor = HOLDER, expected: int | None = None, **more: object) -> Entry:
        kind = {"kind": entry.line.kind, **more}
        return actions.revise(self.host, who, self.record, entry.id, draft(at, **kind), expected)

    def remove(self, entry: str, who: Actor = HOLDER, expected: int | None = None) -> None:
        actions.remove(self.host, who, self.record, entry, expected)

    def push(self, at: str, who: Actor = DOCTOR, reference: str = "rdv-1", **more: object) -> tuple[str, int]:
        return pushing.push(self.host, who, self.record, reference, draft(at, **more))

    def mark(
        self, rule: str, status: str, on: date | None = None, who: Actor = HOLDER, act: str = "", note: str = ""
    ) -> Entry:
        said = prevention.Said(status, on, act, note)
        return prevention.mark(
            self.host, prevention.Prevention(acts, self.kept, self.kept.taken_back), who, self.record, rule, said
        )

    def listed(self, who: Actor = HOLDER, **period: object) -> list[Entry]:
        return list(reading.listing(self.host, who, self.record, reading.Period(**period), limit=100).entries)

    def grant(self, actor: Actor = SYSTEM, action: str = "reminder:arm") -> Grant:
        return gate(self.host, Ask(actor, self.record, action, rows=(BOOK,)))

    def book(self) -> Book:
        return book_of(self.grant())

    def opened(self) -> tuple[bytes, object]:
        rows = self.host.rows.get([facts_key(self.record), key_row_key(self.record)])
        key = policy_key(self.host, self.record, rows[key_row_key(self.record)])
        return key, facts_of(self.record, rows[facts_key(self.record)])

    def journal(self) -> list[Traced]:
        key, facts = self.opened()
        return [open_entry(key, self.record, sealed) for _, sealed in read(self.host, facts, 0, facts.last)]

    def choices(self) -> Choices:
        (key, facts), beginning = self.opened(), key_row_key(self.record)
        return read_choices(self.host, key, facts, self.host.rows.get([beginning])[beginning])

    def rows(self) -> list[tuple[str, str]]:
        return [(pk, sk) for pk, sk in self.host.rows.everything() if pk == f"r#{self.record}"]


def acts(rule: str) -> tuple[str, ...]:
    """Return the acts that count for a rule, the usual one first."""
    return {"hpv": ("hpv",), "colorectal_screening": ("fit", "colonoscopy")}.get(rule, ())


def draft(at: str, kind: str = "appointment", title: str = "Consultation CANARI", **more: object) -> Draft:
    words = Words(title=title, note=str(more.pop("note", "")))
    return Draft(kind, datetime.fromisoformat(at), words, **more)
