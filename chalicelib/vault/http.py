"""Filing documents over HTTP: deposit, upload in parts, replace, delete, hide, show."""

import uuid
from typing import Any

from ..access.keyring import system_key
from ..edge.conditions import etag, idempotency_key, if_match
from ..edge.http import Api, Call, Example, Headers, Reply
from ..kernel.errors import Conflict, Stale, TooLarge, TooMany, Unsupported
from ..kernel.seal import fingerprint
from . import actions, changes, confidentiality, replacing, upload
from .examples import MEDIA, META, STATUS, TEXT
from .formats import format_of
from .model import Document, Draft, Filing
from .quota import Quotas
from .views import Metadata, Secrecy, StatusView, UploadMetadata, Visibility, status_view

api = Api("documents")

_FORMATS = "Documents of this media type are not taken; /labels lists the formats that are."


def _quotas(call: Call[Any, Any]) -> Quotas:
    return Quotas(call.site.quotas["organisation"], call.site.quotas["record"])


def _draft(call: Call[Metadata]) -> tuple[Draft, bytes]:
    part, found = call.parts["content"], format_of(call.parts["content"].media)
    if found is None:
        raise Unsupported(_FORMATS)
    return call.body.draft(found.media, len(part.content), call.body.sha256 or ""), part.content


def _filing(call: Call[Any], draft: Draft) -> Filing:
    patient = call.body.patient.traits() if call.body.patient else None
    record, key = call.params["record"], idempotency_key(call) or ""
    if key and not call.body.unique_id:  # the same at every try, so that it is one request
        made = fingerprint(system_key(call.host), "unique-id", record, call.actor.id, key)
        draft = draft.model_copy(update={"unique_id": str(uuid.UUID(made[:32]))})
    return Filing(call.actor, record, draft, key, call.request_id, patient)


def _accepted(call: Call[Any], document: Document) -> Reply:
    return Reply(202, status_view(document), {"ETag": etag(document.row_version), **_followed(call, document)})


def _followed(call: Call[Any], document: Document) -> Headers:
    return call.located(f"/records/{call.params['record']}/documents/{document.id}/status")


@api.route(
    "POST",
    "/records/{record}/documents",
    summary="Deposit a document of up to 4 MiB",
    description="Sealed and durable when answered; readable once the checks are done. The same unique id and content "
    "from one organisation get the same answer.",
    body=Metadata,
    form=True,
    formats=MEDIA,
    reply=StatusView,
    status=202,
    gives=("ETag", "Location"),
    headers=("Idempotency-Key",),
    errors=(Conflict, TooLarge, TooMany, Unsupported),
    examples=Example(request=META, reply=STATUS, content=TEXT),
)
def deposit(call: Call[Metadata]) -> Reply:
    """Deposit."""
    draft, content = _draft(call)
    return _accepted(call, actions.deposit(call.host, _filing(call, draft), content, _quotas(call)))


@api.route(
    "POST",
    "/records/{record}/uploads",
    summary="Begin the deposit of a larger document",
    description="Its parts of 4 MiB follow; the last one holds the rest.",
    body=UploadMetadata,
    reply=StatusView,
    status=201,
    gives=("Location",),
    headers=("Idempotency-Key",),
    errors=(Conflict, TooLarge, TooMany, Unsupported),
    examples=Example(
        request={**META, "media": "application/pdf", "size": 9000000, "sha256": "0" * 64},
        reply={**STATUS, "state": "uploading", "parts": 3},
    ),
)
def begin(call: Call[UploadMetadata]) -> Reply:
    """Begin an upload."""
    found = format_of(call.body.media)
    if found is None:
        raise Unsupported(_FORMATS)
    draft = call.body.draft(found.media, call.body.size, call.body.sha256)
    begun = actions.begin(call.host, _filing(call, draft), _quotas(call))
    return Reply(201, status_view(begun), _followed(call, begun))


