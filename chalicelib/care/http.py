"""What professionals say about care, over HTTP."""

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.http import CURSOR, QUERY, STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict
from . import actions
from . import inbox as told

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
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$", description="National id, without a prefix")]


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
    "declares, and a house that is declared does not bring them in.",
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


class NoticeView(BaseModel):
    """What happened to which record, or to which document of it; nothing about health, and no name.

    `emergency`: a patient's record was opened in an emergency, told to the treating physician. `rectification`: a
    document that I deposited is to be rectified, `GET …/rectifications` says why. `disowning`: it is said not to be
    about this person.
    """

    event: Literal["emergency", "rectification", "disowning"]
    record: str
    document: str
    at: str


class Inbox(BaseModel):
    """One page, newest first; `cursor` is empty on the last one."""

    notices: list[NoticeView]
    cursor: str


class Paging(BaseModel):
    """Which page."""

    model_config = QUERY
    cursor: Annotated[str, Field(pattern=r"^([0-9]{13}-[0-9a-f]{16})?$", description=CURSOR)] = ""


@api.route(
    "GET",
    "/me/notices",
    summary="What I am told as a professional: emergencies of my patients, what is said of my deposits",
    query=Paging,
    reply=Inbox,
    examples=Example(
        reply={
            "notices": [
                {
                    "event": "emergency",
                    "record": "a2b3c4d5e6f7a2b3c4d5e6f7a2",
                    "document": "",
                    "at": "2026-12-01T09:00:00Z",
                }
            ],
            "cursor": "",
        }
    ),
)
def inbox(call: Call[None, Paging]) -> Reply:
    """List my notices."""
    found, cursor = told.inbox(call.host, call.actor, call.query.cursor, call.request_id)
    return Reply(body=Inbox(notices=[NoticeView.model_validate(asdict(one)) for one in found], cursor=cursor))
