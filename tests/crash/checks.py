"""What must hold after an operation was killed and everything recovered: words that begin a finding are counted."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.access.facts import FLUSH_AT
from chalicelib.access.flush import flush
from chalicelib.access.grant import open_row
from chalicelib.access.opening import records_of
from chalicelib.history import actions as history
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.vault import consult, reading
from chalicelib.vault.model import CLAIM, Document, head_sort, version_sort
from tests.people import DOCTOR, HOLDER, LAB

from .cases import FIRST, SECOND, Case
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


def mailed(outcome: Outcome, events: int) -> Iterator[str]:
    """One Message-ID for each event, however often it was sent."""
    if len(outcome.mails) < events:
        yield f"lost: {len(outcome.mails)} mails of {events} events"
    if len(outcome.mails) > events:
        yield f"doubled: {len(outcome.mails)} Message-IDs of {events} events"


def opened(outcome: Outcome) -> Iterator[str]:
    known = [record for record in records_of(outcome.host, HOLDER) if outcome.world.facts(record).state == "open"]
    if len(known) > 1:
        yield "doubled: a person has two records"
    if outcome.must and not known:
        yield "lost: the record"
    if set(outcome.answers) - set(known):
        yield "lost: a record that was answered"
    yield from mailed(outcome, len(known))


def deposited(content: bytes) -> Callable[[Outcome], Iterator[str]]:
    def check(outcome: Outcome) -> Iterator[str]:
        found, record = outcome.listed(), outcome.case.record
        if len(found) > 1:
            yield "doubled: one unique id, two documents"
        if outcome.must and not found:
            yield "lost: an acknowledged document"
        if set(outcome.answers) - {document.id for document in found}:
            yield "lost: a document that was answered"
        if found and _claimants(outcome) != {found[0].id}:
            yield "doubled: the claims name another document"
        for document in found:
            for actor in (HOLDER, LAB):
                if consult.consult(outcome.host, actor, record, document.id).data != content:
                    yield "lost: other bytes"
        yield from mailed(outcome, len(found))

    return check


def _claimants(outcome: Outcome) -> set[str]:
    """Return the documents that the claims of the record name."""
    record = outcome.case.record
    rows = outcome.host.rows.query(f"r#{record}", after=CLAIM, upto=CLAIM + "~")
    key = outcome.world.opener(record)
    return {str(json.loads(open_row(key, record, row))["document"]) for row in rows}


def replaced(outcome: Outcome) -> Iterator[str]:
    found = outcome.listed()
    new = any(document.version == 2 for document in found)
    if len(found) != 1:
        yield f"{'doubled' if found else 'lost'}: {len(found)} documents instead of one"
    if outcome.must and not new:
        yield "lost: the second version"
    if outcome.content() != (SECOND if new else FIRST):
        yield "lost: the content is not that of the version shown"
    yield from mailed(outcome, int(new))
    if new:
        yield from _superseded(outcome)


def _superseded(outcome: Outcome) -> Iterator[str]:
    host, record, document = outcome.host, outcome.case.record, outcome.case.document
    rows = host.rows.query(f"r#{record}", after=version_sort(document, 0), upto=version_sort(document, 999_999))
    if [(row["sk"], row["state"]) for row in rows] != [(version_sort(document, 1), "superseded")]:
        yield "the version before is not kept as superseded, alone"


def flushed(outcome: Outcome) -> Iterator[str]:
    before = outcome.world.facts(outcome.case.record)
    for _ in range(2):
        flush(outcome.host, outcome.world.facts(outcome.case.record))
    after = outcome.world.facts(outcome.case.record)
    if after.frozen or after.first < before.first + len(before.frozen):
        yield "a killed flush is not finished by the next one"
    yield from unharmed(outcome)


def unharmed(outcome: Outcome) -> Iterator[str]:
    if {outcome.content(), *(answer for answer in outcome.answers if answer)} != {FIRST}:
        yield "lost: the document"
    yield from mailed(outcome, 0)


def filled(outcome: Outcome) -> Iterator[str]:
    facts = outcome.world.facts(outcome.case.record)
    if facts.frozen or len(facts.tail) >= FLUSH_AT:
        yield "a list that an access has filled is not moved by the next minutes"
    yield from unharmed(outcome)


def told(outcome: Outcome) -> Iterator[str]:
    yield from deposited(FIRST)(outcome)


def hidden(outcome: Outcome) -> Iterator[str]:
    host, record, document = outcome.host, outcome.case.record, outcome.case.document
    is_hidden = reading.read(host, HOLDER, record, document).hidden
    if outcome.must and not is_hidden:
        yield "lost: an acknowledged change of mind"
    if is_hidden == _reads(host, record, document):
        yield "the doctor does not see what the holder decided"
    if outcome.content() != FIRST:
        yield "lost: the document"


def _reads(host: Host, record: str, document: str) -> bool:
    try:
        return consult.consult(host, DOCTOR, record, document).data == FIRST
    except CarnetError:
        return False


def deleted(outcome: Outcome) -> Iterator[str]:
    there = outcome.content() == FIRST
    if outcome.must and there:
        yield "lost: an acknowledged deletion"
    if there != bool(outcome.listed()) or there != _reads(outcome.host, outcome.case.record, outcome.case.document):
        yield "deleted for one and not for another"


def reminded(outcome: Outcome) -> Iterator[str]:
    yield from mailed(outcome, 1)


def rolled(outcome: Outcome) -> Iterator[str]:
    shown = history.history(outcome.host, HOLDER, outcome.case.record).entries
    refusals = [entry for entry in shown if entry.effect == "deny"]
    if len(refusals) != 3:
        yield f"{'lost' if len(refusals) < 3 else 'doubled'}: {len(refusals)} of three refusals"
    chained = [entry for _, entry in outcome.world.journal(outcome.case.record) if entry.action == history.ROLLED_UP]
    if len(chained) != 1:
        yield f"{'doubled' if chained else 'lost'}: {len(chained)} roll-ups of one day"


def expired(outcome: Outcome) -> Iterator[str]:
    case = outcome.case
    if [*outcome.host.blobs.list(f"{case.record}/{case.document}/")]:
        yield "bytes are kept that must be deleted"
    ((_, row),) = outcome.host.rows.get([(f"r#{case.record}", head_sort(case.document))]).items()
    if row["state"] != "quarantined" or "work" in row:
        yield "an ended upload is not at its end"
    if outcome.listed():
        yield "doubled: an abandoned upload is a document"
