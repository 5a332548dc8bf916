"""Whom the law wants told and nobody could reach: counted by department for the support line, never listed by name."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import cast
from zlib import crc32

from ..access.grant import Grant
from ..access.keyring import system_key
from ..access.person import read_person
from ..kernel.host import Host
from ..kernel.ports import Key, Row
from ..kernel.seal import seal, unseal
from .events import events
from .model import Notice

SHARDS = 16
_PAGE = 500


def note(host: Host, grant: Grant, notice: Notice, *, reached: bool) -> None:
    """Count the record among the unreached, or no longer; only what may go on paper counts."""
    if not events()[notice.event].paper:
        return
    pk, sk = _key(grant.record)
    if reached:
        host.rows.delete((pk, sk))
        return
    about = {"department": read_person(host, grant).territory, "event": notice.event}
    host.rows.put({"pk": pk, "sk": sk, "body": seal(system_key(host), "unreached", json.dumps(about).encode(), pk, sk)})


def counts(host: Host) -> Mapping[tuple[str, str], int]:
    """Return how many records were not reached, by (department, event); the department is empty where unknown."""
    found: Counter[tuple[str, str]] = Counter()
    for shard in range(SHARDS):
        after = ""
        while rows := host.rows.query(f"w#unreached#{shard:02d}", after=after, limit=_PAGE):
            after = cast(str, rows[-1]["sk"])
            found.update(_opened(host, row) for row in rows)
    return found


def _opened(host: Host, row: Row) -> tuple[str, str]:
    pk, sk = cast(str, row["pk"]), cast(str, row["sk"])
    about = json.loads(unseal(system_key(host), "unreached", cast(bytes, row["body"]), pk, sk))
    return about["department"], about["event"]


def _key(record: str) -> Key:
    return f"w#unreached#{crc32(record.encode()) % SHARDS:02d}", record
