"""What the stores hold in the end, read past the gate, and what must hold of it whatever happened before."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from chalicelib.access.choices import Choices, read_choices
from chalicelib.access.delegation import lasting
from chalicelib.access.facts import FLUSH_AT, Facts, facts_key, facts_of, partition
from chalicelib.access.journal import PREFIX, Entry, entries_of, journal_row, link, open_entry, row_sort
from chalicelib.access.keyring import content_key, key_row_key, policy_key
from chalicelib.access.refusal import refusals
from chalicelib.kernel.host import Host
from chalicelib.kernel.parts import open_part
from chalicelib.kernel.ports import Row
from chalicelib.vault.model import HEAD, VERSION, Document, blob_name
from chalicelib.vault.store import document_of, pin, place

from .meaning import State
from .operations import Stage
from .oracle import Done

CONSULT = "document:consult"


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of one record, opened."""

    facts: Facts
    row: Row
    choices: Choices
    entries: tuple[Entry, ...]
    sealed: tuple[bytes, ...]
    chained: bytes
    documents: Mapping[str, Document]
    following: tuple[Document, ...]
    refused: tuple[Entry, ...]
    key: bytes
    barred: bool
    """a row of the journal lies where the next flush will write another one"""


def is_destroyed(host: Host, record: str) -> bool:
    """Tell whether the record is gone."""
    key = facts_key(record)
    return key not in host.rows.get([key])


def left_of(host: Host, record: str) -> list[str]:
    """Return what is wrong with a destroyed record: whatever of it is still there."""
    keys = [key_row_key(record), *((partition(record), str(row["sk"])) for row in host.rows.query(partition(record)))]
    rows = [f"a row was left of a destroyed record: {sort[:4]}" for _, sort in host.rows.get(keys)]
    return rows + ["an object was left of a destroyed record" for _ in host.blobs.list(f"{record}/")]


def record_of(host: Host, record: str) -> Record:
    """Read and open everything; the chain is computed here once more from its beginning."""
    row, key_row = (host.rows.get([key])[key] for key in (facts_key(record), key_row_key(record)))
    facts, key = facts_of(record, row), policy_key(host, record, key_row)
    rows = [*_all(host, record, PREFIX)]
    flushed = [sealed for one in rows for _, sealed in entries_of(one)]
    sealed = tuple(flushed[: facts.first]) + facts.entries
    heads = {str(one["sk"]).removeprefix(HEAD): document_of(key, record, one) for one in _all(host, record, HEAD)}
    return Record(
        facts=facts,
        row=row,
        choices=read_choices(host, key, facts, key_row),
        entries=tuple(open_entry(key, record, one) for one in sealed),
        sealed=sealed,
        chained=_chain(flushed[: facts.first]),
        documents=heads,
        following=tuple(document_of(key, record, one) for one in _all(host, record, VERSION)),
        refused=tuple(refusals(host, record, host.clock.now())),
        key=content_key(host, record, key_row),
        barred=any(str(one["sk"]) >= row_sort(facts.first) and one != _next_row(facts) for one in rows),
    )


def _next_row(facts: Facts) -> Row | None:
    if not facts.frozen:
        return None
    return journal_row(facts.record, facts.first, facts.frozen, reduce(link, facts.frozen, facts.chain))


def _all(host: Host, record: str, prefix: str) -> Iterator[Row]:
    after = prefix
    while rows := host.rows.query(partition(record), after=after, upto=prefix + "~", limit=100):
        yield from rows
        after = str(rows[-1]["sk"])


def _chain(sealed: Sequence[bytes]) -> bytes:
    chain = b""
    for entry in sealed:
        chain = hashlib.sha256(chain + entry).digest()
    return chain


