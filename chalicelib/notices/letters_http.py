"""The night's letters, for whoever prints them."""

from pydantic import BaseModel

from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import NotFound
from . import batches

api = Api("letters")

_BATCH = r"^\d{4}-\d{2}-\d{2}$"
_LETTER = r"^[0-9a-f]{32}$"
_ID = "0123456789abcdef0123456789abcdef"


class LetterView(BaseModel):
    """One letter of a batch: what a printer has to know before printing."""

    letter: str
    pages: int
    department: str


@api.route(
    "GET",
    "/letter-batches/{batch}",
    summary="List the letters of one night",
    description="For enrolment clients: CSV with the columns letter, pages, department. No name, no address.",
    reply=bytes,
    media="text/csv",
    params={"batch": _BATCH},
    errors=(NotFound,),
    examples=Example(params={"batch": "2026-12-01"}),
)
def manifest(call: Call) -> Reply:
    """Show the manifest."""
    text = batches.manifest(call.host, call.actor, call.params["batch"], call.request_id)
    return Reply(200, text, media="text/csv; charset=utf-8")


@api.route(
    "GET",
    "/letter-batches/{batch}/letters/{letter}",
    summary="Fetch one letter",
    description="For enrolment clients: the page as PDF. The record's journal says who fetched it.",
    reply=bytes,
    media="application/pdf",
    params={"batch": _BATCH, "letter": _LETTER},
    errors=(NotFound,),
    examples=Example(params={"batch": "2026-12-01", "letter": _ID}),
)
def page(call: Call) -> Reply:
    """Give the page."""
    batch, letter = call.params["batch"], call.params["letter"]
    return Reply(200, batches.page(call.host, call.actor, batch, letter, call.request_id), media="application/pdf")
