"""Prepared states: what was there before the operation that is killed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from chalicelib.access.facts import CLOSE_AT
from chalicelib.access.person import Person
from chalicelib.access.relay import relay
from chalicelib.consent import actions as consent
from chalicelib.enrolment import actions as enrolment
from chalicelib.following import follow
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.vault import actions as vault
from chalicelib.vault import consult, replacing, upload
from chalicelib.vault.expiry import expire
from chalicelib.vault.inspection.whole import inspect
from chalicelib.vault.intake import settle
from chalicelib.vault.model import PART_BYTES, Draft, Filing
from chalicelib.vault.quota import Quotas
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, PHYSIO, person

from .recovery import settle_down
from .worlds import World

QUOTAS = Quotas(1000, 1000)
FIRST, SECOND = b"Hemoglobine 14,2 g/dL", b"Hemoglobine 14,3 g/dL"
LARGE = b"Compte rendu. " * (PART_BYTES // 14 + 1)


def one_reminded() -> Person:
    """Return a man of forty-two, who will be told of one thing: the measles vaccination of those born since 1980."""
    return person(birth=date(1984, 1, 1), sex="M")


@dataclass(frozen=True)
class Case:
    """The record and the document that the operation is about, empty when it makes them."""

    record: str = ""
    document: str = ""
    code: tuple[str, str] = ("", "")
    """(reference, text) of a code that somebody was given"""


Prepare = Callable[[World], Case]


def filing(record: str, content: bytes, unique_id: str, key: str = "") -> Filing:
    """Return what the laboratory files."""
    digest = sha256(content).hexdigest()
    draft = Draft(
        type="11502-2", title="Bilan", media="text/plain", size=len(content), sha256=digest, unique_id=unique_id
    )
    return Filing(LAB, record, draft, key)


def nothing(_world: World) -> Case:
    """Nothing at all."""
    return Case()


def just_opened(world: World) -> Case:
    """An open record of somebody with one reminder, whose reminders wait in the queue to be armed."""
    host = world.host()
    record, _ = enrolment.open_(host, ENROLMENT, one_reminded(), HOLDER.id)
    _relayed(host, record)
    return Case(record)


def opened(world: World) -> Case:
    """A record that allows one doctor; nothing is left to do."""
    host = world.host()
    record, _ = enrolment.open_(host, ENROLMENT, one_reminded(), HOLDER.id)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    settle_down(host)
    return Case(record)


def night_of_a_reminder(world: World) -> Case:
    """The same on the next morning, with a reminder due: in the night nobody is told."""
    case = opened(world)
    world.clock.advance(timedelta(days=1))
    return case


def received(world: World) -> Case:
    """A document that waits for intake, its message in the queue."""
    record = opened(world).record
    return Case(record, vault.deposit(world.host(), filing(record, FIRST, "u1"), FIRST, QUOTAS).id)


def filed(world: World) -> Case:
    """A document that the holder was told of; nothing is left to do."""
    case = received(world)
    settle_down(world.host())
    return case


def second_received(world: World) -> Case:
    """A second version that waits for intake, its message in the queue."""
    case = filed(world)
    replacing.replace(world.host(), filing(case.record, SECOND, "u2"), case.document, SECOND, None, QUOTAS)
    return case


def settled(world: World) -> Case:
    """A settled document whose entries nobody has relayed, in a journal long enough to be flushed."""
    case, host = received(world), world.host()
    settle(host, case.record, case.document, 1, inspect)
    _take(host, "intake")
    read_often(host, case, 28)
    return case


def read_long(world: World) -> Case:
    """A document that was read often enough to leave a tail for the flush."""
    case = filed(world)
    read_often(world.host(), case, 4)
    return case


def nearly_filled(world: World) -> Case:
    """A document that was read so often that the next access freezes the list of entries and moves it."""
    case = filed(world)
    read_often(world.host(), case, CLOSE_AT - 1 - len(world.facts(case.record).tail))
    return case


def to_be_told(world: World) -> Case:
    """A settled document, the notice to its holder in the queue."""
    case, host = received(world), world.host()
    settle(host, case.record, case.document, 1, inspect)
    _take(host, "intake")
    _relayed(host, case.record)
    return case


def refused(world: World) -> Case:
    """Three refusals of yesterday."""
    case, host = filed(world), world.host()
    for _ in range(3):
        with suppress(CarnetError):
            consult.consult(host, PHYSIO, case.record, case.document)
    world.clock.advance(timedelta(days=1))
    settle_down(host)
    return case


def overdue(world: World) -> Case:
    """An upload that was abandoned, then ended, and whose bytes must go tonight."""
    case, host = opened(world), world.host()
    begun = vault.begin(host, filing(case.record, LARGE, "u1"), QUOTAS)
    upload.put(host, LAB, case.record, begun.id, 1, LARGE[:PART_BYTES])
    world.clock.advance(timedelta(days=8))
    expire(host)
    world.clock.advance(timedelta(days=8))
    settle_down(host)
    return Case(case.record, begun.id)


def read_often(host: Host, case: Case, times: int) -> None:
    """Let the holder read a document."""
    for _ in range(times):
        consult.consult(host, HOLDER, case.record, case.document)


def _take(host: Host, name: str) -> None:
    for delivery in host.queue.receive(name):
        host.queue.delete(name, delivery.receipt)


def _relayed(host: Host, record: str) -> None:

    relay(host, record, follow)
