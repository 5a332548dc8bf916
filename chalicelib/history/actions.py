"""The holder's view of the journal: who did what, when, and who was refused."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import cast

from ..access.actor import Actor, Kind
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..access.journal import Entry, open_entry, operation_of, read
from ..access.refusal import open_refusal, refusals
from ..access.work import REFUSED, shards
from ..kernel.errors import AccessDenied, ConditionFailed, NotFound
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row, When

PAGE = 50
SYSTEM = Actor(Kind.SYSTEM, "system:journal", "Carnet")
ROLLED_UP = "refusals:rollup"
KEPT_IN_CHAIN = 200


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Entries, newest first; `before` is the cursor of the next page, None on the last one."""

    entries: tuple[Entry, ...]
    before: int | None


def history(host: Host, actor: Actor, record: str, before: int | None = None, request: str = "") -> HistoryPage:
    """Return one page of the journal. The first page begins with refusals that are not in the chain yet."""
    grant = gate(host, Ask(actor, record, "history:read", request=request))
    stop = min(before, grant.facts.last) if before is not None else grant.facts.last
    start = max(0, stop - PAGE)
    sealed = [entry for _, entry in read(host, grant.facts, start, stop)]
    entries = [shown for item in reversed(sealed) for shown in _expanded(open_entry(grant.policy_key, record, item))]
    live = _live_refusals(host, grant) if before is None else []
    merged = sorted(live + entries, key=lambda entry: entry.at, reverse=True) if live else entries
    return HistoryPage(tuple(merged), start or None)


def _expanded(entry: Entry) -> Iterator[Entry]:
    """Yield the entry, or the refusals that a roll-up carries."""
    if entry.action != ROLLED_UP:
        yield entry
    for refused in reversed(entry.detail.get("refusals", [])):
        yield Entry(**refused)


def _live_refusals(host: Host, grant: Grant) -> list[Entry]:
    today = host.clock.now().date()
    return [entry for day in (today - timedelta(days=1), today) for entry in refusals(host, grant.record, day)]


def roll_up(host: Host) -> int:
    """Put the refusals of past days into the chain of their record, once; return how many partitions were done."""
    today = host.clock.now().date().isoformat()
    done: set[str] = set()
    for shard in shards(REFUSED):
        done |= {pk for pk, _ in host.rows.work(shard, upto=today, limit=1000)}
    for partition in sorted(done):
        _roll(host, partition)
    return len(done)


def _roll(host: Host, partition: str) -> None:
    rows = host.rows.query(partition, limit=1000)
    opened = [open_refusal(host, row) for row in rows]
    if opened and not opened[0][0].startswith("unknown"):
        _into_chain(host, partition, opened[0][0], [entry for _, entry in opened])
    for row in rows:
        _unmark(host, row)


def _into_chain(host: Host, partition: str, record: str, entries: list[Entry]) -> None:
    detail = {"count": len(entries), "refusals": [asdict(entry) for entry in entries[:KEPT_IN_CHAIN]]}
    op = operation_of(ROLLED_UP, partition)
    with contextlib.suppress(NotFound, AccessDenied):  # a record that does not exist has no chain
        gate(host, Ask(SYSTEM, record, ROLLED_UP, detail=detail, op=op, once=True))


def _unmark(host: Host, row: Row) -> None:
    key = cast(Key, (row["pk"], row["sk"]))
    with contextlib.suppress(ConditionFailed):
        host.rows.update(key, Change(remove=("work", "since")), When(present=("work",)))
