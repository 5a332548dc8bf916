"""Access codes and the emergency card over HTTP."""

from base64 import b64encode
from typing import Annotated

from pydantic import BaseModel, Field

from ..access import codes
from ..edge.conditions import idempotency_key
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict, NotFound, Stale
from . import handing
from .card import card
from .http import decided, wish
from .issuing import Issued
from .qr import pictures
from .views import EMPTY, ChoicesView, Within

api = Api("codes")

Reference = Annotated[str, Field(pattern=codes.REFERENCE, description="20 digits of 0-9 a-f")]
Text = Annotated[str, Field(pattern=codes.TEXT, description="12 signs as read: case and dashes do not matter")]

REFERENCE, TEXT = "3f9c0e5b7a1d2468ace0", "k7m2-9xq4-t0vd"
SHOWN = {
    "reference": REFERENCE,
    "code": TEXT,
    "token": "3F9C0E5B7A1D2468ACE0.K7M29XQ4T0VD",
    "ends": "2026-12-01T10:00:00+00:00",
    "png": "iVBORw0KGgo=",
    "svg": "<svg/>",
}


class Brought(BaseModel):
    """A code as it was handed over."""

    model_config = STRICT
    reference: Reference
    code: Text


class CodeReference(BaseModel):
    """Which code is meant."""

    model_config = STRICT
    reference: Reference


class Handed(BaseModel):
    """A code, shown this once: as text, and as a QR code of its token (PNG in base 64, and SVG)."""

    reference: str
    code: str
    token: str
    ends: str
    png: str
    svg: str


class Opened(BaseModel):
    """The record that the code leads to."""

    record: str


def handed(issued: Issued) -> Handed:
    """Return the code as it is shown."""
    png, svg = pictures(issued.token)
    return Handed(
        reference=issued.reference,
        code=issued.text,
        token=issued.token,
        ends=issued.ends,
        png=b64encode(png).decode(),
        svg=svg,
    )


@api.route(
    "POST",
    "/records/{record}/codes",
    summary="Make a one-time access code to hand to a professional",
    description="Works once, for an hour. The professional it is handed to is allowed within the limit.",
    body=Within,
    reply=Handed,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(request={"categories": ["BIOLOGIE"], "since": "2026-01-01"}, reply=SHOWN),
)
def make(call: Call[Within]) -> Reply:
    """Make a code."""
    limit = call.body.limit_at(call.host.clock.now())
    issued = handing.hand_over(call.host, wish(call), limit, idempotency_key(call) or "")
    return Reply(201, handed(issued))


@api.route(
    "POST",
    "/records/{record}/assistance-codes",
    summary="Make a one-time code for the support line",
    description="Works once, for an hour. An agent then helps with the choices for half an hour and sees no content.",
    reply=Handed,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(reply=SHOWN),
)
def ask_for_help(call: Call) -> Reply:
    """Make a code to read out on the telephone."""
    return Reply(201, handed(handing.ask_for_help(call.host, wish(call), idempotency_key(call) or "")))


@api.route(
    "POST",
    "/records/{record}/codes/revocation",
    summary="Revoke a code, an invitation or a card that was not used",
    body=CodeReference,
    reply=ChoicesView,
    examples=Example(request={"reference": REFERENCE}, reply={**EMPTY, "version": 2}),
)
def revoke(call: Call[CodeReference]) -> Reply:
    """Revoke a code."""
    handing.take_back(call.host, wish(call), call.body.reference)
    return decided(call)


@api.route(
    "POST",
    "/code-uses",
    summary="Use the code that a person handed over",
    description="For professionals. It works once; a wrong, spent or unknown code is answered like no access at all.",
    body=Brought,
    reply=Opened,
    errors=(Conflict, NotFound),
    examples=Example(request={"reference": REFERENCE, "code": TEXT}, reply={"record": "a2b3c4d5e6f7a2b3c4d5e6f7a2"}),
)
def use(call: Call[Brought]) -> Reply:
    """Use a code."""
    record = handing.use(call.host, call.actor, call.body.reference, call.body.code, call.request_id)
    return Reply(body=Opened(record=record))


@api.route(
    "POST",
    "/records/{record}/card",
    summary="Make the emergency card to print",
    description="Opens the record in an emergency, within the switches, until revoked; the card before is void.",
    reply=bytes,
    media="application/pdf",
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict, Stale),
)
def print_card(call: Call) -> Reply:
    """Print the card."""
    issued, person = handing.print_card(call.host, wish(call), idempotency_key(call) or "")
    return Reply(201, card(person, issued), media="application/pdf")


@api.route("DELETE", "/records/{record}/card", summary="Void the emergency card", status=204)
def void_card(call: Call) -> Reply:
    """Void the card."""
    handing.revoke_card(call.host, wish(call))
    return Reply(204)
