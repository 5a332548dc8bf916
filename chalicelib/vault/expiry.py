"""Expiry: bytes of quarantined, abandoned and unchecked deposits are deleted when policies/retention.csv says so."""

from contextlib import suppress
from functools import partial

from ..access.actor import Actor, Kind
from ..access.gate import Ask, Seen, gate
from ..access.work import EXPIRY, shards, work_off
from ..kernel.errors import AccessDenied, ConditionFailed, Conflict, NotFound
from ..kernel.host import Host
from ..kernel.ports import Key
from .model import ABANDONED, folder_of, head_sort
from .store import find, granted, thing_at, unchanged, write

SYSTEM = Actor(Kind.SYSTEM, "system:expiry", "Carnet")


def expire(host: Host, limit: int = 1000) -> int:
    """Delete the bytes of every deposit whose time is over; return how many. Safe to kill and to repeat."""
    now = host.clock.now().isoformat()
    due = (key for shard in shards(EXPIRY) for key in host.rows.work(shard, upto=now, limit=limit))
    return work_off(due, lambda key: _expired(host, key))


def _expired(host: Host, key: Key) -> int:
    with suppress(AccessDenied, Conflict, ConditionFailed, NotFound):  # settled or changed meanwhile
        _expire(host, key)
        return 1
    return 0


def _leave_to_intake(sort: str, seen: Seen) -> None:
    """Raise NotFound for what waits for the checks, unless it was deleted before them."""
    found = find(seen, sort)
    if found and found.state == "received" and found.id not in seen.choices.gone:
        raise NotFound


def _expire(host: Host, key: Key) -> None:
    record, sort = key[0].removeprefix("r#"), key[1]
    document = sort.split("#")[1]
    head, thing, before = head_sort(document), thing_at(sort, document), partial(_leave_to_intake, sort)
    grant = gate(host, Ask(SYSTEM, record, "document:expire", (sort, head), thing=thing, before=before))
    kept = granted(grant, sort)
    if kept.state != "quarantined":  # no part may be taken any more before the first one is deleted
        abandoned = kept.model_copy(update={"reason": ABANDONED})
        write(host, grant, sort, abandoned, "quarantined", unchanged(kept))
        return
    # it may not have been replaced after all
    current = granted(grant, head).attempts if sort != head and head in grant.rows else ()
    for attempt in kept.attempts:
        for blob in list(host.blobs.list(folder_of(record, document, attempt))) if attempt not in current else ():
            host.blobs.delete(blob.name)
    write(host, grant, sort, kept, "quarantined", unchanged(kept), expired=True)
