"""Documents in parts: each part sealed on arrival, the whole checked by intake."""

from ..access.actor import Actor
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..kernel.errors import ConditionFailed, Conflict, Invalid, NotFound
from ..kernel.host import Host
from .actions import existing, put_part
from .intake import wake
from .model import PART_BYTES, Document, blob_name, head_sort
from .store import granted, head_of, unchanged, write


def put(host: Host, actor: Actor, record: str, document: str, part: int, content: bytes, request: str = "") -> None:
    """Take one part; sending it again replaces it until the upload is completed."""
    grant = _grant(host, actor, record, document, request)
    uploading = granted(grant, head_sort(document))
    if not 1 <= part <= uploading.parts:
        raise NotFound
    if len(content) != _length(uploading, part):
        raise Invalid(fields={"/": "every part has 4 MiB except the last, which has the rest"})
    put_part(host, grant, uploading, part, content)


def complete(host: Host, actor: Actor, record: str, document: str, request: str = "") -> Document:
    """Hand the document to intake once all its parts are there. Doing it again gives the same answer."""
    known = existing(host, actor, record, document, request)
    if known.state != "uploading":
        return known
    grant = _grant(host, actor, record, document, request)
    uploading = granted(grant, head_sort(document))
    missing = _missing(host, record, uploading)
    if missing:
        raise Conflict(f"Parts are missing: {', '.join(map(str, missing[:20]))}.")
    try:
        received = write(host, grant, head_sort(document), uploading, "received", unchanged(uploading))
    except ConditionFailed:
        return existing(host, actor, record, document, request)
    wake(host, record, received)
    return received


def _grant(host: Host, actor: Actor, record: str, document: str, request: str) -> Grant:
    ask = Ask(actor, record, "document:upload", (head_sort(document),), thing=head_of(document), request=request)
    return gate(host, ask)


def _length(document: Document, part: int) -> int:
    return min(PART_BYTES, document.draft.size - (part - 1) * PART_BYTES)


def _missing(host: Host, record: str, document: Document) -> list[int]:
    prefix = blob_name(record, document.id, document.attempt, 0).removesuffix("00000")
    there = {blob.name for blob in host.blobs.list(prefix)}
    names = {part: blob_name(record, document.id, document.attempt, part) for part in range(1, document.parts + 1)}
    return [part for part, name in names.items() if name not in there]
