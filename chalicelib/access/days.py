"""Days on which records are to be looked at, day by shard: a schedule reads those that have come and held something.

Rows are hints: who is woken asks the gate, and facts decide. Each `Days` is one such index. A wake-up may be lost: a
record stays on its day until it was looked at, and every night wakes it again.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from zlib import crc32

from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row
from .work import work_off

SHARDS = 16
_PAGE = 500
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """One index: what its partitions begin with, and where it is kept how far its nights have come."""

    prefix: str
    cursor: str

    def key(self, day: str, name: str) -> Key:
        """Return where something lies on a day: a record, or `record#job` for one of several things to do with it."""
        return f"{self.prefix}#{day}#{crc32(name.partition('#')[0].encode()) % SHARDS:02d}", name


def lay(host: Host, days: Days, day: str, record: str) -> str:
    """Put a record on a day, or, when that is past, on the day where the next night begins; return which."""
    day = max(day, cast(str, _reached(host, days)["day"]))
    pk, sk = days.key(day, record)
    host.rows.put({"pk": pk, "sk": sk})
    return day


def lay_all(host: Host, days: Days, laid: Sequence[tuple[str, str]]) -> None:
    """Do so for many (record, day) at once, each record once."""
    if laid:
        reached = cast(str, _reached(host, days)["day"])
        keys = [days.key(max(day, reached), record) for record, day in laid]
        host.rows.put_many([{"pk": pk, "sk": sk} for pk, sk in keys])


def lift(host: Host, days: Days, day: str, record: str) -> None:
    """Take a record off a day."""
    host.rows.delete(days.key(day, record))


def night(host: Host, days: Days, wake: Callable[[str, str], None]) -> int:
    """Call `wake(record, day)` for each record on a day that has come; return how often.

    Days that were empty are not read again, but for the last two nights' own: a record may have been laid there while
    they were being read. Who could not be woken keeps nobody else asleep, and the next night comes back to it.
    """
    row, today = _reached(host, days), host.clock.now().date().isoformat()
    last = cast(str, row["day"])
    since = cast(str, row.get("since", last))
    found: dict[str, None] = {}

    def one(laid: tuple[str, str]) -> int:
        record, day = laid
        wake(record, day)
        found[day] = None
        return 1

    count = work_off(_lying(host, days, (*_left(row, since), *_days(since, today))), one)
    pk, sk = _cursor(days)
    host.rows.put({"pk": pk, "sk": sk, "day": today, "since": last if last < today else since, "left": " ".join(found)})
    return count


def _lying(host: Host, days: Days, which: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (record, day)."""
    for day in which:
        for shard in range(SHARDS):
            yield from ((record, day) for record in _records(host, f"{days.prefix}#{day}#{shard:02d}"))


def _left(row: Row, since: str) -> list[str]:
    """Return the days before that on which something was left."""
    return [day for day in cast(str, row.get("left", "")).split() if day < since]


def _cursor(days: Days) -> Key:
    return "s#system", days.cursor


def _reached(host: Host, days: Days) -> Row:
    """Return the day of the last night; before the first one, today is written down, so that no day is skipped."""
    pk, sk = _cursor(days)
    if row := host.rows.get([(pk, sk)]).get((pk, sk)):
        return row
    first: Row = {"pk": pk, "sk": sk, "day": host.clock.now().date().isoformat()}
    with contextlib.suppress(ConditionFailed):
        host.rows.put(first, NEW)
    return first


def _days(first: str, last: str) -> Iterator[str]:
    day = date.fromisoformat(first)
    while day.isoformat() <= last:
        yield day.isoformat()
        day += _ONE_DAY


def _records(host: Host, partition: str) -> Iterator[str]:
    after = ""
    while names := host.rows.names(partition, after=after, limit=_PAGE):
        after = names[-1]
        yield from names
