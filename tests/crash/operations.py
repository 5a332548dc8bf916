"""The operations that are killed: what is done, from which state."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.flush import flush
from chalicelib.access.relay import relay
from chalicelib.enrolment import actions as enrolment
from chalicelib.following import follow
from chalicelib.history import actions as history
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.host import Host
from chalicelib.reminders import slots
from chalicelib.vault import actions as vault
from chalicelib.vault import changes, consult, replacing, upload
from chalicelib.vault.expiry import expire
from chalicelib.vault.inspection.whole import inspect
from chalicelib.vault.intake import settle
from chalicelib.vault.model import PART_BYTES
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB

from . import cases, checks, kept_back, minds
from .cases import FIRST, LARGE, QUOTAS, SECOND, Case, filing, one_reminded
from .recovery import drain


@dataclass(frozen=True)
class Operation:
    """`act` is what a process does when it is killed; `retried` says that its client may send it again."""

    name: str
    prepare: cases.Prepare
    act: Callable[[Host, Case], object]
    check: Callable[[checks.Outcome], Iterator[str]]
    retried: bool = True
    nights: int = 0


def _open(host: Host, _case: Case) -> object:
    return enrolment.open_(host, ENROLMENT, one_reminded(), HOLDER.id)[0]


def _deposit(host: Host, case: Case) -> object:
    return vault.deposit(host, filing(case.record, FIRST, "u1", "key-1"), FIRST, QUOTAS).id


def _part(host: Host, case: Case) -> object:
    begun = vault.begin(host, filing(case.record, LARGE, "u1"), QUOTAS)
    for part in range(1, begun.parts + 1 if begun.state == "uploading" else 1):
        upload.put(host, LAB, case.record, begun.id, part, LARGE[(part - 1) * PART_BYTES : part * PART_BYTES])
    return upload.complete(host, LAB, case.record, begun.id).id


def _settle(host: Host, case: Case) -> None:
    settle(host, case.record, case.document, 2, inspect)


def _replace(host: Host, case: Case) -> object:
    return replacing.replace(host, filing(case.record, SECOND, "u2"), case.document, SECOND, None, QUOTAS).version


def _flush(host: Host, case: Case) -> None:
    key = facts_key(case.record)
    flush(host, facts_of(case.record, host.rows.get([key]).get(key)))


def _relay(host: Host, case: Case) -> None:
    relay(host, case.record, follow)


def _consult(host: Host, case: Case) -> object:
    return consult.consult(host, DOCTOR, case.record, case.document).data


def _hide(host: Host, case: Case) -> None:
    changes.hide(host, HOLDER, case.record, case.document)


def _delete(host: Host, case: Case) -> None:
    with suppress(NotFound):  # what a client that asks again is told: it is gone
        changes.delete(host, LAB, case.record, case.document, None)


def _worker(name: str) -> Callable[[Host, Case], object]:
    def act(host: Host, _case: Case) -> None:
        drain(host, name)()

    return act


def _remind(host: Host, _case: Case) -> None:
    slots.wake(host)  # what the minute does for reminders; its other sweeps only read here
    drain(host, "reminders")()


def _roll_up(host: Host, _case: Case) -> None:
    history.roll_up(host)


def _expire(host: Host, _case: Case) -> None:
    expire(host)


OPERATIONS = (
    Operation("open", cases.nothing, _open, checks.opened, nights=1),
    Operation("deposit", cases.opened, _deposit, checks.deposited(FIRST)),
    Operation("part", cases.opened, _part, checks.deposited(LARGE)),
    Operation("intake", cases.received, _worker("intake"), checks.told, retried=False),
    Operation("settle", cases.second_received, _settle, checks.replaced, retried=False),
    Operation("flush", cases.read_long, _flush, checks.flushed, retried=False),
    Operation("relay", cases.settled, _relay, checks.told, retried=False),
    Operation("consult", cases.filed, _consult, checks.unharmed),
    Operation("fill", cases.nearly_filled, _consult, checks.filled),
    Operation("hide", cases.filed, _hide, checks.hidden),
    Operation("replace", cases.filed, _replace, checks.replaced),
    Operation("delete", cases.filed, _delete, checks.deleted),
    Operation("arm", cases.just_opened, _worker("reminders"), checks.reminded, retried=False, nights=1),
    Operation("remind", cases.night_of_a_reminder, _remind, checks.reminded, retried=False, nights=1),
    Operation("notify", cases.to_be_told, _worker("notices"), checks.told, retried=False),
    Operation("expire", cases.overdue, _expire, checks.expired, retried=False, nights=1),
    Operation("choose", cases.opened, minds.choose, minds.chosen),
    Operation("invite", cases.opened, minds.invite, minds.one_invitation),
    Operation("accept", minds.invited, minds.accept, minds.accepted),
    Operation("revoke", minds.helped, minds.revoke, minds.revoked),
    Operation("use code", minds.handed, minds.use, minds.used),
    Operation("roll-up", cases.refused, _roll_up, checks.rolled, retried=False, nights=1),
    Operation("deposit-masked", cases.opened, kept_back.deposit_masked, kept_back.masked),
    Operation("emergency", kept_back.with_physician, kept_back.open_in_emergency, kept_back.opened),
    Operation("reveal", kept_back.secret, kept_back.reveal, kept_back.revealed),
    Operation("announce", kept_back.withheld, kept_back.announce, kept_back.announced),
    Operation("tell", kept_back.two_weeks_later, kept_back.tell, kept_back.told, retried=False, nights=1),
)
