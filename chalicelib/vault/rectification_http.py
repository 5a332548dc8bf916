"""Not my document, and please correct it: over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict
from . import changes, rectification
from .rectification import Rectification

api = Api("documents")

_ID = "^[0-9a-f]{16}$"
_WISH = "Le résultat est celui d'une autre date."
_SHOWN = {
    "rectification": "0123456789abcdef",
    "asked": "2026-12-01T09:00:00+00:00",
    "wish": _WISH,
    "outcome": "",
    "answered": None,
    "words": "",
}
Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Wish(BaseModel):
    """What is wrong with the document."""

    model_config = STRICT
    wish: Words


class RectificationAnswer(BaseModel):
    """What the author says to it."""

    model_config = STRICT
    outcome: Literal["corrected", "refused"]
    words: Words


class RectificationView(BaseModel):
    """One request and its answer."""

    rectification: str
    asked: datetime
    wish: str
    outcome: Literal["", "corrected", "refused"]
    answered: datetime | None
    words: str


class RectificationsView(BaseModel):
    """All requests about one document, oldest first."""

    rectifications: list[RectificationView]


def _view(found: Rectification) -> RectificationView:
    return RectificationView(
        rectification=found.id,
        asked=datetime.fromisoformat(found.asked),
        wish=found.wish,
        outcome=found.outcome,
        answered=datetime.fromisoformat(found.answered) if found.answered else None,
        words=found.words,
    )


@api.route(
    "POST",
    "/records/{record}/documents/{document}/disowning",
    summary="Say that a document is not about me",
    description="Nobody reads it from the next request on; whoever deposited it finds `disowned` in its status.",
    status=204,
)
def disown(call: Call) -> Reply:
    """Disown."""
    changes.disown(call.host, call.actor, call.params["record"], call.params["document"], call.request_id)
    return Reply(204)


@api.route(
    "POST",
    "/records/{record}/documents/{document}/rectifications",
    summary="Ask the author to correct a document",
    body=Wish,
    reply=RectificationView,
    status=201,
    errors=(Conflict,),
    examples=Example(request={"wish": _WISH}, reply=_SHOWN),
)
def rectify(call: Call[Wish]) -> Reply:
    """Ask."""
    record, document = call.params["record"], call.params["document"]
    made = rectification.ask(call.host, call.actor, record, document, call.body.wish, call.request_id)
    return Reply(201, _view(made))


@api.route(
    "GET",
    "/records/{record}/documents/{document}/rectifications",
    summary="See what was asked about a document, and what its author answered",
    description="For the holder, representatives and the author.",
    reply=RectificationsView,
    examples=Example(reply={"rectifications": []}),
)
def rectifications(call: Call) -> Reply:
    """List."""
    found = rectification.listing(
        call.host, call.actor, call.params["record"], call.params["document"], call.request_id
    )
    return Reply(body=RectificationsView(rectifications=[_view(one) for one in found]))


@api.route(
    "POST",
    "/records/{record}/documents/{document}/rectifications/{rectification}/answer",
    summary="Answer as the author of the document",
    body=RectificationAnswer,
    reply=RectificationView,
    params={"rectification": _ID},
    errors=(Conflict,),
    examples=Example(
        request={"outcome": "corrected", "words": "Une version corrigée a été déposée."},
        reply={
            **_SHOWN,
            "outcome": "corrected",
            "answered": "2026-12-01T09:00:00+00:00",
            "words": "Une version corrigée a été déposée.",
        },
    ),
)
def answer(call: Call[RectificationAnswer]) -> Reply:
    """Answer."""
    record, document, name = (call.params[one] for one in ("record", "document", "rectification"))
    body = call.body
    done = rectification.answer(
        call.host, call.actor, record, document, name, body.outcome, body.words, call.request_id
    )
    return Reply(body=_view(done))