def state_of(host: Host, stage: Stage, found: Record) -> State:
    """Return what a person would tell of the final state."""
    contents = {name: content_of(host, stage.record, found, one) for name, one in found.documents.items()}
    filed = [(one.draft.unique_id, contents[name]) for name, one in found.documents.items() if name != stage.document]
    current = found.documents[stage.document].version
    pending = [one for one in found.following if one.state == "received" and one.version > current]
    waiting = " ".join(content_of(host, stage.record, found, one) for one in pending)
    hidden = stage.document in found.choices.hidden
    now, choices = host.clock.now(), found.choices
    allowed = choices.allowed | lasting(choices.proxies, now).keys() | lasting(choices.carers, now).keys()
    return State(
        frozenset(allowed),
        hidden,
        contents[stage.document],
        tuple(filed),
        waiting,
        bool(choices.codes),
        choices.blocked,
        frozenset(choices.emergencies),
        found.facts.state in ("closed", "erasing"),
        found.facts.state == "erasing",
        False,
        _kept_from(found.documents[stage.document], choices),
    )


def _kept_from(document: Document, choices: Choices) -> str:
    if document.withheld and document.id not in choices.announced:
        return choices.holder
    return next(iter(choices.proxies)) if document.secret and document.id not in choices.revealed else ""


def content_of(host: Host, record: str, found: Record, document: Document) -> str:
    """Open a document of one part with the key itself. Raise when it does not open where it must."""
    sealed = host.blobs.begin_get(blob_name(record, document.id, document.attempt, 1)).result()
    if document.pins and document.pins[0] != pin(sealed):
        return "not the part that was filed"
    return open_part(found.key, place(record, document, 1), sealed).decode()


def complaints(found: Record, history: Sequence[Done]) -> list[str]:
    """Return what must never be, one sentence each."""
    return [sentence for sentence, wrong in _sentences(found, history) if wrong]


def _sentences(found: Record, history: Sequence[Done]) -> Iterator[tuple[str, bool]]:
    allowed = {entry.request for entry in found.entries if entry.effect == "allow"}
    refused = {entry.action if entry.kind == "system" else entry.request for entry in found.refused}
    released = {done.operation.name for done in history if done.outcome[0] in ("content", "list")}
    told_no = {_written(done) for done in history if done.outcome[0] == "refused"}
    journaled = {done.operation.name for done in history if done.operation.verb not in ("range", "midnight")}
    yield "content was released without its entry in the journal", not released & journaled <= allowed
    yield "a refusal was not written down", not told_no <= refused
    yield "an operation failed", any(done.outcome[0] == "failed" and done.outcome[1] != "Conflict" for done in history)
    yield "the next flush finds another row in its place", found.barred
    yield "the chain does not verify", found.chained != found.facts.chain
    yield "an entry stands in the journal twice", len(set(found.sealed)) != len(found.sealed)
    lists = {name for name in found.row if name.startswith("pending")}
    yield "a list of entries was left behind", not lists <= _lists(found.facts)
    followed = any(entry.obligations for entry in found.entries[found.facts.relayed :])
    unsent = followed or len(found.facts.entries) >= FLUSH_AT
    yield "entries wait for the relay and nothing says so", unsent and "work" not in found.row
    yield "an older version was released after it was superseded", _late(found, history)


def _written(done: Done) -> str:
    """Return by what a refusal of this operation is known: a job has no request."""
    return "record:shred" if done.operation.verb == "shred" else done.operation.name


def _lists(facts: Facts) -> set[str]:
    return {f"pending_{facts.generation}", f"pending_{facts.generation - 1}"}


def _late(found: Record, history: Sequence[Done]) -> bool:
    names = [entry.action if entry.kind == "system" else entry.request for entry in found.entries]
    for done in history:
        if done.operation.verb == "consult" and done.outcome[0] == "content":
            before = names[: names.index(done.operation.name)] if done.operation.name in names else names
            if ("document:supersede" in before and done.outcome[1] == "first") or _early(before, done):
                return True
    return False


def _early(before: Sequence[str], done: Done) -> bool:
    return done.outcome[1] == "second" and before.count("document:settle") < 2
