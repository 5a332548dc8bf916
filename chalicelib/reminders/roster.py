"""Every record that has reminders, so that a campaign finds them all, and with which rules it was last looked at."""

from collections.abc import Iterator
from typing import cast
from zlib import crc32

from ..kernel.host import Host
from ..kernel.ports import Key, Row

SHARDS = 64


def key(record: str) -> Key:
    """Return where a record stands."""
    return f"u#{crc32(record.encode()) % SHARDS:02d}", record


def row(record: str, rules: str) -> Row:
    """Return the row that says with which rules the record was looked at."""
    pk, sk = key(record)
    return {"pk": pk, "sk": sk, "rules": rules}


def strike(host: Host, record: str) -> None:
    """Take a record off; when it opens again it is armed again."""
    host.rows.delete(key(record))


def page(host: Host, shard: int, after: str, limit: int) -> list[tuple[str, str]]:
    """Return the next (record, rules) of a shard."""
    return list(_pairs(host.rows.query(f"u#{shard:02d}", after=after, limit=limit)))


def _pairs(rows: list[Row]) -> Iterator[tuple[str, str]]:
    for one in rows:
        yield cast(str, one["sk"]), cast(str, one["rules"])
