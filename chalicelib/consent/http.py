"""The holder's choices, and what a caller may do, over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.http import STRICT, Api, Call, Example, Reply
from . import actions

api = Api("choices")

_PREFIX = {"professional": "pro:", "organisation": "org:"}


class Subject(BaseModel):
    """A professional or an organisation, by national id."""

    model_config = STRICT
    kind: Literal["professional", "organisation"]
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]

    @property
    def name(self) -> str:
        """Return the subject as decisions know it."""
        return _PREFIX[self.kind] + self.id


class ChoicesView(BaseModel):
    """What the holder has decided."""

    allowed: list[str]
    blocked: list[str]
    hidden: list[str]


class Mine(BaseModel):
    """One record, and what this caller may do with it as a whole."""

    record: str
    may: list[str]


class Me(BaseModel):
    """Who is calling, as the access rules see them."""

    kind: str
    name: str
    profession: str
    organisation: str
    records: list[Mine]


_DOCTOR = {"kind": "professional", "id": "810009900019"}
_NAMED = "pro:810009900019"
_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
_MAY = [
    "choices:read",
    "choices:allow",
    "choices:block",
    "choices:withdraw",
    "document:deposit",
    "document:list",
    "history:read",
    "reminder:read",
]
_ALLOWED = Example(request=_DOCTOR, reply={"allowed": [_NAMED], "blocked": [], "hidden": []})


@api.route(
    "GET",
    "/me",
    summary="Who I am, and the records I may act for",
    reply=Me,
    examples=Example(
        reply={
            "kind": "citizen",
            "name": "Ondine ESSAI",
            "profession": "",
            "organisation": "",
            "records": [{"record": _ID, "may": _MAY}],
        }
    ),
)
def me(call: Call) -> Reply:
    """Say who calls."""
    actor = call.actor
    records = [Mine(record=record, may=may) for record, may in actions.mine(call.host, actor, call.request_id)]
    name = actor.organisation_name or actor.organisation
    return Reply(
        body=Me(kind=actor.kind.value, name=actor.name, profession=actor.profession, organisation=name, records=records)
    )


@api.route(
    "GET",
    "/records/{record}/choices",
    summary="What the holder has decided",
    reply=ChoicesView,
    examples=Example(reply={"allowed": [_NAMED], "blocked": [], "hidden": []}),
)
def read(call: Call) -> Reply:
    """Show the choices to the holder."""
    found = actions.read(call.host, call.actor, call.params["record"], call.request_id)
    return Reply(
        body=ChoicesView(allowed=sorted(found.allowed), blocked=sorted(found.blocked), hidden=sorted(found.hidden))
    )


@api.route(
    "POST",
    "/records/{record}/choices/allow",
    summary="Allow a professional or an organisation to read",
    description="Counts from the next request on, within the access matrix; ends an earlier block.",
    body=Subject,
    reply=ChoicesView,
    examples=_ALLOWED,
)
def allow(call: Call[Subject]) -> Reply:
    """Allow."""
    actions.allow(call.host, call.actor, call.params["record"], call.body.name, call.request_id)
    return read(call)


@api.route(
    "POST",
    "/records/{record}/choices/block",
    summary="Block a professional or an organisation",
    description="Counts from the next request on; ends an earlier permission.",
    body=Subject,
    reply=ChoicesView,
    examples=Example(request=_DOCTOR, reply={"allowed": [], "blocked": [_NAMED], "hidden": []}),
)
def block(call: Call[Subject]) -> Reply:
    """Block."""
    actions.block(call.host, call.actor, call.params["record"], call.body.name, call.request_id)
    return read(call)


@api.route(
    "POST",
    "/records/{record}/choices/withdraw",
    summary="Take back what was decided about a professional or an organisation",
    body=Subject,
    reply=ChoicesView,
    examples=Example(request=_DOCTOR, reply={"allowed": [], "blocked": [], "hidden": []}),
)
def withdraw(call: Call[Subject]) -> Reply:
    """Withdraw."""
    actions.withdraw(call.host, call.actor, call.params["record"], call.body.name, call.request_id)
    return read(call)
