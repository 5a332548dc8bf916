"""The journal of a record: sealed entries, first in the facts row, later in chained rows of their own."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import reduce
from itertools import chain as joined
from itertools import pairwise
from operator import attrgetter
from typing import Any, cast

from pydantic_core import to_json

from ..kernel.host import Host
from ..kernel.ports import Row, Value
from ..kernel.seal import seal, unseal
from .actor import Actor
from .facts import PENDING_LIMIT, Facts, partition
from .keyring import lost
from .rules import Decision
from .thing import Thing

PREFIX = "2j#"
_NAME = re.compile(f"{PREFIX}[0-9]{{12}}")
_OP = 16
_ROWS = 16
"""rows of one query: a few hundred entries"""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, when, on what, by which rule (R.1111-43). `about` is a document id or empty.

    `secret` and `withheld` are those of the thing: who may not know of it must not read of it here either.
    """

    at: str
    actor: str
    kind: str
    name: str
    organisation: str
    organisation_name: str
    profession: str
    action: str
    about: str
    effect: str
    reason: str
    rule: str
    request: str = ""
    obligations: Sequence[str] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    secret: bool = False
    withheld: str = ""


_values = attrgetter(*(one.name for one in fields(Entry)))
"""What is kept of an entry: without names, since every access rewrites all that wait. A new field comes last and has a
default, none is ever taken away."""


def entry_of(
    actor: Actor, action: str, thing: Thing, decision: Decision, now: datetime, request: str, detail: Mapping[str, Any]
) -> Entry:
    """Return the entry of a decision."""
    return Entry(
        at=now.isoformat(timespec="milliseconds"),
        actor=actor.id,
        kind=actor.kind.value,
        name=actor.name,
        organisation=actor.organisation,
        organisation_name=actor.organisation_name,
        profession=actor.profession,
        action=action,
        about=thing.id,
        effect=decision.effect,
        reason=decision.reason,
        rule=decision.rule,
        request=request,
        obligations=decision.obligations,
        detail=dict(detail),
        secret=thing.secret,
        withheld=thing.withheld,
    )


def seal_entry(key: bytes, record: str, op: bytes, entry: Entry) -> bytes:
    """Return operation id + sealed entry, bound to the record and the operation."""
    clear = to_json(_values(entry))
    return op + seal(key, "journal", clear, record, op.hex())


def open_entry(key: bytes, record: str, sealed: bytes) -> Entry:
    """Return the entry. Raise Broken when it belongs elsewhere or was altered."""
    op = operation(sealed)
    return Entry(*json.loads(unseal(key, "journal", sealed[_OP:], record, op.hex())))


def operation_of(*names: str) -> bytes:
    """Return the operation id of a job that must stand in the journal once: the same names, the same id."""
    return hashlib.sha256("|".join(names).encode()).digest()[:_OP]


def operation(sealed: bytes) -> bytes:
    """Return the operation id that a sealed entry carries in front."""
    return sealed[:_OP]


def link(previous: bytes, sealed: bytes) -> bytes:
    """Return the chain value after this entry: SHA-256 over the one before and the sealed bytes."""
    return hashlib.sha256(previous + sealed).digest()


def row_sort(number: int) -> str:
    """Return the sort key of the row of flushed entries that begins with this one."""
    return f"{PREFIX}{number:012d}"


def journal_row(record: str, first: int, entries: Sequence[bytes], chain: bytes) -> Row:
    """Return the row of entries flushed together; `chain` is the value after the last of them."""
    return {"pk": partition(record), "sk": row_sort(first), "entries": list(entries), "chain": chain}


_ORIGIN: Row = {"sk": row_sort(0), "entries": [], "chain": b""}
"""what the first row follows from"""


def entries_of(row: Row) -> Iterator[tuple[int, bytes]]:
    """Yield (number, sealed entry) of one row."""
    return enumerate(cast(list[bytes], row["entries"]), int(cast(str, row["sk"])[len(PREFIX) :]))


def read(host: Host, facts: Facts, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number, sealed entry) for start <= number < stop: flushed rows first, then the tail in facts.

    Raise Broken when one of them was taken out, put in, altered or moved since it was flushed, NotFound when the record
    was destroyed meanwhile.
    """
    start, upto = max(start, 0), min(stop, facts.first)
    for found in _chained(host, facts, start, upto) if start < upto else ():
        yield from (one for one in found if start <= one[0] < upto)
    yield from _tail(facts, start, stop)


def salvage(host: Host, facts: Facts, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Yield what there is of the same, whatever is missing.

    For those who look for something: damage must keep nobody from an emergency, nor from having a record destroyed.
    """
    start, upto = max(start, 0), min(stop, facts.first)
    for row in _rows(host, facts.record, start - PENDING_LIMIT, upto) if start < upto else ():
        yield from (one for one in entries_of(row) if start <= one[0] < upto)
        if _span(row)[1] >= upto:
            break
    yield from _tail(facts, start, stop)


def holds(host: Host, facts: Facts, op: bytes, since: int) -> bool:
    """Tell whether an entry with this operation id stands in the journal from number `since` on."""
    return find(host, facts, op, since) is not None


def find(host: Host, facts: Facts, op: bytes, since: int) -> bytes | None:
    """Return the sealed entry with this operation id, None when there is none from number `since` on."""
    return next((sealed for _, sealed in salvage(host, facts, since, facts.last) if operation(sealed) == op), None)


def _tail(facts: Facts, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    for number in range(max(start, facts.first), min(stop, facts.last)):
        yield number, facts.entries[number - facts.first]


def _rows(host: Host, record: str, above: int, stop: int) -> Iterator[Row]:
    """Yield the rows that begin above one number and below another, read as far as they are asked for."""
    after = row_sort(above) if above >= 0 else PREFIX
    while rows := host.rows.query(partition(record), after=after, upto=row_sort(stop - 1), limit=_ROWS):
        yield from filter(_is_whole, rows)
        after = cast(str, rows[-1]["sk"])


def _is_whole(row: Row) -> bool:
    """Tell whether this is a row that a flush may have written: what is none is missing, and the chain tells it."""
    named = _NAME.fullmatch(cast(str, row["sk"]))
    return bool(named) and isinstance(row.get("entries"), list) and isinstance(row.get("chain"), bytes)


def _chained(host: Host, facts: Facts, start: int, stop: int) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the entries of each row that holds some of these, once it was found to follow from the row before it."""
    above = start - 2 * PENDING_LIMIT  # no row holds more: what has `start` begins above this, and so does one before
    rows, reached = _rows(host, facts.record, above, stop), start
    for before, row in pairwise(rows if above >= 0 else joined((_ORIGIN,), rows)):
        begins, ends = _span(row)
        if ends <= start:
            continue
        if begins > reached or not _follows(before, row) or not _agrees(facts, ends, row["chain"]):
            break
        yield [*entries_of(row)]
        if (reached := ends) >= stop:
            return
    raise lost(host, facts.record)


def _span(row: Row) -> tuple[int, int]:
    begins = int(cast(str, row["sk"])[len(PREFIX) :])
    return begins, begins + len(cast(list[bytes], row["entries"]))


def _follows(before: Row, row: Row) -> bool:
    linked = reduce(link, cast(list[bytes], row["entries"]), cast(bytes, before["chain"]))
    return _span(before)[1] == _span(row)[0] and linked == row["chain"]


def _agrees(facts: Facts, ends: int, value: Value) -> bool:
    """Tell whether facts do not speak of another end. A frozen row that they know nothing of yet begins behind it."""
    return ends < facts.first or (ends, value) == (facts.first, facts.chain)
