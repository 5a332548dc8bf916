"""The next-due index: in which hour which record is to be looked at. Cost follows what is due, not the population.

A row is a hint: a record on an hour, nothing else. It stays until the record was looked at, and lies on the next hour
before it leaves the old one: a kill leaves a row too many, never none. Every hour is read once when it has come, its
predecessor once more, the nights and the afternoons (it is day in every zone of France at one of them) read those since
and whatever was not empty again: a lost wake-up costs time.

An hour has one shard until that is long; from then on new rows are spread over more. Nobody has to know how many there
were: a place names the shard, and whoever reads, reads them all.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import cast
from zlib import crc32

from ..access.relay import send
from ..access.work import work_off
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Change, Key, Row, When
from .hours import ONE_DAY, ONE_HOUR, begins, hour

QUEUE = "reminders"
GROUP = 25
"""records of one message: what one worker reads and writes together"""
PAGE = 500
LONG = 20
"""pages of one shard after which there will be twice as many shards"""
MOST_SHARDS = 64
MOST_LEFT = 1000
"""hours whose names the cursor holds; those after them are read whether they hold something or not"""
_LAST = "T23"
_AFTERNOON = "T14"
"""the hour of the other look at what went by: the night's finds people asleep, who are told nothing"""
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
    """Wake the workers for every hour that has come since the last time; return how many records lie there.

    After each hour that holds somebody, and each day, it is kept how far this came: a long outage is caught up in as
    many tries as it takes.
    """
    found, now, count = _cursor(host), hour(host.clock.now()), 0
    if found.get("hour") == now:
        return 0
    first = cast(str, found.get("hour", _a_day_ago(host)))
    for name in _hours(first, now):
        number = _read(host, name, found)
        count += number
        if name == now or (name != found.get("hour") and (number or name.endswith(_LAST))):
            host.rows.update(_CURSOR, Change(set={"hour": name}, default={"shards": 1, "oldest": first}))
    return count + (again(host) if now.endswith(_AFTERNOON) else 0)


def again(host: Host) -> int:
    """Wake the workers for what still lies on hours that have come, however long ago; return how many records do.

    What was empty is not read again, but for the last hours: who was laid there may have come late. `left` are the
    hours before `oldest` that hold something.
    """
    found, now = _cursor(host), host.clock.now()
    oldest = cast(str, found.get("oldest", _a_day_ago(host)))
    before = [name for name in cast(str, found.get("left", "")).split() if name < oldest]
    left = list[str]()

    def read(name: str) -> int:
        if number := _read(host, name, found):
            left.append(name)
        return number

    count = work_off((*before, *_hours(oldest, hour(now))), read)
    kept = {"left": " ".join(left[:MOST_LEFT]), "oldest": min([hour(now - ONE_HOUR), *left[MOST_LEFT:]])}
    host.rows.update(_CURSOR, Change(set=kept, default={"shards": 1}))
    return count


def page(host: Host, where: str, after: str = "", number: int = 1) -> int:
    """Send what lies on one place to the workers, the rest of a long one to the next of them; return how many."""
    return _hand_out(host, where, host.rows.names(f"h#{where}", after=after, limit=PAGE), number)


def groups(records: Sequence[str]) -> Iterator[str]:
    """Yield the records as they stand in messages."""
    for start in range(0, len(records), GROUP):
        yield " ".join(records[start : start + GROUP])


def _a_day_ago(host: Host) -> str:
    return hour(host.clock.now() - ONE_DAY)


def _hours(first: str, last: str) -> Iterator[str]:
    at, end = begins(first), begins(last)
    while at <= end:
        yield hour(at)
        at += ONE_HOUR


def _read(host: Host, name: str, cursor: Row) -> int:
    """Hand out what lies on an hour; return how many records do."""
    places = [f"{name}#{number:02d}" for number in range(_width(cursor))]
    begun = [(where, host.rows.begin_names(f"h#{where}", limit=PAGE)) for where in places]
    return sum(_hand_out(host, where, pending.result(), 1) for where, pending in begun)


def _hand_out(host: Host, where: str, records: Sequence[str], number: int) -> int:
    for group in groups(records):
        send(host, QUEUE, {"job": "remind", "place": where, "records": group})
    if len(records) == PAGE:
        send(host, QUEUE, {"job": "page", "place": where, "after": records[-1], "number": number + 1})
        if number == LONG:
            _grow(host)
    return len(records)


def _cursor(host: Host) -> Row:
    """Return how far minutes and nights came, and learn how many shards an hour has."""
    found = host.rows.get([_CURSOR]).get(_CURSOR) or _begun(host)
    host.memo["shards"] = str(_width(found)).encode()
    return found


def _begun(host: Host) -> Row:
    """Write down, before anything lies on an hour, from where the first minute and the first night will read."""
    (pk, sk), first = _CURSOR, _a_day_ago(host)
    row: Row = {"pk": pk, "sk": sk, "shards": 1, "hour": first, "oldest": first}
    with contextlib.suppress(ConditionFailed):
        host.rows.put(row, NEW)
    return row


def _width(cursor: Row) -> int:
    return int(cast(int, cursor.get("shards", 1)))


def _shards(host: Host) -> int:
    """Return how many shards an hour has; a process that knows fewer writes to fewer, which are read as well."""
    known = host.memo.get("shards")
    return int(known) if known else _width(_cursor(host))


def _grow(host: Host) -> None:
    now = _width(_cursor(host))
    if now < MOST_SHARDS:
        with contextlib.suppress(ConditionFailed):  # another one has doubled them
            host.rows.update(_CURSOR, Change(set={"shards": 2 * now}), When(equals={"shards": now}))
