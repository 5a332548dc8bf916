"""The holder's choices, and what a caller may do, over HTTP."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..access.actor import Kind
from ..edge.conditions import etag, if_match
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict, Stale
from . import actions
from .changing import Wish
from .subjects import KnownSubject, Subject
from .views import EMPTY, ChoicesView, Permission, choices_view

api = Api("choices")


class Mine(BaseModel):
    """One record, as what the caller acts for it (holder, proxy, carer, heir), its state, and what they may do with it.

    `until` is when the law's clock of this state runs out: a suspended record is closed then, a closed one destroyed.
    """

    model_config = ConfigDict(populate_by_name=True)
    record: str
    role: str = Field(alias="as")
    state: Literal["open", "suspended", "closed", "erasing", "deceased"]
    until: datetime | None = None
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
    "record:look",
    "choices:read",
    "choices:allow",
    "choices:block",
    "choices:withdraw",
    "document:deposit",
    "document:list",
    "history:read",
    "reminder:read",
]


def wish(call: Call[Any, Any]) -> Wish:
    """Return who decides about which record, in which state of mind."""
    return Wish(call.actor, call.params["record"], call.request_id, if_match(call))


def decided(call: Call[Any, Any]) -> Reply:
    """Return all choices after one of them."""
    actor = call.actor
    found = actions.read(call.host, actor, call.params["record"], call.request_id)
    version = found.facts.policy_version
    if actor.id != found.choices.holder:  # the number would count changes that only the holder may know of
        return Reply(body=choices_view(found.choices, 0, assisted=actor.kind is Kind.SUPPORT))
    return Reply(body=choices_view(found.choices, version), headers={"ETag": etag(version)})


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
            "records": [{"record": _ID, "as": "holder", "state": "open", "until": None, "may": _MAY}],
        }
    ),
)
def me(call: Call) -> Reply:
    """Say who calls."""
    actor = call.actor
    found = actions.mine(call.host, actor, call.request_id)
    records = [Mine.model_validate({**asdict(one), "until": one.until or None}) for one in found]
    name = actor.organisation_name or actor.organisation
    return Reply(
        body=Me(kind=actor.kind.value, name=actor.name, profession=actor.profession, organisation=name, records=records)
    )


@api.route(
    "GET",
    "/records/{record}/choices",
    summary="What the holder has decided",
    reply=ChoicesView,
    examples=Example(reply={**EMPTY, "version": 2, "allowed": [_NAMED]}),
)
def read(call: Call) -> Reply:
    """Show the choices to the holder."""
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/allow",
    summary="Allow a professional, an organisation or a profession to read",
    description="Counts from the next request on, within the access matrix and the limit; ends an earlier block.",
    body=Permission,
    reply=ChoicesView,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(request=_DOCTOR, reply={**EMPTY, "allowed": [_NAMED]}),
)
def allow(call: Call[Permission]) -> Reply:
    """Allow."""
    who, limit = wish(call), call.body.within.limit_at(call.host.clock.now(), "/within")
    actions.allow(call.host, who.actor, who.record, call.body.name, who.request, limit, who.version)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/block",
    summary="Block a professional, an organisation or a profession",
    description="Counts from the next request on; ends an earlier permission.",
    body=KnownSubject,
    reply=ChoicesView,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(request=_DOCTOR, reply={**EMPTY, "blocked": [_NAMED]}),
)
def block(call: Call[KnownSubject]) -> Reply:
    """Block."""
    who = wish(call)
    actions.block(call.host, who.actor, who.record, call.body.name, who.request, who.version)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/withdraw",
    summary="Take back what was decided about a professional, an organisation or a profession",
    description="Also about a profession that the access matrix no longer has.",
    body=Subject,
    reply=ChoicesView,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(request=_DOCTOR, reply=EMPTY),
)
def withdraw(call: Call[Subject]) -> Reply:
    """Withdraw."""
    who = wish(call)
    actions.withdraw(call.host, who.actor, who.record, call.body.name, who.request, who.version)
    return decided(call)
