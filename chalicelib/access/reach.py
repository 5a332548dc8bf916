"""Who could not be told that a record is going to be opened: one sealed row each, counted by department every night."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast
from zlib import crc32

from ..kernel.host import Host
from ..kernel.ports import Key, Row
from ..kernel.seal import seal, unseal
from .keyring import system_key

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


def count(host: Host) -> int:
    """Count by department and keep the result; return how many people there are."""
    key = system_key(host)
    found = Counter(
        unseal(key, "unreached", cast(bytes, row["body"]), str(row["pk"]), str(row["sk"])).decode()
        for row in _rows(host)
    )
    pk, sk = _COUNTS
    host.rows.put({"pk": pk, "sk": sk, "counts": json.dumps(found), "day": host.clock.now().date().isoformat()})
    return found.total()


def counts(host: Host) -> tuple[str, Mapping[str, int]]:
    """Return the day of the last count and what was counted, without small numbers."""
    row = host.rows.get([_COUNTS]).get(_COUNTS)
    if row is None:
        return "", {}
    found = json.loads(cast(str, row["counts"]))
    return str(row["day"]), {where: number for where, number in sorted(found.items()) if number >= FEWEST}


def _rows(host: Host) -> Iterator[Row]:
    for shard in range(SHARDS):
        after = ""
        while rows := host.rows.query(f"n#{shard:02d}", after=after, limit=_PAGE):
            yield from rows
            after = str(rows[-1]["sk"])
