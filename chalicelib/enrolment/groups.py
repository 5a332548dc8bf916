"""Groups of people of a file: noted before their records are made, told once the file is read, and then forgotten.

A group is one try of one chunk. Of what it began, a record that is nobody's in the end (another worker was faster, or a
kill came in between) is kept in mind for some days and then deleted. Every note is in the work index until it is
forgotten: a worker that was asleep may write one, or claim people of one, when its job is over.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple
from datetime import datetime
from secrets import token_hex
from typing import cast

from ..access.inviting import Begun, abandon, somebodys
from ..access.keyring import system_key
from ..access.retention import retention
from ..access.work import INVITING, inviting_shard, shards, work_off
from ..kernel.host import Host
from ..kernel.ports import Key, Row, Value
from ..kernel.seal import seal, unseal
from .model import partition_of

GROUP, LEFT = "6group#", "7left#"
_USE = "group"
Tell = Callable[[Sequence[str]], None]
"""what tells these records that they are invited, and lays them on the day on which the law's clock runs out"""


def note(host: Host, job: str, begun: Sequence[Begun]) -> None:
    """Write down what is about to be made, under a name of its own at every try."""
    host.rows.put({**_row(host, job, f"{GROUP}{token_hex(8)}", begun), **_until(host, job)})


def tell_next(host: Host, job: str, tell: Tell) -> bool:
    """Tell one group and forget it; return False when there is none. A kill repeats it."""
    found = host.rows.query(partition_of(job), after=GROUP, upto=GROUP + "~", limit=1)
    for row in found:
        begun = _begun(host, row)
        theirs = somebodys(host, begun)
        if nobodys := [one for one in begun if one not in theirs]:
            host.rows.put({**_row(host, job, LEFT + _name(row), nobodys), **_until(host, job)})
        if theirs:
            tell([one.record for one in theirs])
        host.rows.delete(_key(row))
    return bool(found)


def night(host: Host, tell: Tell, limit: int = 100) -> int:
    """Delete what became nobody's record and was left alone long enough; return how many groups.

    Whoever became somebody in such a group is told now: its file is being read for days, or its job was over before a
    slow writer claimed them, and nobody else looks at it again.
    """
    now = host.clock.now().isoformat()
    found = [key for shard in shards(INVITING) for key in host.rows.work(shard, upto=now, limit=limit)]
    return work_off(found, lambda key: _forgotten(host, key, tell))


def _forgotten(host: Host, key: Key, tell: Tell) -> int:
    row = host.rows.get([key]).get(key)
    if row is None:
        return 0  # the index lags
    begun = _begun(host, row)
    theirs = somebodys(host, begun)
    for one in begun:
        if one not in theirs:
            abandon(host, one)
    if theirs:
        tell([one.record for one in theirs])
    host.rows.delete(key)
    return 1


def _until(host: Host, job: str) -> dict[str, Value]:
    """Return from when on a night looks at it: after the days that `retention` says, counted from now."""
    now = host.clock.now()
    last = datetime.combine(retention()["unfinished_invitation"].after(now.date()), now.timetz())
    return {"work": inviting_shard(job), "since": last.isoformat()}


def _row(host: Host, job: str, sort: str, begun: Sequence[Begun]) -> dict[str, Value]:
    clear = json.dumps([astuple(one) for one in begun]).encode()
    return {"pk": partition_of(job), "sk": sort, "body": seal(system_key(host), _USE, clear, partition_of(job), sort)}


def _begun(host: Host, row: Row) -> list[Begun]:
    clear = unseal(system_key(host), _USE, cast(bytes, row["body"]), *_key(row))
    return [Begun(*one) for one in json.loads(clear)]


def _key(row: Row) -> Key:
    return str(row["pk"]), str(row["sk"])


def _name(row: Row) -> str:
    return str(row["sk"]).removeprefix(GROUP)
