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
_PAGE = 1000


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
        while fresh := {pk for pk, _ in host.rows.work(shard, upto=today, limit=_PAGE)} - done:
            for partition in sorted(fresh):
                _roll(host, partition)
            done |= fresh
    return len(done)


def _roll(host: Host, partition: str) -> None:
    """Roll page by page: nothing is added to a day that is over, so every try cuts the same pages."""
    after = ""
    while rows := host.rows.query(partition, after=after, limit=_PAGE):
        if all("work" in row for row in rows):  # else a killed try has put this page into the chain already
            _into_chain(host, partition, after, [open_refusal(host, row) for row in rows])
        for row in rows:
            _unmark(host, row)
        after = cast(str, rows[-1]["sk"])


def _into_chain(host: Host, partition: str, after: str, opened: list[tuple[str, Entry]]) -> None:
    record = opened[0][0]
    if record.startswith("unknown"):
        return
    kept = [] if after else [asdict(entry) for _, entry in opened[:KEPT_IN_CHAIN]]  # a flood must not bloat facts
    detail = {"count": len(opened), "refusals": kept}
    op = operation_of(ROLLED_UP, partition, after)
    with contextlib.suppress(NotFound, AccessDenied):  # a record that does not exist has no chain
        gate(host, Ask(SYSTEM, record, ROLLED_UP, detail=detail, op=op, once=True))


def _unmark(host: Host, row: Row) -> None:
    if "work" not in row:
        return
    key = cast(Key, (row["pk"], row["sk"]))
    with contextlib.suppress(ConditionFailed):
        host.rows.update(key, Change(remove=("work", "since")), When(present=("work",)))
