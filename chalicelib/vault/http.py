"""Documents over HTTP."""

from hashlib import sha256
from typing import Any

from ..edge.conditions import byte_range, content_range, etag, idempotency_key, if_match, not_modified
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict, Stale, TooLarge, TooMany, Unsupported
from . import actions, changes, reading, upload
from .consult import consult
from .formats import FORMATS, format_of
from .inspection.names import content_disposition, safe_name
from .model import Draft, Filing
from .quota import Quotas
from .views import (
    DocumentsView,
    DocumentView,
    Labels,
    Metadata,
    Paging,
    Search,
    StatusView,
    UploadMetadata,
    Visibility,
    document_view,
    labels_view,
    page_view,
    status_view,
)

api = Api("documents")

READ_ID = "Carnet-Read"
_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
_FORMATS = tuple(known.media for known in FORMATS)
_META = {"type": "11502-2", "title": "Bilan sanguin", "unique_id": "1.2.250.1.999.42", "created": "2026-11-20"}
_TEXT = "Hémoglobine 14 g/dL\n"
_STATUS = {"document": _ID, "version": 1, "state": "received", "reason": "", "parts": 1}
_AUTHOR = {
    "kind": "professional",
    "name": "Zoé GABARIT",
    "profession": "10",
    "organisation": "Laboratoire des Exemples",
}
_VIEW = {
    "document": _ID,
    "version": 1,
    "type": "11502-2",
    "category": "BIOLOGIE",
    "title": "Bilan sanguin",
    "media": "text/plain",
    "size": len(_TEXT.encode()),
    "sha256": sha256(_TEXT.encode()).hexdigest(),
    "created": "2026-11-20",
    "deposited": "2026-11-20T10:00:00Z",
    "author": _AUTHOR,
    "hidden": False,
}
_PAGE = {"documents": [_VIEW], "cursor": ""}


def _label(code: str, fr: str, en: str, category: str = "") -> dict[str, Any]:
    return {"code": code, "label": {"fr": fr, "en": en}, "category": category}


@api.route(
    "GET",
    "/labels",
    summary="Every code and its words, in French and English",
    reply=Labels,
    anonymous=True,
    examples=Example(
        reply={
            "categories": [_label("BIOLOGIE", "Résultats de biologie", "Laboratory results")],
            "types": [_label("11502-2", "CR d'examens biologiques", "Laboratory report", "BIOLOGIE")],
            "reasons": [
                _label("NOT_ACCEPTED", "Ce type de fichier n'est pas accepté.", "This type of file is not accepted.")
            ],
        }
    ),
)
def labels(_: Call) -> Reply:
    """Give the labels."""
    return Reply(body=labels_view())


def _quotas(call: Call[Any, Any]) -> Quotas:
    return Quotas(call.site.quotas["organisation"], call.site.quotas["record"])


def _draft(call: Call[Metadata]) -> tuple[Draft, bytes]:
    part, found = call.parts["content"], format_of(call.parts["content"].media)
    if found is None:
        raise Unsupported
    return call.body.draft(found.media, len(part.content), call.body.sha256 or ""), part.content


def _filing(call: Call[Any], draft: Draft) -> Filing:
    return Filing(call.actor, call.params["record"], draft, idempotency_key(call) or "", call.request_id)


def _accepted(document: Any) -> Reply:
    return Reply(202, status_view(document), {"ETag": etag(document.row_version)})


@api.route(
    "POST",
    "/records/{record}/documents",
    summary="Deposit a document of up to 4 MiB",
    description="Sealed and durable when answered; readable once the checks are done. The same unique id and content "
    "from one organisation get the same answer.",
    body=Metadata,
    form=True,
    formats=_FORMATS,
    reply=StatusView,
    status=202,
    headers=("Idempotency-Key",),
    errors=(Conflict, TooLarge, TooMany, Unsupported),
    examples=Example(request=_META, reply=_STATUS, content=_TEXT),
)
def deposit(call: Call[Metadata]) -> Reply:
    """Deposit."""
    draft, content = _draft(call)
    return _accepted(actions.deposit(call.host, _filing(call, draft), content, _quotas(call)))


@api.route(
    "POST",
    "/records/{record}/uploads",
    summary="Begin the deposit of a larger document",
    description="Its parts of 4 MiB follow; the last one holds the rest.",
    body=UploadMetadata,
    reply=StatusView,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict, TooLarge, TooMany, Unsupported),
    examples=Example(
        request={**_META, "media": "application/pdf", "size": 9000000, "sha256": "0" * 64},
        reply={**_STATUS, "state": "uploading", "parts": 3},
    ),
)
def begin(call: Call[UploadMetadata]) -> Reply:
    """Begin an upload."""
    found = format_of(call.body.media)
    if found is None:
        raise Unsupported
    draft = call.body.draft(found.media, call.body.size, call.body.sha256)
    return Reply(201, status_view(actions.begin(call.host, _filing(call, draft), _quotas(call))))


