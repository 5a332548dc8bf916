"""What waits for the day's one notice: a sealed row of the record, and a hint that it has one.

Begin freezes what waits under the number of a turn, end forgets it; a kill between the two tells the same turn again,
and what came meanwhile waits for the next one. The hint is written after the row and taken away only while its mark is
the one that was read before the row: whatever is laid aside meanwhile keeps it.
"""

import secrets
from collections.abc import Iterator
from typing import Any, cast
from zlib import crc32

from ..access.grant import Grant
from ..access.relay import send
from ..access.work import work_off
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import Key, When
from . import kept
from .model import Notice
from .told import REACHED, say, told

SORT = "6daily"
SHARDS = 16
_PAGE = 500
_NOTHING: dict[str, Any] = {"turn": 1, "sending": 0, "waiting": [], "told": [], "day": ""}
_LAID = "daily"


def wait(host: Host, grant: Grant, notice: Notice) -> None:
    """Lay a notice aside, once, unless it was told."""
    item = [notice.event, notice.name]

    def laid(content: Any) -> Any:
        now = content or _NOTHING
        known = [*now["waiting"], *now["told"]]
        return now if item in known else {**now, "waiting": [*now["waiting"], item]}

    if {_LAID, *REACHED} & set(told(host, grant, notice).values()):
        return
    kept.edit(host, grant, SORT, laid)
    pk, sk = hint(notice.record)
    host.rows.put({"pk": pk, "sk": sk, "mark": secrets.token_hex(8)})
    say(host, grant, notice, "", _LAID)


def mark_of(host: Host, record: str) -> str:
    """Return the mark of the hint, empty when there is none: read it before everything else."""
    key = hint(record)
    return cast(str, host.rows.get([key]).get(key, {}).get("mark", ""))


def begin(host: Host, grant: Grant) -> int:
    """Return the turn to tell; 0 when nothing waits, or when today's notice was told."""
    today = host.clock.now().date().isoformat()

    def begun(content: Any) -> Any:
        if content is None or content["sending"] or not content["waiting"] or content["day"] == today:
            return content
        turn, waiting = content["turn"], content["waiting"]
        return {"turn": turn + 1, "sending": turn, "waiting": [], "told": waiting, "day": today}

    content = kept.edit(host, grant, SORT, begun)
    return int(content["sending"]) if content else 0


def end(host: Host, grant: Grant, turn: int) -> None:
    """Say that the turn was told."""
    kept.edit(host, grant, SORT, lambda now: {**now, "sending": 0} if now["sending"] == turn else now)


def lift(host: Host, grant: Grant, mark: str) -> None:
    """Take the hint away when nothing waits any more."""
    _, content = kept.read(host, grant, SORT)
    if not mark or (content and (content["waiting"] or content["sending"])):
        return
    try:
        host.rows.delete(hint(grant.record), When(equals={"mark": mark}))
    except ConditionFailed:
        return  # something was laid aside meanwhile


def night(host: Host) -> int:
    """Wake one worker for each record in which something waits; return how many."""

    def wake(record: str) -> int:
        send(host, "notices", {"record": record, "job": "gather"})
        return 1

    return work_off(_records(host), wake)


def _records(host: Host) -> Iterator[str]:
    for shard in range(SHARDS):
        after = ""
        while rows := host.rows.query(f"w#daily#{shard:02d}", after=after, limit=_PAGE):
            after = cast(str, rows[-1]["sk"])
            yield from (cast(str, row["sk"]) for row in rows)


def hint(record: str) -> Key:
    """Return where it is seen that something waits in this record."""
    return f"w#daily#{crc32(record.encode()) % SHARDS:02d}", record
