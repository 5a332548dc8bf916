"""Documents in parts: each part sealed on arrival, the whole checked by intake.

Each sealing of a part lies under its own name, and completion says which ones count: a copy of a request that arrives
after that, however late, overwrites nothing.
"""

import secrets
from collections.abc import Mapping

from ..access.actor import Actor
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..kernel.errors import ConditionFailed, Conflict, Invalid, NotFound
from ..kernel.host import Host
from .actions import begin_part, existing
from .intake import wake
from .model import PART_BYTES, Document, folder_of, head_sort
from .store import granted, head_of, unchanged, write

SENDINGS = 20
"""how often one part may be sent"""
_MANY = "This part was sent too often; file the document again under another unique id."


def put(host: Host, actor: Actor, record: str, document: str, part: int, content: bytes, request: str = "") -> None:
    """Take one part; sending it again replaces it until the upload is completed. Raise Conflict after twenty times."""
    grant = _grant(host, actor, record, document, request)
    uploading = granted(grant, head_sort(document))
    if not 1 <= part <= uploading.parts:
        raise NotFound
    if len(content) != _length(uploading, part):
        raise Invalid(fields={"": "every part has 4 MiB except the last, which has the rest"})
    before = _sealings(host, record, uploading, part).get(part, [])
    if len(before) >= SENDINGS:
        raise Conflict(_MANY)
    sealing = f"{len(before):05d}{secrets.token_hex(8)}"
    begin_part(host, grant, uploading, part, content, sealing)[1].result()


def complete(host: Host, actor: Actor, record: str, document: str, request: str = "") -> Document:
    """Hand the document to intake once all its parts are there. Doing it again gives the same answer."""
    known = existing(host, actor, record, document, request)
    if known.state != "uploading":
        return known
    grant = _grant(host, actor, record, document, request)
    uploading = granted(grant, head_sort(document))
    there, wanted = _sealings(host, record, uploading), range(1, uploading.parts + 1)
    if missing := [part for part in wanted if part not in there]:
        raise Conflict(f"Parts are missing: {', '.join(map(str, missing[:20]))}.")
    whole = uploading.model_copy(update={"sealings": tuple(max(there[part]) for part in wanted)})
    try:
        received = write(host, grant, head_sort(document), whole, "received", unchanged(uploading))
    except ConditionFailed:
        return existing(host, actor, record, document, request)
    wake(host, record, received)
    return received


def _grant(host: Host, actor: Actor, record: str, document: str, request: str) -> Grant:
    ask = Ask(actor, record, "document:upload", (head_sort(document),), thing=head_of(document), request=request)
    return gate(host, ask)


def _length(document: Document, part: int) -> int:
    return min(PART_BYTES, document.draft.size - (part - 1) * PART_BYTES)


def _sealings(host: Host, record: str, document: Document, part: int = 0) -> Mapping[int, list[str]]:
    """Return what was sent of one part, or of each, by its number; of two sealings the later one sorts last."""
    folder, found = folder_of(record, document.id, document.attempt), dict[int, list[str]]()
    for blob in host.blobs.list(f"{folder}{part:05d}" if part else folder):
        number, _, sealing = blob.name.removeprefix(folder).partition("-")
        found.setdefault(int(number), []).append(sealing)
    return found
