"""Twenty records with ten documents each, everything sealed that this system seals, and a way to tamper with it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from chalicelib import jobs
from chalicelib.access import choices
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.flush import flush
from chalicelib.consent import actions as consent
from chalicelib.enrolment import actions as enrolment
from chalicelib.hosts.keys import CachedKeys
from chalicelib.hosts.memory import MemoryBlobs, MemoryQueue, MemoryRows, memory_host
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Key
from chalicelib.notices.model import Letterhead
from chalicelib.vault import actions, replacing
from chalicelib.vault.consult import consult
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from tests import people

RECORDS, DOCUMENTS = 20, 10
QUOTAS = Quotas(100_000, 100_000)
LETTERHEAD = Letterhead("ne-pas-repondre@carnet.example", "https://portail.example/")
FIFTY = date(1976, 1, 1)
Change = Callable[[dict[Key, Any], dict[str, Any]], None]
"""Changes rows and objects in place, as somebody does who can write to the stores."""


def accept(_content: bytes, media: str) -> Verdict:
    """Find nothing wrong: formats are the matter of other tests."""
    return Verdict(True, "", media)


def draft(content: bytes, unique: str) -> Draft:
    return Draft(
        type="11502-2",
        title="Bilan",
        media="text/plain",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        unique_id=unique,
    )


def content_of(record: int, document: int, version: int = 1) -> bytes:
    return f"record {record} document {document} version {version}".encode()


def filing(record: str, content: bytes, unique: str) -> Filing:
    return Filing(people.LAB, record, draft(content, unique))


@dataclass(frozen=True, slots=True)
class Shelf:
    """One record and its documents, in order of filing."""

    record: str
    documents: tuple[str, ...]

    @property
    def pk(self) -> str:
        return f"r#{self.record}"


class Vault:
    """The stores, and what was in them before anybody tampered."""

    def __init__(self, records: int = RECORDS, documents: int = DOCUMENTS) -> None:
        host = memory_host()
        self.host = replace(host, keys=CachedKeys(host.keys, host.clock, seconds=10**9))
        self.shelves = [self._filled(number, documents) for number in range(records)]
        drain(self.host)
        jobs.night(self.host)
        drain(self.host)
        self.rows, self.blobs = self._rows._rows.copy(), dict(self._blobs._blobs)

    @property
    def _rows(self) -> MemoryRows:
        assert isinstance(self.host.rows, MemoryRows)
        return self.host.rows

    @property
    def _blobs(self) -> MemoryBlobs:
        assert isinstance(self.host.blobs, MemoryBlobs)
        return self.host.blobs

    def _filled(self, number: int, documents: int) -> Shelf:
        person = people.person(f"1760199{number:08d}", FIFTY, "M")
        record, _ = enrolment.open_(self.host, people.ENROLMENT, person, people.HOLDER.id)
        filed = []
        for one in range(documents):
            content = content_of(number, one)
            filed.append(actions.deposit(self.host, filing(record, content, f"u{one}"), content, QUOTAS).id)
        drain(self.host)
        consent.allow(self.host, people.HOLDER, record, people.DOCTOR.id)
        refused(lambda: consult(self.host, people.PHYSIO, record, filed[0]))
        key = facts_key(record)
        flush(self.host, facts_of(record, self.host.rows.get([key])[key]))
        consult(self.host, people.DOCTOR, record, filed[0])
        return Shelf(record, tuple(filed))

    def replace(self, shelf: Shelf, number: int, content: bytes) -> None:
        """File and settle the next version of a document."""
        replacing.replace(
            self.host, filing(shelf.record, content, f"next-{number}"), shelf.documents[number], content, None, QUOTAS
        )
        drain(self.host)

    @contextmanager
    def tampered(self, change: Change) -> Iterator[None]:
        """Let somebody change the stores, and put everything back in the end. No memory of choices is kept."""
        self._rows._rows, self._blobs._blobs = self.rows.copy(), dict(self.blobs)
        choices._parsed.clear()
        change(self._rows._rows, self._blobs._blobs)
        try:
            yield
        finally:
            self._rows._rows, self._blobs._blobs = self.rows.copy(), dict(self.blobs)

    def sorts(self, shelf: Shelf, prefix: str) -> list[Key]:
        """Return the keys of one kind of rows of a record."""
        return sorted(key for key in self.rows if key[0] == shelf.pk and key[1].startswith(prefix))


def refused(attempt: Callable[[], object]) -> bool:
    """Tell whether the attempt ended in one of our own errors; anything else is a failure of the test."""
    try:
        attempt()
    except CarnetError:
        return True
    return False


def drain(host: Host) -> None:
    """Carry out everything that follows."""
    assert isinstance(host.queue, MemoryQueue)
    works: Mapping[str, jobs.Work] = {
        "intake": jobs.intake(host, accept),
        "notices": jobs.notices(host, LETTERHEAD),
        "reminders": jobs.reminders(host, LETTERHEAD),
    }
    moved = True
    while moved:
        jobs.minute(host)
        moved = sum(_done(host, name, work) for name, work in works.items()) > 0


def _done(host: Host, name: str, work: jobs.Work) -> bool:
    deliveries = host.queue.receive(name, 1000)
    for delivery in deliveries:
        work(json.loads(delivery.body))
        host.queue.delete(name, delivery.receipt)
    return bool(deliveries)
