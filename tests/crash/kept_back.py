"""Killed: an emergency, and documents that are not for everybody. Prepared states, operations, what must hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from chalicelib import jobs
from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices, Delegation
from chalicelib.access.gate import Ask, gate
from chalicelib.care import inbox
from chalicelib.consent import actions as consent
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.enrolment import actions as enrolment
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.reminders import index
from chalicelib.vault import actions as vault
from chalicelib.vault import confidentiality, consult
from chalicelib.vault.model import MASKED, SECRET, WITHHELD, Filing
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, PHYSIO, person

from .cases import FIRST, QUOTAS, Case, filing
from .checks import Outcome, deposited, mailed
from .recovery import drain, settle_down
from .worlds import World

MINOR = date(2012, 5, 4)
PARENT = Actor(Kind.CITIZEN, "citizen:parent", "Alix EXEMPLE")
GLASS = replace(DOCTOR, id="pro:810000000011", organisation="org:1750100130")
REASON = Reason("UNCONSCIOUS", "Trouvé inconscient dans la rue, aucun proche sur place")


def kept(record: str, *codes: str) -> Filing:
    """Return what the laboratory files, and for whom it is not."""
    plain = filing(record, FIRST, "u1", "key-1")
    return replace(plain, draft=plain.draft.model_copy(update={"confidentiality": codes}))


def _decided(choices: Choices) -> Choices:
    return replace(choices, proxies={PARENT.id: Delegation("parent")}, physician=PHYSIO.id)


def _childs(world: World, *codes: str) -> Case:
    host = world.host()
    record, _ = enrolment.open_(host, ENROLMENT, person(birth=MINOR), HOLDER.id)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    gate(host, Ask(HOLDER, record, "choices:allow", change=_decided))
    document = vault.deposit(host, kept(record, *codes), FIRST, QUOTAS).id
    settle_down(host)
    return Case(record, document)


def with_physician(world: World) -> Case:
    """A document, its holder told, and a treating physician."""
    return _childs(world)


def secret(world: World) -> Case:
    """A minor's document that the parent does not see."""
    return _childs(world, SECRET)


def withheld(world: World) -> Case:
    """A document that the holder does not see yet."""
    return _childs(world, WITHHELD)


def two_weeks_later(world: World) -> Case:
    """The same on the day on which the holder is told."""
    case = withheld(world)
    for _ in range(14):
        world.clock.advance(timedelta(days=1))
        jobs.night(world.host())
        settle_down(world.host())
    world.clock.advance(timedelta(days=1))
    return case


def deposit_masked(host: Host, case: Case) -> object:
    return vault.deposit(host, kept(case.record, MASKED), FIRST, QUOTAS).id


def open_in_emergency(host: Host, case: Case) -> None:
    emergency.open_(host, GLASS, case.record, REASON)


def reveal(host: Host, case: Case) -> None:
    confidentiality.reveal(host, HOLDER, case.record, case.document)


def announce(host: Host, case: Case) -> None:
    confidentiality.announce(host, LAB, case.record, case.document)


def tell(host: Host, _case: Case) -> None:
    index.night(host)  # what the night does for announcements; its other jobs only read here
    drain(host, "reminders")()


def _reads(outcome: Outcome, actor: Actor, document: str = "") -> bool:
    case = outcome.case
    try:
        return consult.consult(outcome.host, actor, case.record, document or case.document).data == FIRST
    except CarnetError:
        return False


def masked(outcome: Outcome) -> Iterator[str]:
    yield from deposited(FIRST)(outcome)
    for document in outcome.listed():
        if _reads(outcome, DOCTOR, document.id):
            yield "a document hidden at birth is seen"


def opened(outcome: Outcome) -> Iterator[str]:
    record = outcome.case.record
    entries = [entry for _, entry in outcome.world.journal(record) if entry.action == "emergency:open"]
    if len(entries) > 1:
        yield "doubled: one emergency stands twice in the journal"
    if outcome.must and not (entries and _reads(outcome, GLASS)):
        yield "lost: an acknowledged emergency"
    if _reads(outcome, GLASS) != bool(entries):
        yield "a professional reads without an entry, or not with it"
    yield from mailed(outcome, len(entries))
    told, _ = inbox.inbox(outcome.host, PHYSIO)
    if len(told) != len(entries):
        yield f"{'doubled' if len(told) > len(entries) else 'lost'}: {len(told)} notices to the physician"


def revealed(outcome: Outcome) -> Iterator[str]:
    if outcome.must and not _reads(outcome, PARENT):
        yield "lost: an acknowledged change of mind"
    if outcome.content() != FIRST:
        yield "lost: the document"


def announced(outcome: Outcome) -> Iterator[str]:
    seen = _reads(outcome, HOLDER)
    if outcome.must and not seen:
        yield "lost: an acknowledged announcement"
    yield from mailed(outcome, int(seen))


def told(outcome: Outcome) -> Iterator[str]:
    if _reads(outcome, HOLDER):
        yield "a document was seen before its time"
    yield from mailed(outcome, 1)
