"""The next-due index, day by shard: a schedule reads only the days that have come. Rows are hints, agendas decide."""

import contextlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast
from zlib import crc32

from ..access.relay import send
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key

QUEUE, JOB = "reminders", "remind"
SHARDS = 16
_PAGE = 500
_CURSOR: Key = ("s#system", "due-cursor")


def lay(host: Host, day: str, record: str, job: str = JOB) -> str:
    """Put a job of a record on a day, or, when that is past, on the day where the next night begins; return which.

    `job` may name a document of the record: `announce#<document>`.
    """
    day = max(day, _reached(host))
    host.rows.put({"pk": _partition(day, record), "sk": _sort(record, job)})
    return day


def lift(host: Host, day: str, record: str, job: str = JOB) -> None:
    """Take a job of a record off a day."""
    host.rows.delete((_partition(day, record), _sort(record, job)))


def _sort(record: str, job: str) -> str:
    return record if job == JOB else f"{record}#{job}"


def _message(sort: str) -> dict[str, str | int]:
    record, _, named = sort.partition("#")
    job, _, document = named.partition("#")
    message: dict[str, str | int] = {"record": record, "job": job or JOB}
    return {**message, "document": document} if document else message


def night(host: Host) -> int:
    """Wake one worker for each record on a day that has come, from the last night's day on; return how many.

    The last night's own day is read again: a record may have been laid on it while it was being read.
    """
    today, count = host.clock.now().date(), 0
    for day in _days(_reached(host), today):
        for shard in range(SHARDS):
            for sort in _records(host, f"d#{day}#{shard:02d}"):
                send(host, QUEUE, _message(sort))
                count += 1
    pk, sk = _CURSOR
    host.rows.put({"pk": pk, "sk": sk, "day": today.isoformat()})
    return count


def _reached(host: Host) -> str:
    """Return the day of the last night; before the first one, today is written down, so that no day is skipped."""
    if row := host.rows.get([_CURSOR]).get(_CURSOR):
        return cast(str, row["day"])
    (pk, sk), today = _CURSOR, host.clock.now().date().isoformat()
    with contextlib.suppress(ConditionFailed):
        host.rows.put({"pk": pk, "sk": sk, "day": today}, NEW)
    return today


def _days(reached: str, today: date) -> Iterator[str]:
    day = date.fromisoformat(reached)
    while day <= today:
        yield day.isoformat()
        day += timedelta(days=1)


def _records(host: Host, partition: str) -> Iterator[str]:
    after = ""
    while rows := host.rows.query(partition, after=after, limit=_PAGE):
        after = cast(str, rows[-1]["sk"])
        yield from (cast(str, row["sk"]) for row in rows)


def _partition(day: str, record: str) -> str:
    return f"d#{day}#{crc32(record.encode()) % SHARDS:02d}"
