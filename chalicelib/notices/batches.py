"""Print batches: one a night, each letter in exactly one, whatever is killed and however many nights run at once.

A letter is claimed for the batch under way in its own row, then put on a list of that batch which is still open. A
finished batch takes no letter any more, so a claim it did not keep may be moved, and one it kept never is.
"""

import csv
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from typing import cast

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.decide import decide
from ..access.facts import facts_of
from ..access.gate import Ask, gate
from ..access.grant import Shelf
from ..access.refusal import refuse
from ..access.thing import RECORD
from ..access.work import work_off
from ..kernel.errors import AccessDenied, CarnetError, ConditionFailed, NotFound
from ..kernel.host import Host
from ..kernel.ports import NEW, Change, Key, Row, When
from .letters import PREFIX, SHARDS, hint, letter_key, opened, shard_of

ACTION = "letters:batch"
SYSTEM = Actor(Kind.SYSTEM, "system:letters", "Carnet")
_CURRENT: Key = ("l#batches", "0current")
_PAGE = 200
_MOST = 8000
"""letters on one list, so that its row stays below what every table holds"""


def night(host: Host) -> int:
    """Make the night's batch of what waits, or finish the one that was begun; return how many letters it took.

    A letter that cannot be put into it waits for the next one; the others are printed, and the error is raised then.
    """
    batch = _begin(host)
    if not batch:
        return 0
    try:
        taken = work_off(_waiting(host), lambda reference: int(_join(host, batch, reference)))
    except CarnetError:
        _finish(host, batch)
        raise
    _finish(host, batch)
    return taken


def _finish(host: Host, batch: str) -> None:
    for shard in range(SHARDS):
        host.rows.update(_list(batch, shard), Change(set={"state": "closed"}))
    host.rows.put({"pk": _CURRENT[0], "sk": batch})
    with suppress(ConditionFailed):
        host.rows.delete(_CURRENT, When(equals={"batch": batch}))


def manifest(host: Host, actor: Actor, batch: str, request: str = "") -> str:
    """Return the letters of a finished batch as CSV: id, pages, department. No name, no address."""
    _require_operator(host, actor, request)
    _require_finished(host, batch)
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(("letter", "pages", "department"))
    for reference in sorted(_members(host, batch)):
        if row := host.rows.get([letter_key(reference)]).get(letter_key(reference)):  # else its record was destroyed
            about = opened(host, row)
            lines.writerow((reference, about.pages, about.department))
    return out.getvalue()


def page(host: Host, actor: Actor, batch: str, reference: str, request: str = "") -> bytes:
    """Return one letter of a finished batch as PDF; the record's journal says who fetched it."""
    _require_operator(host, actor, request)
    _require_finished(host, batch)
    row = host.rows.get([letter_key(reference)]).get(letter_key(reference))
    if row is None or row.get("batch") != batch or reference not in _members(host, batch):
        raise NotFound
    rows, detail = (PREFIX + reference,), {"for": actor.id}
    try:
        grant = gate(host, Ask(SYSTEM, opened(host, row).record, ACTION, rows=rows, detail=detail, request=request))
    except AccessDenied:
        raise NotFound from None  # erased since: nothing opens it any more
    kept = grant.rows.get(PREFIX + reference)
    if kept is None:
        raise NotFound
    return Shelf(host, grant).open(kept)


def _begin(host: Host) -> str:
    """Return the batch under way, or today's; empty when today's is finished."""
    today = host.clock.now().date().isoformat()
    done = (_CURRENT[0], today)
    found = host.rows.get([_CURRENT, done])
    if _CURRENT not in found and done in found:
        return ""
    with suppress(ConditionFailed):
        host.rows.put({"pk": _CURRENT[0], "sk": _CURRENT[1], "batch": today}, NEW)
    current = host.rows.get([_CURRENT]).get(_CURRENT, {})
    batch = cast(str, current.get("batch", ""))
    for shard in range(SHARDS if batch else 0):
        pk, sk = _list(batch, shard)
        with suppress(ConditionFailed):
            host.rows.put({"pk": pk, "sk": sk, "state": "open"}, NEW)
    return batch


def _join(host: Host, batch: str, reference: str) -> bool:
    """Put a letter into the batch; return whether it is there now. One that an earlier batch kept stays there."""
    key = letter_key(reference)
    row = host.rows.get([key]).get(key)
    if row is None:  # its person opposed or was erased while it was laid: the hint came last
        host.rows.delete(hint(reference))
        return False
    claimed = cast(str, row.get("batch", ""))
    if claimed not in ("", batch) and reference in _members(host, claimed, shard_of(reference)):
        host.rows.delete(hint(reference))
        return False
    try:
        if claimed != batch:
            as_read = When(equals={"batch": claimed}) if claimed else When(absent=("batch",), present=("pk",))
            host.rows.update(key, Change(set={"batch": batch}), as_read)
        if reference not in _members(host, batch, shard_of(reference)):
            is_open = When(equals={"state": "open"}, shorter={"letters": _MOST})
            host.rows.update(_list(batch, shard_of(reference)), Change(append={"letters": reference.encode()}), is_open)
    except ConditionFailed:
        return False  # another night is at it, or the batch is closed or full: the next night looks again
    host.rows.delete(hint(reference))
    return True


def _waiting(host: Host) -> Iterator[str]:
    for shard in range(SHARDS):
        after = ""
        while rows := host.rows.query(f"l#waiting#{shard:02d}", after=after, limit=_PAGE):
            after = cast(str, rows[-1]["sk"])
            yield from (cast(str, row["sk"]) for row in rows)


def _members(host: Host, batch: str, shard: int | None = None) -> set[str]:
    keys = [_list(batch, one) for one in ([shard] if shard is not None else range(SHARDS))]
    rows: list[Row] = list(host.rows.get(keys).values())
    return {name.decode() for row in rows for name in cast(list[bytes], row.get("letters", []))}


def _list(batch: str, shard: int) -> Key:
    return f"l#batch#{batch}", f"{shard:02d}"


def _require_operator(host: Host, actor: Actor, request: str) -> None:
    """Ask the access rules; a batch has no record of its own, so the decision is the one about none."""
    nowhere = facts_of("letters", None)
    decision = decide(nowhere, Choices(), actor, ACTION, RECORD, host.clock.now())
    if not decision.allowed:
        refuse(host, nowhere, Choices(), actor, ACTION, RECORD, decision, request)


def _require_finished(host: Host, batch: str) -> None:
    if not host.rows.get([(_CURRENT[0], batch)]) or batch == _CURRENT[1]:
        raise NotFound
