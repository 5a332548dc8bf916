"""The holder's view of the journal: who did what, when, and who was refused."""

import contextlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, replace
from itertools import accumulate, chain
from typing import Any, cast

from ..access.actor import Actor, Kind
from ..access.facts import facts_key
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..access.journal import Entry, open_entry, operation_of, read
from ..access.refusal import open_refusal, refusals
from ..access.work import REFUSED, shards, work_off
from ..kernel.errors import AccessDenied, Broken, Busy, ConditionFailed, Invalid, NotFound
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row, When
from ..kernel.seal import seal, unseal
from .model import HistoryPage, Wanted
from .readers import Judge, Reader, Told, reader, told_of

PAGE = 50
SCANNED = 2000
"""entries that one request looks at, at most"""
SYSTEM = Actor(Kind.SYSTEM, "system:journal", "Carnet")
ROLLED_UP = "refusals:rollup"
KEPT_IN_CHAIN, KEPT_BYTES = 200, 100_000
"""refusals of one day that stand in the chain, and how large they may be: a flood must not bloat facts"""
MORE_REFUSED = "MORE_REFUSED"
Day = tuple[str, str]
"""the partition of a record's refusals, and a day (ISO)"""
Caller = tuple[str, str, Told]
"""who was refused, for which organisation, and who is told of it: each of these reads of the first refusal"""
_PAGE = 1000
_A_DAY = 10_000
"""entries that may come between a roll-up that was killed and the next night"""
_EVERYTHING = Wanted()
_UNMARKED = Change(remove=("work", "since"))


def history(
    host: Host, actor: Actor, record: str, wanted: Wanted = _EVERYTHING, cursor: str = "", request: str = ""
) -> HistoryPage:
    """Return one page of the journal. The first page begins with refusals that are not in the chain yet."""
    grant = gate(host, Ask(actor, record, "history:read", request=request))
    shown = reader(host, grant)
    stop = _number(grant, cursor) if cursor else grant.facts.last
    found, further = _page(host, grant, shown, wanted, stop)
    if not cursor or any(one.effect == "deny" for one in found):
        live = [*_judged(shown, wanted, [*refusals(host, record, host.clock.now())])]
        # a roll-up that was killed before it took the marks away shows them in the chain, too, on whichever page
        found = [one for one in found if one not in live]
        found = found if cursor else sorted(live + found, key=lambda entry: entry.at, reverse=True)
    return HistoryPage(tuple(found), _cursor(grant, further) if further is not None else "")


def _page(host: Host, grant: Grant, shown: Reader, wanted: Wanted, stop: int) -> tuple[list[Entry], int | None]:
    """Return a page below `stop`, and where the next one begins. A page is full of what is shown: no gap tells."""
    found: list[list[Entry]] = []
    upto, least, last = stop, max(0, stop - SCANNED), stop
    while upto > least:
        start = max(least, upto - PAGE)
        for number, entries in _batch(host, grant, shown, wanted, start, upto):
            if len(found) == PAGE:
                return [*chain(*found)], last
            found.append(entries)
            last = number
        upto = start
    return [*chain(*found)], upto or None


def _batch(
    host: Host, grant: Grant, shown: Reader, wanted: Wanted, start: int, stop: int
) -> Iterator[tuple[int, list[Entry]]]:
    """Yield (number, what is shown of the entry) for those of which something is, newest first."""
    sealed = reversed([*read(host, grant.facts, start, stop)])
    opened = [(number, [*_expanded(open_entry(grant.policy_key, grant.record, item))]) for number, item in sealed]
    judge = shown([one for _, entries in opened for one in entries])
    for number, entries in opened:
        if kept := [*_fitting(judge, wanted, entries)]:
            yield number, kept


def _judged(shown: Reader, wanted: Wanted, entries: Sequence[Entry]) -> Iterator[Entry]:
    return _fitting(shown(entries), wanted, entries)


def _fitting(judge: Judge, wanted: Wanted, entries: Iterable[Entry]) -> Iterator[Entry]:
    return (kept for one in entries if wanted.fits(one) and (kept := judge(one)))


def _cursor(grant: Grant, number: int) -> str:
    """Seal where the next page begins: a number would count what is not shown."""
    clear = seal(grant.policy_key, "history", number.to_bytes(8, "big"), grant.record, grant.actor.id)
    return urlsafe_b64encode(clear).decode()


def _number(grant: Grant, cursor: str) -> int:
    try:
        clear = unseal(grant.policy_key, "history", urlsafe_b64decode(cursor), grant.record, grant.actor.id)
    except (Broken, ValueError):
        raise Invalid(fields={"cursor": "is not one that was given to you"}) from None
    return min(int.from_bytes(clear, "big"), grant.facts.last)