@api.route(
    "PUT",
    "/records/{record}/uploads/{document}/parts/{part}",
    summary="Send one part",
    description="Parts may come in any order; until the upload is completed, sending one again replaces it, "
    "twenty times at most.",
    raw=True,
    status=204,
    params={"part": "^[1-9][0-9]{0,4}$"},
    errors=(Conflict, TooLarge),
    examples=Example(params={"part": "1"}, content=TEXT),
)
def part(call: Call[bytes]) -> Reply:
    """Take a part."""
    record, document, number = (call.params[name] for name in ("record", "document", "part"))
    upload.put(call.host, call.actor, record, document, int(number), call.body, call.request_id)
    return Reply(204)


@api.route(
    "POST",
    "/records/{record}/uploads/{document}/completion",
    summary="Say that all parts are sent",
    reply=StatusView,
    status=202,
    gives=("ETag", "Location"),
    errors=(Conflict,),
    examples=Example(reply=STATUS),
)
def complete(call: Call) -> Reply:
    """Complete an upload."""
    record, document = call.params["record"], call.params["document"]
    return _accepted(call, upload.complete(call.host, call.actor, record, document, call.request_id))


@api.route(
    "POST",
    "/records/{record}/documents/{document}/versions",
    summary="Replace my document by a new version",
    description="The current version stays until the checks accept the new one; then it is superseded. A unique id "
    "names one version: one that was replaced since is not filed again.",
    body=Metadata,
    form=True,
    formats=MEDIA,
    reply=StatusView,
    status=202,
    gives=("ETag", "Location"),
    headers=("If-Match", "Idempotency-Key"),
    errors=(Conflict, Stale, TooLarge, TooMany, Unsupported),
    examples=Example(request=META, reply={**STATUS, "version": 2}, content=TEXT),
)
def replace(call: Call[Metadata]) -> Reply:
    """Replace."""
    draft, data = _draft(call)
    filing = _filing(call, draft)
    document = call.params["document"]
    return _accepted(call, replacing.replace(call.host, filing, document, data, if_match(call), _quotas(call)))


@api.route(
    "DELETE",
    "/records/{record}/documents/{document}",
    summary="Delete my document",
    description="Logical: it exists for nobody from the next request on; the journal keeps its trace.",
    status=204,
    headers=("If-Match",),
    errors=(Conflict, Stale),
)
def delete(call: Call) -> Reply:
    """Delete."""
    record, document = call.params["record"], call.params["document"]
    changes.delete(call.host, call.actor, record, document, if_match(call), call.request_id)
    return Reply(204)


@api.route(
    "PUT",
    "/records/{record}/documents/{document}/visibility",
    summary="Hide a document from professionals, or show it again",
    description="Counts from the next request on. The professional who deposited it still sees it (R.1111-49).",
    body=Visibility,
    status=204,
    errors=(Conflict,),
    examples=Example(request={"hidden": True}),
)
def visibility(call: Call[Visibility]) -> Reply:
    """Hide or show."""
    change = changes.hide if call.body.hidden else changes.show
    change(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    return Reply(204)


@api.route(
    "PUT",
    "/records/{record}/documents/{document}/secrecy",
    summary="Let representatives see a document that was kept from them",
    description="Only the minor decides, and for good: to keep it from them again is a conflict (R.1111-50).",
    body=Secrecy,
    status=204,
    errors=(Conflict,),
    examples=Example(request={"secret": False}),
)
def secrecy(call: Call[Secrecy]) -> Reply:
    """Reveal."""
    change = confidentiality.keep_secret if call.body.secret else confidentiality.reveal
    change(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    return Reply(204)


@api.route(
    "POST",
    "/records/{record}/documents/{document}/announcement",
    summary="Say that I have announced what I deposited to the holder, who sees it from now on",
    description="Without it, the holder is told after two weeks and sees the document after one month (R.1111-53). "
    "A document is announced once it has passed the checks.",
    status=204,
    errors=(Conflict,),
)
def announcement(call: Call) -> Reply:
    """Announce."""
    confidentiality.announce(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    return Reply(204)
