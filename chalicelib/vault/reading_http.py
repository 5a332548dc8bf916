"""Reading documents over HTTP: labels, lists, metadata, status, content."""

from ..edge.conditions import byte_range, content_range, etag, range_of, unless_held
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict
from . import actions, reading
from .consult import consult, whole
from .examples import MEDIA, PAGE, STATUS, TEXT, VIEW, label
from .inspection.names import content_disposition, safe_name
from .model import Document
from .plain import document_view, page_view
from .views import (
    DocumentsView,
    DocumentView,
    Labels,
    Paging,
    Search,
    StatusView,
    labels_view,
    status_view,
)

api = Api("documents")

READ_ID = "Carnet-Read"


@api.route(
    "GET",
    "/labels",
    summary="Every code and its words, in French and English, and the formats that may be filed",
    reply=Labels,
    anonymous=True,
    examples=Example(
        reply={
            "categories": [label("BIOLOGIE", "Résultats de biologie", "Laboratory results")],
            "types": [label("11502-2", "CR d'examens biologiques", "Laboratory report", "BIOLOGIE")],
            "reasons": [
                label("NOT_ACCEPTED", "Ce type de fichier n'est pas accepté.", "This type of file is not accepted.")
            ],
            "whys": [label("CARE_TEAM", "Membre de l'équipe de soins.", "Member of the care team.")],
            "emergencies": [
                label(
                    "UNCONSCIOUS",
                    "La personne ne peut pas s'exprimer et un risque immédiat pèse sur sa santé.",
                    "The person cannot speak and there is an immediate risk to their health.",
                )
            ],
            "professions": [label("70", "Masseur-Kinésithérapeute", "Physiotherapist")],
            "formats": [
                {
                    "media": "text/plain",
                    "name": "text",
                    "extension": "txt",
                    "professional_bytes": 20_000_000,
                    "person_bytes": 5_000_000,
                }
            ],
        }
    ),
)
def labels(_: Call) -> Reply:
    """Give the labels."""
    return Reply(body=labels_view())


@api.route(
    "GET",
    "/records/{record}/documents",
    summary="List the documents that I may read, newest first",
    query=Paging,
    reply=DocumentsView,
    examples=Example(reply=PAGE, query={"limit": "25"}),
)
def listing(call: Call[None, Paging]) -> Reply:
    """List."""
    where, record = call.query, call.params["record"]
    found = reading.listing(
        call.host, call.actor, record, reading.EVERYTHING, where.cursor, where.limit, call.request_id
    )
    return Reply(body=page_view(found))


@api.route(
    "POST",
    "/records/{record}/documents/search",
    summary="List the documents that fit: category, type, period, author, words of the title",
    body=Search,
    reply=DocumentsView,
    examples=Example(request={"categories": ["BIOLOGIE"], "text": "bilan"}, reply=PAGE),
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
    gives=("ETag",),
    headers=("If-None-Match",),
    examples=Example(reply=VIEW),
)
def read(call: Call) -> Reply:
    """Read metadata."""
    shown = reading.read(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    return unless_held(call.headers, shown.document.row_version, document_view(shown))


@api.route(
    "GET",
    "/records/{record}/documents/{document}/status",
    summary="See how far my deposit is",
    reply=StatusView,
    gives=("ETag",),
    examples=Example(reply={**STATUS, "state": "available"}),
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
    formats=MEDIA,
    also={206: "The range asked for"},
    gives=("ETag", READ_ID),
    headers=("Range", "If-Range", READ_ID),
    errors=(Conflict,),
    examples=Example(content=TEXT),
)
def content(call: Call) -> Reply:
    """Consult."""

    def span(found: Document) -> tuple[int, int]:
        return byte_range(range_of(call.headers, found.row_version), found.draft.size) or whole(found)

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