def _expanded(entry: Entry) -> Iterator[Entry]:
    """Yield the entry, or what a roll-up carries: how many refusals more there were, and those that it keeps."""
    if entry.action != ROLLED_UP:
        yield entry
    elif more := entry.detail.get("more"):
        last: str = entry.detail["last"]
        yield replace(entry, at=last, effect="deny", reason=MORE_REFUSED, rule="", detail={"more": more})
    for refused in reversed(entry.detail.get("refusals", [])):
        yield Entry(**refused)


def roll_up(host: Host) -> int:
    """Put the refusals of past days into the chain of their record, once; return how many days of records were done."""
    return work_off(_refused(host), lambda day: _rolled(host, day))


def _refused(host: Host) -> Iterator[Day]:
    today = host.clock.now().date().isoformat()
    for shard in shards(REFUSED):
        done: set[Day] = set()
        while fresh := {(pk, sk[: len(today)]) for pk, sk in host.rows.work(shard, upto=today, limit=_PAGE)} - done:
            yield from sorted(fresh)
            done |= fresh


def _rolled(host: Host, day: Day) -> int:
    try:
        return _roll(host, day)
    except (Broken, Busy):  # the next night looks again: until then a flood of them must not fill the page
        for _, rows in _pages(host, day):
            for row in rows:
                _mark(host, row, Change(set={"since": host.clock.now().isoformat()}))
        raise


def _pages(host: Host, day: Day) -> Iterator[tuple[str, list[Row]]]:
    """Yield each page of rows, and after which one it begins."""
    partition, after = day
    while rows := host.rows.query(partition, after=after, upto=f"{day[1]}~", limit=_PAGE):
        yield after, rows
        after = cast(str, rows[-1]["sk"])


def _roll(host: Host, day: Day) -> int:
    """Roll page by page: nothing is added to a day that is over, so every try cuts the same pages."""
    known: set[Caller] = set()
    for after, rows in _pages(host, day):
        opened = [open_refusal(host, row) for row in rows]
        if all("work" in row for row in rows):  # else a killed try has put this page into the chain already
            _into_chain(host, operation_of(ROLLED_UP, day[0], after), opened, known)
        for row in rows:
            _mark(host, row, _UNMARKED)
        known.update(_caller(entry) for _, entry in opened)
    return 1


def _into_chain(host: Host, op: bytes, opened: Sequence[tuple[str, Entry]], known: AbstractSet[Caller]) -> None:
    record = opened[0][0]
    key = facts_key(record)
    if not host.rows.get([key]):  # it has no chain; to ask the gate would be one more refusal to roll up, every night
        return
    detail = _carried([entry for _, entry in opened], known)
    with contextlib.suppress(NotFound, AccessDenied):  # it was destroyed meanwhile
        gate(host, Ask(SYSTEM, record, ROLLED_UP, detail=detail, op=op, once=True, recent=_A_DAY))


def _caller(entry: Entry) -> Caller:
    return entry.actor, entry.organisation, told_of(entry)


def _carried(refused: Sequence[Entry], known: AbstractSet[Caller]) -> dict[str, Any]:
    """Return what the chain keeps of a page of refusals. Of what its holder may not know of it counts none as left."""
    numbers = _kept(refused, known)
    left = [entry for number, entry in enumerate(refused) if number not in numbers and not entry.withheld]
    detail = {"count": len(refused), "refusals": [asdict(refused[number]) for number in sorted(numbers)]}
    return {**detail, "more": len(left), "last": left[-1].at} if left else detail


def _kept(refused: Sequence[Entry], known: AbstractSet[Caller]) -> set[int]:
    """Return which ones stand in the chain: the first of each caller, so that nobody hides behind a flood.

    What they repeat follows on a day's first page, as much as one entry holds.
    """
    firsts: dict[Caller, int] = {}
    for number, entry in enumerate(refused):
        if (caller := _caller(entry)) not in known:
            firsts.setdefault(caller, number)
    again = sorted({*range(len(refused))} - {*firsts.values()}) if not known else []
    wanted = [*firsts.values(), *again][:KEPT_IN_CHAIN]
    sizes = accumulate(len(json.dumps(asdict(refused[number]), ensure_ascii=False).encode()) for number in wanted)
    return {number for number, size in zip(wanted, sizes, strict=True) if size <= KEPT_BYTES}


def _mark(host: Host, row: Row, change: Change) -> None:
    if "work" not in row:
        return
    key = cast(Key, (row["pk"], row["sk"]))
    with contextlib.suppress(ConditionFailed):
        host.rows.update(key, change, When(present=("work",)))
