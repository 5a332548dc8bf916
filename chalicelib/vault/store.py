"""Reading and writing the rows of documents: where they lie, how they open, when they may be written."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from ..access.author import Author
from ..access.clocks import instant
from ..access.facts import partition
from ..access.gate import Seen
from ..access.grant import Grant, Shelf, open_row
from ..access.retention import retention
from ..access.thing import Thing
from ..access.work import expiry_shard, intake_shard
from ..kernel.errors import Broken, ConditionFailed
from ..kernel.host import Host
from ..kernel.parts import Place, open_part
from ..kernel.ports import ALWAYS, NEW, Pending, Row, Value, When
from .model import ABANDONED, PART_BYTES, SECRET, WITHHELD, Document, Draft, blob_name, head_sort, lost_sort

_KEPT = {"uploading": "abandoned_upload", "quarantined": "quarantined_upload"}
SWEEP_AFTER = timedelta(minutes=2)
"""How long the wake-up sent with a deposit has before the sweep sends another."""
_LAST_PART = timedelta(hours=1)
"""longer than any request lasts: a part on its way when an upload was given up is deleted with the others"""

_BOUND = ("pk", "sk", "version", "state", "body")


def document_of(policy_key: bytes, record: str, row: Row) -> Document:
    """Open a document row. Raise Broken when it was moved, altered or mixed."""
    kept = Document.model_validate_json(open_row(policy_key, record, row))
    return filled(kept, row_version=row["version"], state=row["state"], id=str(row["sk"]).split("#")[1])


def filled(document: Document, **values: object) -> Document:
    """Set values of a document that is nobody else's yet: model_copy(update=…) without its copy, 26 times a list."""
    vars(document).update(values)
    return document


@lru_cache(maxsize=64)
def _opened(policy_key: bytes, record: str, found: tuple[tuple[str, Value], ...]) -> Document:
    return document_of(policy_key, record, dict(found))


def _once(policy_key: bytes, record: str, row: Row) -> Document:
    """Open it once for the up to four looks of one request; remembered under key and sealed bytes, and briefly."""
    if not isinstance(row.get("body"), bytes):
        raise Broken
    return _opened(policy_key, record, tuple((name, row.get(name)) for name in _BOUND))


def find(seen: Seen, sort: str) -> Document | None:
    """Return the document that was read along at this place."""
    row = seen.rows.get(sort)
    return None if row is None else _once(seen.policy_key, seen.record, row)


def granted(grant: Grant, sort: str) -> Document:
    """Return the document of a grant whose decision was made about it."""
    return _once(grant.policy_key, grant.record, grant.rows[sort])


def not_put_back(sort: str) -> Callable[[Seen], None]:
    """Return a check that the row is not older than the version that choices name: somebody put it back (abuse C03).

    The rows of one read are not read at one instant: the row may come from just before its version was superseded,
    and choices from just after. A floor is raised after the row was written, so a second look tells the two apart.
    """
    floor = 1

    def check(seen: Seen) -> None:
        nonlocal floor
        found = find(seen, sort)
        if found is None:
            return
        if found.version < floor:
            raise Broken
        floor = seen.choices.floors.get(found.id, 1)
        if found.version < floor:
            raise ConditionFailed

    return check


def thing_at(sort: str, document: str) -> Callable[[Seen], Thing]:
    """Return what the gate decides on: the document read along at this place, or an absent one."""

    def thing(seen: Seen) -> Thing:
        found = find(seen, sort)
        return found.thing() if found else Thing("document", document, state="absent")

    return thing


def head_of(document: str) -> Callable[[Seen], Thing]:
    """Return what the gate decides on: the current version."""
    return thing_at(head_sort(document), document)


