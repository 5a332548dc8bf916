"""Emergency access over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..access import codes
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict, NotFound, TooMany
from . import actions
from .model import LEAST, Reason

api = Api("emergency")
_WHY = {"reason": "UNCONSCIOUS", "text": "Trouvé inconscient dans la rue, aucun proche sur place"}


class EmergencyOpening(BaseModel):
    """Why: a code of `/labels`, and in the professional's own words, which the holder reads."""

    model_config = STRICT
    reason: Literal["UNCONSCIOUS", "CONFUSED", "CALL"]
    text: Annotated[
        str, Field(min_length=LEAST, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$", description="One line")
    ]


class CardOpening(EmergencyOpening):
    """The same, with what the person's emergency card says: its QR code holds both in capitals, with a dot between."""

    reference: Annotated[str, Field(pattern=codes.REFERENCE, description="20 digits of 0-9 a-f, in small letters")]
    code: Annotated[str, Field(pattern=codes.TEXT, description="12 signs, in any case")]


class CardWindow(BaseModel):
    """The record that the card leads to, and until when the professional reads on this ground."""

    record: str
    until: str


class Window(BaseModel):
    """Until when the professional reads on this ground."""

    until: str


@api.route(
    "POST",
    "/records/{record}/emergency",
    summary="Open a record in an emergency",
    description="When the person cannot speak and there is an immediate risk, unless they oppose it (L.1111-17 I). "
    "The holder and the treating physician are told every time. A reason used before is refused.",
    body=EmergencyOpening,
    reply=Window,
    status=201,
    errors=(Conflict, TooMany),
    examples=Example(
        request=_WHY,
        reply={"until": "2026-12-02T23:00:00+00:00"},
    ),
)
def open_(call: Call[EmergencyOpening]) -> Reply:
    """Break the glass."""
    reason = Reason(call.body.reason, call.body.text)
    until = actions.open_(call.host, call.actor, call.params["record"], reason, call.request_id)
    return Reply(201, Window(until=until))


@api.route(
    "POST",
    "/emergency-card-uses",
    summary="Open a record in an emergency with the card that the person carries",
    description="Like `/records/{record}/emergency`, for who does not know whose record it is. A wrong, void or "
    "unknown card is answered like no access at all.",
    body=CardOpening,
    reply=CardWindow,
    status=201,
    errors=(Conflict, NotFound, TooMany),
    examples=Example(
        request={**_WHY, "reference": "3f9c0e5b7a1d2468ace0", "code": "k7m2-9xq4-t0vd"},
        reply={"record": "a2b3c4d5e6f7a2b3c4d5e6f7a2", "until": "2026-12-02T23:00:00+00:00"},
    ),
)
def open_by_card(call: Call[CardOpening]) -> Reply:
    """Break the glass with a card."""
    body = call.body
    reason, card = Reason(body.reason, body.text), (body.reference, body.code)
    record, until = actions.open_by_card(call.host, call.actor, card, reason, call.request_id)
    return Reply(201, CardWindow(record=record, until=until))
