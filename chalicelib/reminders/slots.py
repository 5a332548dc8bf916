"""The next-due index: in which hour which record is to be looked at. Cost follows what is due, not the population.

A row is a hint: a record on an hour, nothing else. It stays until the record was looked at, and lies on the next hour
before it leaves the old one: a kill leaves a row too many, never none. Every hour is read once when it has come, its
predecessor once more, and the nights read whatever was not empty again, so that a lost wake-up only costs time.

An hour has one shard until that is long; from then on new rows are spread over more. Nobody has to know how many there
were: a place names the shard, and whoever reads, reads them all.
"""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import cast
from zlib import crc32

from ..access.relay import send
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row, When
from .hours import ONE_DAY, ONE_HOUR, begins, hour

QUEUE = "reminders"
GROUP = 25
"""records of one message: what one worker reads and writes together"""
PAGE = 500
LONG = 20
"""pages of one shard after which there will be twice as many shards"""
MOST_SHARDS = 64
AGAIN = 14 * ONE_DAY
"""how long a record that nobody could look at is woken again"""
_CURSOR: Key = ("s#system", "hours")


def place(host: Host, slot: str, record: str) -> str:
    """Return where a record lies in an hour: `2026-11-27T07#00`."""
    return f"{slot}#{crc32(record.encode()) % _shards(host):02d}"


def key(where: str, record: str) -> Key:
    """Return the key of the row."""
    return f"h#{where}", record


def row(where: str, record: str) -> Row:
    """Return the row that puts a record on its place."""
    pk, sk = key(where, record)
    return {"pk": pk, "sk": sk}


def lift(host: Host, where: str, record: str) -> None:
    """Take a record off a place."""
    host.rows.delete(key(where, record))


def has_come(host: Host, where: str) -> bool:
    """Tell whether the hour of a place has begun: from then on only who is woken from there takes a record off."""
    return where.partition("#")[0] <= hour(host.clock.now())


def wake(host: Host) -> int:
    """Wake the workers for every hour that has come since the last time; return how many records lie there."""
    found, now = _cursor(host), host.clock.now()
    if found.get("hour") == hour(now):
        return 0
    first = cast(str, found.get("hour", hour(now - ONE_DAY)))
    lying = _read(host, begins(first), now)
    host.rows.update(_CURSOR, Change(set={"hour": hour(now)}, default={"shards": 1, "oldest": first}))
    return sum(lying.values())


def again(host: Host) -> int:
    """Wake the workers for what still lies on hours that have come; return how many records do.

    What was empty the night before is not read again: nobody is laid on an hour that is over.
    """
    now = host.clock.now()
    oldest = cast(str, _cursor(host).get("oldest", hour(now - ONE_DAY)))
    lying = _read(host, begins(max(oldest, hour(now - AGAIN))), now)
    first = next((name for name, number in lying.items() if number), hour(now))
    host.rows.update(_CURSOR, Change(set={"oldest": first}, default={"shards": 1}))
    return sum(lying.values())


def page(host: Host, where: str, after: str = "", number: int = 1) -> int:
    """Send what lies on one place to the workers, the rest of a long one to the next of them; return how many."""
    return _hand_out(host, where, host.rows.query(f"h#{where}", after=after, limit=PAGE), number)


def groups(records: Sequence[str]) -> Iterator[str]:
    """Yield the records as they stand in messages."""
    for start in range(0, len(records), GROUP):
        yield " ".join(records[start : start + GROUP])


def _read(host: Host, first: datetime, last: datetime) -> dict[str, int]:
    """Hand out what lies on these hours; return how many records lie on each."""
    shards, found = _shards(host, cached=False), dict[str, int]()
    while (name := hour(first)) <= hour(last):
        places = [f"{name}#{number:02d}" for number in range(shards)]
        begun = [(where, host.rows.begin_query(f"h#{where}", limit=PAGE)) for where in places]
        found[name] = sum(_hand_out(host, where, pending.result(), 1) for where, pending in begun)
        first += ONE_HOUR
    return found


def _hand_out(host: Host, where: str, rows: Sequence[Row], number: int) -> int:
    records = [cast(str, one["sk"]) for one in rows]
    for group in groups(records):
        send(host, QUEUE, {"job": "remind", "place": where, "records": group})
    if len(records) == PAGE:
        send(host, QUEUE, {"job": "page", "place": where, "after": records[-1], "number": number + 1})
        if number == LONG:
            _grow(host)
    return len(records)


def _cursor(host: Host) -> Row:
    return host.rows.get([_CURSOR]).get(_CURSOR, {})


def _shards(host: Host, *, cached: bool = True) -> int:
    """Return how many shards an hour has; a process that knows fewer writes to fewer, which are read as well."""
    known = host.memo.get("shards") if cached else None
    if known is None:
        known = host.memo["shards"] = str(_cursor(host).get("shards", 1)).encode()
    return int(known)


def _grow(host: Host) -> None:
    now = _shards(host, cached=False)
    if now < MOST_SHARDS:
        with contextlib.suppress(ConditionFailed):  # another one has doubled them
            host.rows.update(_CURSOR, Change(set={"shards": 2 * now}), When(equals={"shards": now}))
