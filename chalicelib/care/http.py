"""What professionals say about care, over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict
from . import actions

api = Api("care")

_PREFIX = {"professional": "pro:", "organisation": "org:"}


class Collected(BaseModel):
    """An explicit gesture: software never sends this by itself (DMP EX_0.3-1010)."""

    model_config = STRICT
    holder_agrees: Literal[True]


class Consent(BaseModel):
    """Until when the consent of this consultation counts."""

    until: str


class Member(BaseModel):
    """A professional or an organisation, by national id."""

    model_config = STRICT
    kind: Literal["professional", "organisation"]
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]


@api.route(
    "POST",
    "/records/{record}/consents",
    summary="Note the consent that the holder gives me at this consultation",
    description="Ends by itself; the holder is told. Only on the professional's own gesture, never automatically.",
    body=Collected,
    reply=Consent,
    status=201,
    errors=(Conflict,),
    examples=Example(request={"holder_agrees": True}, reply={"until": "2026-12-02T23:00:00+00:00"}),
)
def collect(call: Call[Collected]) -> Reply:
    """Collect."""
    return Reply(201, Consent(until=actions.collect(call.host, call.actor, call.params["record"], call.request_id)))


@api.route(
    "POST",
    "/records/{record}/team",
    summary="Declare another member of the care team",
    description="For who is of the team, the treating physician or allowed by the holder without a limit. The holder "
    "is told and may block; whom the holder took out of the team, or allowed within a limit, nobody else "
    "declares, by name or by a house.",
    body=Member,
    status=204,
    errors=(Conflict,),
    examples=Example(request={"kind": "professional", "id": "810009900076"}),
)
def declare(call: Call[Member]) -> Reply:
    """Declare."""
    subject = _PREFIX[call.body.kind] + call.body.id
    actions.declare(call.host, call.actor, call.params["record"], subject, call.request_id)
    return Reply(204)
