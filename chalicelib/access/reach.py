"""Who could not be told that a record is going to be opened: one sealed row each, counted by department every night."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import cast
from zlib import crc32

from ..kernel.errors import Broken, ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row, When
from ..kernel.seal import seal, unseal
from .keyring import system_key
from .work import work_off

SHARDS = 16
FEWEST = 11
"""a smaller number is not told: it could be somebody (statistical secrecy, CNIL and Insee)"""
_COUNTS: Key = ("s#system", "unreached")
_PAGE = 500


def reach_key(record: str) -> Key:
    """Return where it stands that this person was not reached."""
    return f"n#{crc32(record.encode()) % SHARDS:02d}", record


def not_reached(host: Host, record: str, department: str) -> None:
    """Write down that no channel is left to inform this person."""
    pk, sk = reach_key(record)
    host.rows.put({"pk": pk, "sk": sk, "body": seal(system_key(host), "unreached", department.encode(), pk, sk)})


def reached(host: Host, record: str) -> None:
    """Take it back: the person was informed after all."""
    if is_beyond_reach(host, record):  # hardly ever, and a read is cheaper than a write for nothing
        host.rows.delete(reach_key(record))


def is_beyond_reach(host: Host, record: str) -> bool:
    """Tell whether it is written down that no channel is left to inform this person."""
    return bool(host.rows.get([reach_key(record)]))


def moved(before: int, now: int) -> int:
    """Return the new number when it is large enough and far enough from the one before, else that one.

    So the difference between what two nights tell is a number that could be told itself.
    """
    return now if now >= FEWEST and abs(now - before) >= FEWEST else before


def told(before: int, now: int) -> int:
    """Return what is told of a department after this count: 0, nothing, once that says no more than it ever does."""
    return 0 if now < FEWEST and before >= 2 * FEWEST - 1 else moved(before, now)


def count(host: Host) -> int:
    """Count by department and keep what is told of it; return how many people there are.

    Of two nights at once one has told: what the other would tell follows from what was before. A row that does not
    open is not counted, and keeps no other from it. Raise Broken then.
    """
    key, found = system_key(host), Counter[str]()

    def one(row: Row) -> int:
        found[unseal(key, "unreached", cast(bytes, row["body"]), str(row["pk"]), str(row["sk"])).decode()] += 1
        return 1

    try:
        total = work_off(_rows(host), one)
    except Broken:
        _tell(host, found)
        raise
    _tell(host, found)
    return total


def _tell(host: Host, found: Counter[str]) -> None:
    (pk, sk), row = _COUNTS, host.rows.get([_COUNTS]).get(_COUNTS)
    before = _told(row)[1] if row else {}
    shown = {where: number for where in {*before, *found} if (number := told(before.get(where, 0), found[where]))}
    after = {"pk": pk, "sk": sk, "counts": json.dumps(shown), "day": host.clock.now().date().isoformat()}
    with suppress(ConditionFailed):
        as_read = When(equals={"counts": row["counts"], "day": row["day"]}) if row else NEW
        host.rows.put(after, as_read)


def counts(host: Host) -> tuple[str, Mapping[str, int]]:
    """Return the day of the last count and what is told of it, without small numbers and small changes."""
    row = host.rows.get([_COUNTS]).get(_COUNTS)
    return _told(row) if row else ("", {})


def _told(row: Row) -> tuple[str, Mapping[str, int]]:
    found = json.loads(cast(str, row["counts"]))
    return str(row["day"]), {where: number for where, number in sorted(found.items()) if number >= FEWEST}


def _rows(host: Host) -> Iterator[Row]:
    for shard in range(SHARDS):
        after = ""
        while rows := host.rows.query(f"n#{shard:02d}", after=after, limit=_PAGE):
            yield from rows
            after = str(rows[-1]["sk"])
