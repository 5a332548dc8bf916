"""Proxies and carers over HTTP."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..edge.conditions import idempotency_key
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..edge.means import Email
from ..kernel.errors import Conflict, NotFound
from . import delegating
from .handing_http import REFERENCE, SHOWN, TEXT, Handed, Reference, Text, handed
from .http import wish
from .model import listed
from .views import Day

api = Api("delegations")

Name = Annotated[str, Field(min_length=1, max_length=120)]
Role = Literal["proxy", "carer"]
_WITH_AS = ConfigDict(**STRICT, populate_by_name=True)
_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"


class ProxyInvitation(BaseModel):
    """Who is invited to represent the holder, by which mandate, until when."""

    model_config = STRICT
    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", json_schema_extra=listed(delegating.representing))]
    name: Name
    until: Day | None = Field(
        default=None,
        description="day on which the judge's decision ends; not for parents. From a "
        "representative, it counts at most until the end of their own mandate",
    )


class CarerInvitation(BaseModel):
    """Who is invited to help."""

    model_config = STRICT
    name: Name


class InvitationAnswer(BaseModel):
    """What somebody who was invited says."""

    model_config = _WITH_AS
    reference: Reference
    code: Text
    role: Role = Field(alias="as")
    accepted: bool
    email: Email | None = Field(
        default=None, description="Where a representative is told of a minor's reminders, beside the record's contact"
    )


class Answered(BaseModel):
    """The record, and what one is to it."""

    model_config = ConfigDict(populate_by_name=True)
    record: str
    role: str = Field(alias="as")
    accepted: bool


class Revocation(BaseModel):
    """Whose delegation ends; without an id, one's own."""

    model_config = _WITH_AS
    role: Role = Field(alias="as")
    id: (
        Annotated[
            str,
            Field(pattern=r"^citizen:[A-Za-z0-9_-]{1,100}$", description="`id` of a delegate, as the choices give it"),
        ]
        | None
    ) = None


def _invites(body: type[BaseModel], summary: str, request: dict[str, Any]) -> dict[str, Any]:
    return {
        "body": body,
        "summary": summary,
        "description": "The code is shown this once, to be handed to the person, who accepts or refuses with it.",
        "reply": Handed,
        "status": 201,
        "headers": ("Idempotency-Key",),
        "errors": (Conflict,),
        "examples": Example(request=request, reply=SHOWN),
    }


@api.route(
    "POST",
    "/records/{record}/proxies",
    **_invites(
        ProxyInvitation,
        "Invite a representative",
        {"kind": "tutelle", "name": "Barnabé FICTIF", "until": "2030-01-01"},
    ),
)
def invite_proxy(call: Call[ProxyInvitation]) -> Reply:
    """Invite a proxy."""
    body, key = call.body, idempotency_key(call) or ""
    return Reply(201, handed(delegating.invite_proxy(call.host, wish(call), body.kind, body.name, body.until, key)))


@api.route(
    "POST", "/records/{record}/carers", **_invites(CarerInvitation, "Invite a carer", {"name": "Barnabé FICTIF"})
)
def invite_carer(call: Call[CarerInvitation]) -> Reply:
    """Invite a carer."""
    key = idempotency_key(call) or ""
    return Reply(201, handed(delegating.invite_carer(call.host, wish(call), call.body.name, key)))


@api.route(
    "POST",
    "/invitation-answers",
    summary="Accept or refuse an invitation to act for somebody",
    description="With the code of the invitation; a wrong, spent or unknown one is answered like nothing at all. The "
    "same answer of the same person can be sent again and changes nothing.",
    body=InvitationAnswer,
    reply=Answered,
    errors=(Conflict, NotFound),
    examples=Example(
        request={"reference": REFERENCE, "code": TEXT, "as": "carer", "accepted": True, "email": "b@example.org"},
        reply={"record": _ID, "as": "carer", "accepted": True},
    ),
)
def answer(call: Call[InvitationAnswer]) -> Reply:
    """Answer."""
    body = call.body
    said = delegating.Answer(body.reference, body.code, body.role, body.accepted, body.email or "")
    record = delegating.answer(call.host, call.actor, said, call.request_id)
    return Reply(body=Answered(record=record, role=body.role, accepted=body.accepted))


@api.route(
    "POST",
    "/records/{record}/delegations/revocation",
    summary="End a delegation, or leave",
    description="Counts from the next request on; repeating it changes nothing. A representative ends nobody's right "
    "but their own.",
    body=Revocation,
    status=204,
    examples=Example(request={"as": "carer", "id": "citizen:0123456789abcdef"}),
)
def revoke(call: Call[Revocation]) -> Reply:
    """End a delegation."""
    delegating.revoke(call.host, wish(call), call.body.role, call.body.id or call.actor.id)
    return Reply(204)
