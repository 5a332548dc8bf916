"""What is counted of reminders: due, sent and done, by rule, age and department, each exactly once and nobody's.

Whatever is counted is one row under a keyed hash of what it is, on its own day: written twice it is one row still. The
nights count the rows of the last days anew, as often as it takes, and keep the sums; then the rows go. A day is summed
up for good only after every wake-up of it has had its time; who is later than that is not counted.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import cast

from ..access.keyring import system_key
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row
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
    pk = f"v#{day}#{int(name[:4], 16) % SHARDS:02d}"
    cell: Cell = (one.on[:7], one.rule, band(who, date.fromisoformat(one.on)), who.territory or "?", kind)
    return {"pk": pk, "sk": name, "body": seal(key, "coverage", json.dumps(cell).encode(), pk, name)}


def night(host: Host) -> int:
    """Count the days that are open, close those before them; return how many reminders and effects were counted."""
    today = host.clock.now().date()
    opened, total, first = today - OPEN, 0, (today - 3 * OPEN).isoformat()
    day = min(date.fromisoformat(cast(str, _progress(host).get("open", first))), opened)
    while day <= today + timedelta(days=1):  # tomorrow has begun already where the sun rises first
        total += _count(host, day.isoformat())
        if day < opened:
            _close(host, day)
        day += timedelta(days=1)
    host.rows.update(_PROGRESS, Change(set={"open": opened.isoformat()}))
    return total


def sums(host: Host, first: str, last: str) -> Counter[Cell]:
    """Return what was counted from one day to another, both included (ISO)."""
    found: Counter[Cell] = Counter()
    for row in _all(host, _sums("")[0], after=f"{first}#", upto=f"{last}#~"):
        found.update(_opened(host, row))
    return found


def _progress(host: Host) -> Row:
    """Return which day is the first that is open, and up to which day everything was counted for good."""
    return host.rows.get([_PROGRESS]).get(_PROGRESS, {})


def _count(host: Host, day: str) -> int:
    found: Counter[Cell] = Counter()
    for shard in range(SHARDS):
        found.update(_cell(host, row) for row in _all(host, f"v#{day}#{shard:02d}"))
    if not found or cast(str, _progress(host).get("counted", "")) >= day:
        return 0  # nothing, or what another night has begun to forget: what it counted stands
    for rule in {cell[1] for cell in found}:
        _keep(host, day, rule, {cell: number for cell, number in found.items() if cell[1] == rule})
    return found.total()


def _close(host: Host, day: date) -> None:
    """Forget what a day was counted from: from when that begins it is never counted again."""
    if cast(str, _progress(host).get("counted", "")) < day.isoformat():
        host.rows.update(_PROGRESS, Change(set={"counted": day.isoformat()}))
    for shard in range(SHARDS):
        for row in _all(host, f"v#{day}#{shard:02d}"):
            host.rows.delete((cast(str, row["pk"]), cast(str, row["sk"])))


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