def as_filed(host: Host, seen: Seen, thing: Thing) -> Thing:
    """Return what is filed again, kept back as it was: the request of a later version says nothing of that."""
    head = partition(seen.record), head_sort(thing.id)
    row = host.rows.get([head]).get(head)
    found = document_of(seen.policy_key, seen.record, row) if row else None
    return replace(thing, secret=found.secret, withheld=found.withheld) if found else thing


def new_document(grant: Grant, draft: Draft, category: str, version: int, now: datetime) -> Document:
    """Make a document; author and organisation come from the grant, which took them from the token."""
    return Document(
        draft=draft,
        category=category,
        author=Author.of(grant.actor),
        deposited=now,
        version=version,
        attempt=secrets.token_hex(8),
        withheld=instant(now) if WITHHELD in draft.confidentiality else "",
        secret=SECRET in draft.confidentiality,
        id=grant.about,
    )


def write(
    host: Host, grant: Grant, sort: str, document: Document, state: str, when: When = NEW, *, expired: bool = False
) -> Document:
    """Write the next version of the row, with its mark for what is left to do. Raise ConditionFailed."""
    shelf, version = Shelf(host, grant), document.row_version + 1
    todo = {} if expired else _todo(grant.record, state, document.reason, host.clock.now())
    clear = document.model_dump_json().encode()
    shelf.put(shelf.row(sort, clear, version=version, state=state, attempt=document.attempt, **todo), when)
    return document.model_copy(update={"row_version": version, "state": state})


def leave(host: Host, grant: Grant, document: Document, sent: Sequence[Pending[None]] = ()) -> None:
    """Leave to expiry bytes that were sent while another request was faster: who files may delete none."""
    if not document.pins:
        return  # an upload whose parts were to follow
    for part in sent:
        part.result()
    lost = document.model_copy(update={"row_version": 0, "reason": ABANDONED})
    write(host, grant, lost_sort(document.id, document.attempt), lost, "quarantined", ALWAYS)


def _todo(record: str, state: str, reason: str, now: datetime) -> dict[str, str]:
    """Return the mark in the work index: intake must settle what was received, expiry ends what must not be kept."""
    if state == "received":
        return {"work": intake_shard(record), "since": (now + SWEEP_AFTER).isoformat()}
    if state == "quarantined" and reason == ABANDONED:  # it was kept long enough
        return {"work": expiry_shard(record), "since": (now + _LAST_PART).isoformat()}
    if state in _KEPT:
        return {"work": expiry_shard(record), "since": retention()[_KEPT[state]].after(now.date()).isoformat()}
    return {}


def unchanged(document: Document) -> When:
    """Return the condition that the row is still as it was read."""
    return When(equals={"version": document.row_version, "state": document.state})


def pin(sealed: bytes) -> str:
    """Return the message id in the header of a sealed part: unique to one sealing, authenticated with it."""
    return sealed[3:35].hex()


def place(record: str, document: Document, part: int) -> Place:
    """Return where a part belongs."""
    return Place(record, document.id, document.version, part, document.parts)


def fetch(host: Host, record: str, document: Document, parts: Sequence[int]) -> list[Pending[bytes]]:
    """Start to fetch sealed parts; nothing is opened."""
    sealings = document.sealings or ("",) * document.parts
    return [
        host.blobs.begin_get(blob_name(record, document.id, document.attempt, part, sealings[part - 1]))
        for part in parts
    ]


def parts_of(start: int, stop: int) -> range:
    """Return the numbers of the parts that hold the bytes start … stop (excluded)."""
    return range(start // PART_BYTES + 1, max(start, stop - 1) // PART_BYTES + 2)


def open_parts(
    grant: Grant, key: bytes, document: Document, parts: Sequence[int], sealed: Sequence[bytes]
) -> Iterator[bytes]:
    """Yield the clear parts. Raise Broken for a part that is not the one intake saw."""
    for number, data in zip(parts, sealed, strict=True):
        if document.pins and document.pins[number - 1] != pin(data):
            raise Broken
        yield open_part(key, place(grant.record, document, number), data)
