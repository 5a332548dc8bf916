"""Days on which records are to be looked at, day by shard: a schedule reads only the days that have come.

Rows are hints: who is woken asks the gate, and facts decide. Each `Days` is one such index.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from zlib import crc32

from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key

SHARDS = 16
_PAGE = 500
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """One index: what its partitions begin with, where the day of its last night is kept, how far it looks back.

    A wake-up may be lost. A record stays on its day until it was looked at, and the days up to `again` nights ago are
    read again, so that it is woken again.
    """

    prefix: str
    cursor: str
    again: int = 0

    def key(self, day: str, name: str) -> Key:
        """Return where something lies on a day: a record, or `record#job` for one of several things to do with it."""
        return f"{self.prefix}#{day}#{crc32(name.partition('#')[0].encode()) % SHARDS:02d}", name


def lay(host: Host, days: Days, day: str, record: str) -> str:
    """Put a record on a day, or, when that is past, on the day where the next night begins; return which."""
    day = max(day, _reached(host, days))
    pk, sk = days.key(day, record)
    host.rows.put({"pk": pk, "sk": sk})
    return day


def lift(host: Host, days: Days, day: str, record: str) -> None:
    """Take a record off a day."""
    host.rows.delete(days.key(day, record))


def night(host: Host, days: Days, wake: Callable[[str, str], None]) -> int:
    """Call `wake(record, day)` for each record on a day that has come; return how often.

    The last night's own day is read again: a record may have been laid on it while it was being read.
    """
    today, count = host.clock.now().date(), 0
    first = date.fromisoformat(_reached(host, days)) - days.again * _ONE_DAY
    for day in _days(first, today):
        for shard in range(SHARDS):
            for record in _records(host, f"{days.prefix}#{day}#{shard:02d}"):
                wake(record, day)
                count += 1
    pk, sk = _cursor(days)
    host.rows.put({"pk": pk, "sk": sk, "day": today.isoformat()})
    return count


def _cursor(days: Days) -> Key:
    return "s#system", days.cursor


def _reached(host: Host, days: Days) -> str:
    """Return the day of the last night; before the first one, today is written down, so that no day is skipped."""
    key = _cursor(days)
    if row := host.rows.get([key]).get(key):
        return cast(str, row["day"])
    (pk, sk), today = key, host.clock.now().date().isoformat()
    with contextlib.suppress(ConditionFailed):
        host.rows.put({"pk": pk, "sk": sk, "day": today}, NEW)
    return today


def _days(first: date, today: date) -> Iterator[str]:
    while first <= today:
        yield first.isoformat()
        first += _ONE_DAY


def _records(host: Host, partition: str) -> Iterator[str]:
    after = ""
    while rows := host.rows.query(partition, after=after, limit=_PAGE):
        after = cast(str, rows[-1]["sk"])
        yield from (cast(str, row["sk"]) for row in rows)
