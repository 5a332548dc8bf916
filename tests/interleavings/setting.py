"""What stands before the operations begin: a record whose doctor may read the one document of the laboratory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices, Delegation
from chalicelib.access.clocks import comes_of_age
from chalicelib.access.facts import CLOSE_AT, PENDING_LIMIT, facts_key, facts_of
from chalicelib.access.flush import _freeze, flush
from chalicelib.access.gate import Ask, gate
from chalicelib.access.relay import relay
from chalicelib.consent import actions as consent
from chalicelib.consent import handing
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import actions as enrolment
from chalicelib.enrolment import life
from chalicelib.following import follow
from chalicelib.kernel.host import Host
from chalicelib.vault import actions, changes, intake, replacing
from chalicelib.vault.consult import consult
from chalicelib.vault.model import SECRET, WITHHELD, Filing
from tests import people

from .operations import QUOTAS, Stage, accept, draft

FIRST, SECOND = "first", "second"
MINOR = date(2012, 5, 4)
INS = "255081416802538"
BIRTH = date(2008, 11, 3)
MIDNIGHT = datetime.fromisoformat(comes_of_age(BIRTH))
"""in Paris, on the evening of the day on which the clock of these runs stands still"""
PARENT = Actor(Kind.CITIZEN, "citizen:parent", "Céleste PARENT")
CARER = Actor(Kind.CITIZEN, "citizen:aidant", "Hector AIDANT")


def plain(host: Host, ins: str = INS) -> Stage:
    """Open a record, allow the doctor, file and settle a document; the journal is relayed and flushed."""
    record, _ = enrolment.open_(host, people.ENROLMENT, people.person(ins), people.HOLDER.id)
    consent.allow(host, people.HOLDER, record, people.DOCTOR.id)
    content = FIRST.encode()
    document = actions.deposit(host, Filing(people.LAB, record, draft(content, "first")), content, QUOTAS).id
    intake.settle(host, record, document, 1, accept)
    ticket = consult(host, people.DOCTOR, record, document).read_id
    relay(host, record, follow)
    _flush(host, record)
    return Stage(record, document, ticket)


def unflushed(host: Host, ins: str = INS) -> Stage:
    """Leave two entries in the tail."""
    stage = plain(host, ins)
    consult(host, people.DOCTOR, stage.record, stage.document)
    consult(host, people.DOCTOR, stage.record, stage.document)
    return stage


def half_flushed(host: Host, ins: str = INS) -> Stage:
    """Leave one frozen entry of a flush that was killed, and one in the tail."""
    stage = plain(host, ins)
    consult(host, people.DOCTOR, stage.record, stage.document)
    key = facts_key(stage.record)
    facts = facts_of(stage.record, host.rows.get([key])[key])
    _freeze(host, facts)
    consult(host, people.DOCTOR, stage.record, stage.document)
    return stage


def replaced(host: Host, ins: str = INS) -> Stage:
    """File the next version, not settled yet."""
    stage = plain(host, ins)
    content = SECOND.encode()
    replacing.replace(
        host, Filing(people.LAB, stage.record, draft(content, "second")), stage.document, content, None, QUOTAS
    )
    return stage


def nearly_full(host: Host, ins: str = INS) -> Stage:
    """Leave room for one more entry behind a frozen list, so that the second one has to flush first."""
    stage = half_flushed(host, ins)
    for _ in range(PENDING_LIMIT - 2):
        consult(host, people.DOCTOR, stage.record, stage.document)
    return stage


def nearly_filled(host: Host, ins: str = INS) -> Stage:
    """Leave the tail so long that the next entry freezes it."""
    stage = plain(host, ins)
    for _ in range(CLOSE_AT - 1):
        consult(host, people.DOCTOR, stage.record, stage.document)
    return stage


def hidden(host: Host, ins: str = INS) -> Stage:
    """Hide the document."""
    stage = plain(host, ins)
    changes.hide(host, people.HOLDER, stage.record, stage.document)
    return stage


def closed(host: Host, ins: str = INS) -> Stage:
    """Let the holder close the record."""
    stage = plain(host, ins)
    life.close(host, people.HOLDER, stage.record)
    return _quiet(host, stage)


def erasing(host: Host, ins: str = INS) -> Stage:
    """Let the holder ask for the erasure so long ago that its clock has run out; all else is of today, few rows."""
    stage, now = closed(host, ins), host.clock.now()
    host.clock.set(now - timedelta(days=100))  # type: ignore[attr-defined]
    life.erase(host, people.HOLDER, stage.record)
    host.clock.set(now)  # type: ignore[attr-defined]
    return _quiet(host, stage)


def _quiet(host: Host, stage: Stage) -> Stage:
    relay(host, stage.record, follow)
    _flush(host, stage.record)
    return stage


def helped(host: Host, ins: str = INS) -> Stage:
    """Let a carer help."""
    return _with(host, plain(host, ins), lambda choices: replace(choices, carers={CARER.id: Delegation("carer")}))


def minor(host: Host, ins: str = INS) -> Stage:
    """Let a parent represent until midnight."""
    parent = Delegation("parent", ends=MIDNIGHT.isoformat())
    return _with(host, plain(host, ins), lambda choices: replace(choices, proxies={PARENT.id: parent}))


def handed(host: Host, ins: str = INS) -> Stage:
    """Let the holder make an access code."""
    stage = plain(host, ins)
    code = handing.hand_over(host, Wish(people.HOLDER, stage.record))
    return replace(stage, code=(code.reference, code.text))


def _with(host: Host, stage: Stage, change: Callable[[Choices], Choices]) -> Stage:
    gate(host, Ask(people.HOLDER, stage.record, "choices:told", change=change))
    return stage


def secret(host: Host, ins: str = INS) -> Stage:
    """File a minor's document that the parent does not see."""
    return _kept(host, ins, SECRET)


def withheld(host: Host, ins: str = INS) -> Stage:
    """File a document that the holder does not see."""
    return _kept(host, ins, WITHHELD)


def _kept(host: Host, ins: str, code: str) -> Stage:
    record, _ = enrolment.open_(host, people.ENROLMENT, people.person(ins, MINOR), people.HOLDER.id)
    parents = {PARENT.id: Delegation("parent")}
    allowed = frozenset({people.DOCTOR.id})
    gate(
        host,
        Ask(people.HOLDER, record, "choices:allow", change=lambda c: replace(c, proxies=parents, allowed=allowed)),
    )
    content = FIRST.encode()
    document = actions.deposit(host, Filing(people.LAB, record, draft(content, "first", code)), content, QUOTAS).id
    intake.settle(host, record, document, 1, accept)
    relay(host, record, follow)
    _flush(host, record)
    return Stage(record, document, "")


def _flush(host: Host, record: str) -> None:
    key = facts_key(record)
    flush(host, facts_of(record, host.rows.get([key])[key]))
