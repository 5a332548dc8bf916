"""What is counted of reminders: due, sent and done, by rule, age and department, each exactly once and nobody's.

Whatever is counted is one row under a keyed hash of what it is, after its own day: written twice it is one row still.
The nights count the rows that are there anew, as often as it takes, and keep the sums; then the rows go. A day is
summed up for good only after every wake-up of it has had its time; who is later than that is not counted.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from heapq import merge
from itertools import groupby
from typing import cast

from ..access.keyring import system_key
from ..access.work import work_off
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row, When
from ..kernel.seal import fingerprint, seal, unseal
from .model import Person
from .plan import OWN, Plan
from .state import Sent

DUE, SENT, DONE = "due", "sent", "done"
KINDS = (DUE, SENT, DONE)
BANDS = ((0, "0-1"), (2, "2-5"), (6, "6-10"), (11, "11-17"), (18, "18-24"), (25, "25-49"), (50, "50-64"), (65, "65-74"))
OLDEST = (75, "75+")
SHARDS = 4
LATE = timedelta(days=14)
"""how late a worker may count what is due, sent or done"""
OPEN = LATE + timedelta(days=2)
"""how long a day is counted anew"""
_PAGE = 500
_PROGRESS: Key = ("s#system", "coverage")

Cell = tuple[str, str, str, str, str]
"""(month of the reminder, rule, age band, department, kind)"""


def rows(host: Host, record: str, plan: Plan, where: str, *, reached: bool) -> Iterator[Row]:
    """Yield a row for everything that counts now. Those of a turn that is repeated are the same again."""
    recent = (plan.day - LATE).isoformat()
    for one in plan.state.sent:
        if one.rule == OWN:
            continue
        if where and one.place == where and one.on >= recent:  # a day that is summed up would keep its rows for ever
            yield _row(host, record, one, plan.who, (DUE, one.on))
            if reached:
                yield _row(host, record, one, plan.who, (SENT, one.on))
        if one.done >= recent:
            yield _row(host, record, one, plan.who, (DONE, one.done))


def band(who: Person, on: date) -> str:
    """Return the age group of a person on a day."""
    years = on.year - who.birth.year - ((on.month, on.day) < (who.birth.month, who.birth.day))
    return next(name for least, name in reversed((*BANDS, OLDEST)) if years >= least or least == 0)


def _row(host: Host, record: str, one: Sent, who: Person, what: tuple[str, str]) -> Row:
    (kind, day), key = what, system_key(host)
    name = fingerprint(key, "coverage", kind, record, one.rule, str(one.dose), one.cycle)
    pk, sk = _shard(int(name[:4], 16) % SHARDS), f"{day}#{name}"
    cell: Cell = (one.on[:7], one.rule, band(who, date.fromisoformat(one.on)), who.territory or "?", kind)
    return {"pk": pk, "sk": sk, "body": seal(key, "coverage", json.dumps(cell).encode(), pk, sk)}


def _shard(number: int) -> str:
    return f"v#{number:02d}"


def night(host: Host) -> int:
    """Count the days that hold something, close those that are no longer open; return how much was counted.

    All shards are read side by side, so that one day is in memory, and days that are empty cost nothing. When one does
    not open the others are counted and none is closed: it is counted once it was repaired. Raise Broken then.
    """
    over, opened = list[str](), (host.clock.now().date() - OPEN).isoformat()

    def count(found: tuple[str, Iterable[Row]]) -> int:
        if found[0] < opened:
            over.append(found[0])
        return _count(host, *found)

    lying = merge(*(_all(host, _shard(number)) for number in range(SHARDS)), key=_sort)
    total = work_off(groupby(lying, key=_day), count)
    for day in over:
        _close(host, day)
    return total


def sums(host: Host, first: str, last: str) -> Counter[Cell]:
    """Return what was counted from one day to another, both included (ISO)."""
    found: Counter[Cell] = Counter()
    for row in _all(host, _sums("")[0], after=f"{first}#", upto=f"{last}#~"):
        found.update(_opened(host, row))
    return found


def _count(host: Host, day: str, rows_of_day: Iterable[Row]) -> int:
    found = Counter(_cell(host, row) for row in rows_of_day)
    if _counted(host) >= day:  # looked at once all is read: another night may forget the day meanwhile
        return 0  # it has begun to, or this came too late: what was counted stands
    for rule in {cell[1] for cell in found}:
        _keep(host, day, rule, {cell: number for cell, number in found.items() if cell[1] == rule})
    return found.total()


def _close(host: Host, day: str) -> None:
    """Forget what a day was counted from: from when that begins it is never counted again."""
    while (before := _counted(host)) < day:  # it never goes back: two nights may be at different days
        with suppress(ConditionFailed):
            as_read = When(equals={"counted": before}) if before else When(absent=("counted",))
            host.rows.update(_PROGRESS, Change(set={"counted": day}), as_read)
    for number in range(SHARDS):
        for row in _all(host, _shard(number), after=f"{day}#", upto=f"{day}#~"):
            host.rows.delete((cast(str, row["pk"]), _sort(row)))


def _counted(host: Host) -> str:
    """Return up to which day everything was counted for good."""
    return cast(str, host.rows.get([_PROGRESS]).get(_PROGRESS, {}).get("counted", ""))


def _sort(row: Row) -> str:
    return cast(str, row["sk"])


def _day(row: Row) -> str:
    return _sort(row).partition("#")[0]


def _keep(host: Host, day: str, rule: str, counted: dict[Cell, int]) -> None:
    pk, sk = _sums(f"{day}#{rule}")
    clear = json.dumps([[*cell, number] for cell, number in sorted(counted.items())]).encode()
    host.rows.put({"pk": pk, "sk": sk, "body": seal(system_key(host), "coverage", clear, pk, sk)})


def _sums(name: str) -> Key:
    return "s#coverage", name


def _opened(host: Host, row: Row) -> dict[Cell, int]:
    lines = json.loads(_clear(host, row))
    return {(month, rule, age, where, kind): number for month, rule, age, where, kind, number in lines}


def _cell(host: Host, row: Row) -> Cell:
    month, rule, age, where, kind = json.loads(_clear(host, row))
    return month, rule, age, where, kind


def _clear(host: Host, row: Row) -> bytes:
    pk, sk = cast(str, row["pk"]), cast(str, row["sk"])
    return unseal(system_key(host), "coverage", cast(bytes, row["body"]), pk, sk)


def _all(host: Host, partition: str, after: str = "", upto: str = "") -> Iterable[Row]:
    while found := host.rows.query(partition, after=after, upto=upto, limit=_PAGE):
        yield from found
        after = cast(str, found[-1]["sk"])
