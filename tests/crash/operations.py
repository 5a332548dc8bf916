"""The operations that are killed: what is done, and what must hold afterwards."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from chalicelib import jobs
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.flush import flush
from chalicelib.access.grant import open_row
from chalicelib.access.opening import records_of
from chalicelib.access.relay import relay
from chalicelib.enrolment import actions as enrolment
from chalicelib.history import actions as history
from chalicelib.kernel.errors import CarnetError, NotFound
from chalicelib.kernel.host import Host
from chalicelib.vault import actions as vault
from chalicelib.vault import changes, consult, reading, upload
from chalicelib.vault.inspection.whole import inspect
from chalicelib.vault.intake import settle
from chalicelib.vault.model import CLAIM, PART_BYTES, Document, head_sort, version_sort
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, person

from . import cases
from .cases import FIFTY, FIRST, LARGE, QUOTAS, SECOND, Case, filing
from .recovery import drain
from .worlds import World


@dataclass(frozen=True)
class Outcome:
    """What stands after recovery: the case, the answers that somebody got, mails beyond those of the prepared state."""

    world: World
    host: Host
    case: Case
    answers: tuple[object, ...]
    must: bool
    """whether the operation must have taken place: it was acknowledged, or it repeats by itself"""
    mails: Counter[str]

    def content(self) -> bytes:
        """Return the document as its holder reads it, empty when it is not there."""
        try:
            return consult.consult(self.host, HOLDER, self.case.record, self.case.document).data
        except CarnetError:
            return b""

    def listed(self, record: str = "") -> list[Document]:
        """Return what the holder sees."""
        page = reading.listing(self.host, HOLDER, record or self.case.record, reading.Filter())
        return [shown.document for shown in page.documents]


@dataclass(frozen=True)
class Operation:
    """`act` is what a process does when it is killed; `retried` says that its client may send it again."""

    name: str
    prepare: cases.Prepare
    act: Callable[[Host, Case], object]
    check: Callable[[Outcome], Iterator[str]]
    retried: bool = True
    nights: int = 0


def _mailed(outcome: Outcome, events: int) -> Iterator[str]:
    """One Message-ID for each event, however often it was sent."""
    if len(outcome.mails) < events:
        yield f"lost: {len(outcome.mails)} mails of {events} events"
    if len(outcome.mails) > events:
        yield f"doubled: {len(outcome.mails)} Message-IDs of {events} events"


def _open(host: Host, _case: Case) -> object:
    return enrolment.open_(host, ENROLMENT, person(birth=FIFTY), HOLDER.id)[0]


def _opened(outcome: Outcome) -> Iterator[str]:
    known = [record for record in records_of(outcome.host, HOLDER) if outcome.world.facts(record).state == "open"]
    if len(known) > 1:
        yield "doubled: a person has two records"
    if outcome.must and not known:
        yield "lost: the record"
    if set(outcome.answers) - set(known):
        yield "lost: a record that was answered"
    yield from _mailed(outcome, len(known))


def _deposit(host: Host, case: Case) -> object:
    return vault.deposit(host, filing(case.record, FIRST, "u1", "key-1"), FIRST, QUOTAS).id


def _part(host: Host, case: Case) -> object:
    begun = vault.begin(host, filing(case.record, LARGE, "u1"), QUOTAS)
    for part in range(1, begun.parts + 1 if begun.state == "uploading" else 1):
        upload.put(host, LAB, case.record, begun.id, part, LARGE[(part - 1) * PART_BYTES : part * PART_BYTES])
    return upload.complete(host, LAB, case.record, begun.id).id


def _deposited(content: bytes) -> Callable[[Outcome], Iterator[str]]:
    def check(outcome: Outcome) -> Iterator[str]:
        found, record = outcome.listed(), outcome.case.record
        if len(found) > 1:
            yield "doubled: one unique id, two documents"
        if outcome.must and not found:
            yield "lost: an acknowledged document"
        if set(outcome.answers) - {document.id for document in found}:
            yield "lost: a document that was answered"
        if found and claimants(outcome) != {found[0].id}:
            yield "doubled: the claims name another document"
        for document in found:
            for actor in (HOLDER, LAB):
                if consult.consult(outcome.host, actor, record, document.id).data != content:
                    yield "lost: other bytes"
        yield from _mailed(outcome, len(found))

    return check


def claimants(outcome: Outcome) -> set[str]:
    """Return the documents that the claims of the record name."""
    record = outcome.case.record
    rows = outcome.host.rows.query(f"r#{record}", after=CLAIM, upto=CLAIM + "~")
    key = outcome.world.opener(record)
    return {str(json.loads(open_row(key, record, row))["document"]) for row in rows}


def _settle(host: Host, case: Case) -> None:
    settle(host, case.record, case.document, 2, inspect)


def _replace(host: Host, case: Case) -> object:
    return changes.replace(host, filing(case.record, SECOND, "u2"), case.document, SECOND, None).version


def _replaced(outcome: Outcome) -> Iterator[str]:
    found = outcome.listed()
    new = any(document.version == 2 for document in found)
    if len(found) != 1:
        yield f"{'doubled' if found else 'lost'}: {len(found)} documents instead of one"
    if outcome.must and not new:
        yield "lost: the second version"
    if outcome.content() != (SECOND if new else FIRST):
        yield "lost: the content is not that of the version shown"
    yield from _mailed(outcome, int(new))
    if new:
        yield from _superseded(outcome)


def _superseded(outcome: Outcome) -> Iterator[str]:
    host, record, document = outcome.host, outcome.case.record, outcome.case.document
    rows = host.rows.query(f"r#{record}", after=version_sort(document, 0), upto=version_sort(document, 999_999))
    if [(row["sk"], row["state"]) for row in rows] != [(version_sort(document, 1), "superseded")]:
        yield "the version before is not kept as superseded, alone"


def _flush(host: Host, case: Case) -> None:
    key = facts_key(case.record)
    flush(host, facts_of(case.record, host.rows.get([key]).get(key)))


def _flushed(outcome: Outcome) -> Iterator[str]:
    before = outcome.world.facts(outcome.case.record)
    for _ in range(2):
        flush(outcome.host, outcome.world.facts(outcome.case.record))
    after = outcome.world.facts(outcome.case.record)
    if after.frozen or after.first < before.first + len(before.frozen):
        yield "a killed flush is not finished by the next one"
    yield from _unharmed(outcome)


def _relay(host: Host, case: Case) -> None:
    relay(host, case.record, jobs.follow)


def _consult(host: Host, case: Case) -> object:
    return consult.consult(host, DOCTOR, case.record, case.document).data


def _unharmed(outcome: Outcome) -> Iterator[str]:
    if {outcome.content(), *(answer for answer in outcome.answers if answer)} != {FIRST}:
        yield "lost: the document"
    yield from _mailed(outcome, 0)


def _told(outcome: Outcome) -> Iterator[str]:
    yield from _deposited(FIRST)(outcome)


def _hide(host: Host, case: Case) -> None:
    changes.hide(host, HOLDER, case.record, case.document)


def _hidden(outcome: Outcome) -> Iterator[str]:
    host, record, document = outcome.host, outcome.case.record, outcome.case.document
    hidden = reading.read(host, HOLDER, record, document).hidden
    if outcome.must and not hidden:
        yield "lost: an acknowledged change of mind"
    if hidden == _reads(host, record, document):
        yield "the doctor does not see what the holder decided"
    if outcome.content() != FIRST:
        yield "lost: the document"


def _reads(host: Host, record: str, document: str) -> bool:
    try:
        return consult.consult(host, DOCTOR, record, document).data == FIRST
    except CarnetError:
        return False


def _delete(host: Host, case: Case) -> None:
    with suppress(NotFound):  # what a client that asks again is told: it is gone
        changes.delete(host, LAB, case.record, case.document, None)


def _deleted(outcome: Outcome) -> Iterator[str]:
    there = outcome.content() == FIRST
    if outcome.must and there:
        yield "lost: an acknowledged deletion"
    if there != bool(outcome.listed()) or there != _reads(outcome.host, outcome.case.record, outcome.case.document):
        yield "deleted for one and not for another"


def _worker(name: str) -> Callable[[Host, Case], object]:
    def act(host: Host, _case: Case) -> None:
        drain(host, name)()

    return act


def _remind(host: Host, _case: Case) -> None:
    jobs.night(host)
    drain(host, "reminders")()


def _reminded(outcome: Outcome) -> Iterator[str]:
    yield from _mailed(outcome, 1)


def _roll_up(host: Host, _case: Case) -> None:
    history.roll_up(host)


def _rolled(outcome: Outcome) -> Iterator[str]:
    shown = history.history(outcome.host, HOLDER, outcome.case.record).entries
    refusals = [entry for entry in shown if entry.effect == "deny"]
    if len(refusals) != 3:
        yield f"{'lost' if len(refusals) < 3 else 'doubled'}: {len(refusals)} of three refusals"
    chained = [entry for _, entry in outcome.world.journal(outcome.case.record) if entry.action == history.ROLLED_UP]
    if len(chained) != 1:
        yield f"{'doubled' if chained else 'lost'}: {len(chained)} roll-ups of one day"


OPERATIONS = (
    Operation("open", cases.nothing, _open, _opened, nights=1),
    Operation("deposit", cases.opened, _deposit, _deposited(FIRST)),
    Operation("part", cases.opened, _part, _deposited(LARGE)),
    Operation("intake", cases.received, _worker("intake"), _told, retried=False),
    Operation("settle", cases.second_received, _settle, _replaced, retried=False),
    Operation("flush", cases.read_long, _flush, _flushed, retried=False),
    Operation("relay", cases.settled, _relay, _told, retried=False),
    Operation("consult", cases.filed, _consult, _unharmed),
    Operation("hide", cases.filed, _hide, _hidden),
    Operation("replace", cases.filed, _replace, _replaced),
    Operation("delete", cases.filed, _delete, _deleted),
    Operation("arm", cases.just_opened, _worker("reminders"), _reminded, retried=False, nights=1),
    Operation("remind", cases.night_of_a_reminder, _remind, _reminded, retried=False, nights=1),
    Operation("notify", cases.to_be_told, _worker("notices"), _told, retried=False),
    Operation("roll-up", cases.refused, _roll_up, _rolled, retried=False, nights=1),
)