@api.route(
    "PUT",
    "/records/{record}/uploads/{document}/parts/{part}",
    summary="Send one part",
    description="Parts may come in any order; sending one again replaces it.",
    raw=True,
    status=204,
    params={"part": "^[1-9][0-9]{0,4}$"},
    errors=(Conflict, TooLarge),
    examples=Example(params={"part": "1"}, content=_TEXT),
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
    errors=(Conflict,),
    examples=Example(reply=_STATUS),
)
def complete(call: Call) -> Reply:
    """Complete an upload."""
    record, document = call.params["record"], call.params["document"]
    return _accepted(upload.complete(call.host, call.actor, record, document, call.request_id))


@api.route(
    "GET",
    "/records/{record}/documents",
    summary="List the documents that I may read, newest first",
    query=Paging,
    reply=DocumentsView,
    examples=Example(reply=_PAGE, query={"limit": "25"}),
)
def listing(call: Call[None, Paging]) -> Reply:
    """List."""
    page, where = reading.Filter(), call.query
    found = reading.listing(
        call.host, call.actor, call.params["record"], page, where.cursor, where.limit, call.request_id
    )
    return Reply(body=page_view(found))


@api.route(
    "POST",
    "/records/{record}/documents/search",
    summary="List the documents that fit: category, type, period, author, words of the title",
    body=Search,
    reply=DocumentsView,
    examples=Example(request={"categories": ["BIOLOGIE"], "text": "bilan"}, reply=_PAGE),
)
def search(call: Call[Search]) -> Reply:
    """Search."""
    body, record = call.body, call.params["record"]
    found = reading.listing(call.host, call.actor, record, body.filter(), body.cursor, body.limit, call.request_id)
    return Reply(body=page_view(found))


@api.route(
    "GET",
    "/records/{record}/documents/{document}",
    summary="Read what a document is",
    reply=DocumentView,
    also={304: "The version already held"},
    headers=("If-None-Match",),
    examples=Example(reply=_VIEW),
)
def read(call: Call) -> Reply:
    """Read metadata."""
    shown = reading.read(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    version = shown.document.row_version
    held = not_modified(call.headers, version)
    return Reply(304 if held else 200, None if held else document_view(shown), {"ETag": etag(version)})


@api.route(
    "GET",
    "/records/{record}/documents/{document}/status",
    summary="See how far my deposit is",
    reply=StatusView,
    examples=Example(reply={**_STATUS, "state": "available"}),
)
def status(call: Call) -> Reply:
    """Give the state of a deposit."""
    record, document = call.params["record"], call.params["document"]
    found = actions.existing(call.host, call.actor, record, document, call.request_id)
    return Reply(body=status_view(found), headers={"ETag": etag(found.row_version)})


@api.route(
    "GET",
    "/records/{record}/documents/{document}/content",
    summary="Consult the content, whole or a range",
    description=f"Every consultation is journaled before the content is released. {READ_ID} of the answer, sent with "
    "further ranges within a minute, counts them as the same consultation.",
    reply=bytes,
    formats=_FORMATS,
    also={206: "The range asked for"},
    headers=("Range", READ_ID),
    errors=(Conflict,),
    examples=Example(content=_TEXT),
)
def content(call: Call) -> Reply:
    """Consult."""
    wanted = call.headers.get("range")

    def span(size: int) -> tuple[int, int]:
        return byte_range(wanted, size) or (0, size)

    ticket = call.headers.get(READ_ID.lower(), "")
    found = consult(
        call.host, call.actor, call.params["record"], call.params["document"], span, ticket, call.request_id
    )
    draft = found.document.draft
    headers = {
        READ_ID: found.read_id,
        "Accept-Ranges": "bytes",
        "ETag": etag(found.document.row_version),
        "Content-Disposition": content_disposition(safe_name(draft.title, draft.media)),
    }
    if (found.start, found.stop) == (0, draft.size):
        return Reply(200, found.data, headers, draft.media)
    headers["Content-Range"] = content_range(found.start, found.stop, draft.size)
    return Reply(206, found.data, headers, draft.media)


@api.route(
    "POST",
    "/records/{record}/documents/{document}/versions",
    summary="Replace my document by a new version",
    description="The current version stays until the checks accept the new one; then it is superseded.",
    body=Metadata,
    form=True,
    formats=_FORMATS,
    reply=StatusView,
    status=202,
    headers=("If-Match",),
    errors=(Conflict, Stale, TooLarge, Unsupported),
    examples=Example(request=_META, reply={**_STATUS, "version": 2}, content=_TEXT),
)
def replace(call: Call[Metadata]) -> Reply:
    """Replace."""
    draft, data = _draft(call)
    filing = _filing(call, draft)
    return _accepted(changes.replace(call.host, filing, call.params["document"], data, if_match(call)))


@api.route(
    "DELETE",
    "/records/{record}/documents/{document}",
    summary="Delete my document",
    description="Logical: it exists for nobody from the next request on; the journal keeps its trace.",
    status=204,
    headers=("If-Match",),
    errors=(Stale,),
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
    examples=Example(request={"hidden": True}),
)
def visibility(call: Call[Visibility]) -> Reply:
    """Hide or show."""
    change = changes.hide if call.body.hidden else changes.show
    change(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    return Reply(204)
