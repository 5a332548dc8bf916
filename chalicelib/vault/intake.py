"""Intake: what the queue brings is opened, checked and settled. Idempotent, any order, safe to kill anywhere."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Shelf
from ..access.journal import operation_of
from ..access.relay import send
from ..access.thing import Thing
from ..access.work import INTAKE, expiry_shard, shards, work_off
from ..kernel.errors import AccessDenied, Broken, CarnetError, ConditionFailed, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ports import ALWAYS, Change, Key, When
from .inspection.apart import inspect_apart
from .inspection.verdict import Verdict
from .model import ABANDONED, Document, blob_name, folder_of, head_sort, version_sort
from .quota import count
from .store import SWEEP_AFTER, fetch, granted, open_parts, pin, thing_at, unchanged, write

QUEUE = "intake"
SYSTEM = Actor(Kind.SYSTEM, "system:intake", "Carnet")
Inspect = Callable[[bytes, str], Verdict]
"""(content, declared media type) -> what it really is"""


class Settled(CarnetError):
    """There is nothing left to do for this message."""


def wake(host: Host, record: str, document: Document) -> None:
    """Tell intake. The row is in the work index, so a lost wake-up only costs time."""
    with contextlib.suppress(Unavailable):
        send(host, QUEUE, {"record": record, "document": document.id, "version": document.version})


def settle(host: Host, record: str, document: str, version: int, inspect: Inspect = inspect_apart) -> None:
    """Check one version and make it available or quarantine it. What the message says is only where to look.

    Raise AccessDenied or NotFound for one that was deleted meanwhile: it is not looked for again.
    """
    sort = head_sort(document) if version == 1 else version_sort(document, version)
    with contextlib.suppress(Settled), _for_good(host, (partition(record), sort)):
        grant = gate(host, _ask(record, "document:inspect", document, sort))
        received = granted(grant, sort)
        checked = _checked(host, grant, received, inspect)
        _tidy(host, record, received)
        checked = checked.model_copy(update={"former": ()})
        _conclude(host, record, sort, checked)
        if not checked.sealings:  # an upload was counted when it began
            count(host, checked.author.organisation or checked.author.id, record)


@contextlib.contextmanager
def _for_good(host: Host, key: Key) -> Iterator[None]:
    """Leave a version that the gate refuses to expiry: nothing that was not checked is kept for ever."""
    try:
        yield
    except (AccessDenied, NotFound):
        with contextlib.suppress(ConditionFailed):
            unchecked = {"work": expiry_shard(key[0].removeprefix("r#")), "since": host.clock.now().isoformat()}
            host.rows.update(key, Change(set=unchecked), When(equals={"state": "received"}, present=("work",)))
        raise


def _ask(record: str, action: str, document: str, sort: str) -> Ask:
    at = thing_at(sort, document)

    def thing(seen: Seen) -> Thing:
        found = at(seen)
        if found.state != "received":
            raise Settled
        return found

    return Ask(SYSTEM, record, action, (head_sort(document), sort), thing=thing)


def _checked(host: Host, grant: Grant, document: Document, inspect: Inspect) -> Document:
    """Open every part under the grant and say what the content is: with its pins, and a reason when it failed."""
    numbers = range(1, document.parts + 1)
    key = Shelf(host, grant).content_key(document.id)
    try:
        sealed = [part.result() for part in fetch(host, grant.record, document, numbers)]
        content = b"".join(open_parts(grant, key, document, numbers, sealed))
    except (NotFound, Broken):
        return document.model_copy(update={"reason": "INCOMPLETE"})
    reason = _verdict(host, document, content, inspect)
    return document.model_copy(update={"reason": reason, "pins": tuple(map(pin, sealed))})


def _verdict(host: Host, document: Document, content: bytes, inspect: Inspect) -> str:
    if len(content) != document.draft.size or sha256(content).hexdigest() != document.draft.sha256:
        return "HASH_MISMATCH"
    found = inspect(content, document.draft.media)
    if not found.ok:
        return found.reason
    return "MALWARE" if host.scanner.scan(content) else ""


def _tidy(host: Host, record: str, document: Document) -> None:
    """Delete what was sent and does not count: other sealings of an upload, attempts that failed before this one.

    A depositor may have sent a page of somebody else first (RGPD art. 5.1.e).
    """
    if document.sealings or document.former:
        numbered = enumerate(document.sealings, 1)
        counts = {blob_name(record, document.id, document.attempt, part, sealing) for part, sealing in numbered}
        for attempt in document.attempts if counts else document.former:
            for blob in list(host.blobs.list(folder_of(record, document.id, attempt))):
                if blob.name not in counts:
                    host.blobs.delete(blob.name)


def _conclude(host: Host, record: str, sort: str, checked: Document) -> None:
    outcome = "quarantined" if checked.reason else "available"
    detail = {"outcome": outcome, "reason": checked.reason, "version": checked.version}
    op = operation_of("settle", checked.id, str(checked.version), checked.attempt)
    grant = gate(host, replace(_ask(record, "document:settle", checked.id, sort), detail=detail, op=op, once=True))
    with contextlib.suppress(ConditionFailed):  # another delivery of the same message was faster
        if checked.version == 1 or checked.reason:
            write(host, grant, sort, checked, outcome, unchanged(checked))
        else:
            _supersede(host, grant, checked)


def _supersede(host: Host, grant: Grant, following: Document) -> None:
    """Make the following version the current one, then its number the floor below which no row is served again."""
    sort = head_sort(following.id)
    current = granted(grant, sort)
    if current.version < following.version:
        _keep(host, grant, current)
        successor = following.model_copy(update={"row_version": current.row_version})
        write(host, grant, sort, successor, "available", unchanged(current))
    _raise_floor(host, grant.record, following)
    host.rows.delete((partition(grant.record), version_sort(following.id, following.version)))


def _keep(host: Host, grant: Grant, current: Document) -> None:
    """Keep the version that is replaced; the bytes of one that never passed the checks go all the same.

    It may have been sent once more while its successor was checked.
    """
    state, reason = ("superseded", "") if current.state == "available" else ("quarantined", current.reason or ABANDONED)
    kept = current.model_copy(update={"row_version": 0, "reason": reason})
    write(host, grant, version_sort(current.id, current.version), kept, state, ALWAYS)


def _raise_floor(host: Host, record: str, document: Document) -> None:
    sort = head_sort(document.id)

    def floor(choices: Choices) -> Choices:
        return replace(choices, floors={**choices.floors, document.id: document.version})

    thing = thing_at(sort, document.id)
    gate(host, Ask(SYSTEM, record, "document:supersede", (sort,), thing=thing, change=floor, reserve=True))


def sweep(host: Host, limit: int = 100) -> int:
    """Wake intake again for versions whose wake-up was lost; return how many."""
    now = host.clock.now().isoformat()
    found = (key for shard in shards(INTAKE) for key in host.rows.work(shard, upto=now, limit=limit))
    return work_off(found, lambda key: _again(host, key))


def _again(host: Host, key: Key) -> int:
    _, document, *version = key[1].split("#")
    number = int(version[0]) if version else 1
    send(host, QUEUE, {"record": key[0].removeprefix("r#"), "document": document, "version": number})
    later = Change(set={"since": (host.clock.now() + SWEEP_AFTER).isoformat()})
    with contextlib.suppress(ConditionFailed):
        host.rows.update(key, later, When(present=("work",)))
    return 1
