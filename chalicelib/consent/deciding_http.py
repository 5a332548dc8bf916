"""What the holder decides beside allowing and blocking, over HTTP."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from ..edge.categories import Category
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict, Stale
from . import deciding
from .http import decided, wish
from .model import REFUSAL, grounds_of, listed
from .subjects import Chosen, Feeder, Identifier
from .views import EMPTY, ChoicesView

api = Api("choices")

_PRO, _NAMED = "810009900019", "pro:810009900019"


class Express(BaseModel):
    """An occupational physician, and whether they have the separate, express consent."""

    model_config = STRICT
    professional: Identifier
    given: bool


class Refusal(Feeder):
    """The same, with the legitimate reason."""

    reason: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", json_schema_extra=listed(partial(grounds_of, REFUSAL)))]


class Switch(BaseModel):
    """One emergency switch: regulation by the SAMU, break-glass, hidden documents in an emergency."""

    model_config = STRICT
    switch: Literal["regulation", "break_glass", "hidden"]
    on: bool


class Physician(BaseModel):
    """The treating physician; null names nobody."""

    model_config = STRICT
    professional: Identifier | None


class Designation(BaseModel):
    """A professional, and whether they see hidden documents."""

    model_config = STRICT
    professional: Identifier
    sees: bool


class Membership(Chosen):
    """A professional or an organisation, and whether they belong to the care team."""

    kind: Literal["professional", "organisation"]
    member: bool


class Discreet(BaseModel):
    """A category, and whether its documents are hidden unless shown one by one."""

    model_config = STRICT
    category: Category
    on: bool


class Told(BaseModel):
    """Whether the holder is told of every access."""

    model_config = STRICT
    accesses: bool


def _declared(body: type[BaseModel], summary: str, request: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """Return what all these routes have in common."""
    return {
        "body": body,
        "summary": summary,
        "reply": ChoicesView,
        "headers": ("If-Match",),
        "errors": (Conflict, Stale),
        "examples": Example(request=request, reply={**EMPTY, **changed}),
    }


@api.route(
    "POST",
    "/records/{record}/choices/express",
    **_declared(
        Express,
        "Give or take back the express consent for an occupational physician",
        {"professional": _PRO, "given": True},
        express=[_NAMED],
    ),
)
def express(call: Call[Express]) -> Reply:
    """Consent expressly."""
    deciding.express(call.host, wish(call), f"pro:{call.body.professional}", given=call.body.given)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/refuse",
    **_declared(
        Refusal,
        "Refuse deposits of a professional, an organisation or a category",
        {"kind": "category", "id": "CERT_MED", "reason": "privacy"},
        refused=["cat:CERT_MED"],
    ),
)
def refuse(call: Call[Refusal]) -> Reply:
    """Refuse deposits."""
    deciding.refuse(call.host, wish(call), call.body.name, call.body.reason)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/accept",
    **_declared(Feeder, "Accept deposits again", {"kind": "category", "id": "CERT_MED"}),
)
def accept(call: Call[Feeder]) -> Reply:
    """Accept deposits."""
    deciding.accept(call.host, wish(call), call.body.name)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/switches",
    **_declared(
        Switch,
        "Set one of the three emergency switches",
        {"switch": "break_glass", "on": False},
        switches={"regulation": True, "break_glass": False, "hidden": False},
    ),
)
def switch(call: Call[Switch]) -> Reply:
    """Switch."""
    deciding.switch(call.host, wish(call), call.body.switch, on=call.body.on)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/physician",
    **_declared(Physician, "Name the treating physician, or nobody", {"professional": _PRO}, physician=_NAMED),
)
def physician(call: Call[Physician]) -> Reply:
    """Name the treating physician."""
    named = f"pro:{call.body.professional}" if call.body.professional else ""
    deciding.physician(call.host, wish(call), named)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/designate",
    **_declared(
        Designation,
        "Let a professional see hidden documents, or no longer",
        {"professional": _PRO, "sees": True},
        designated=[_NAMED],
    ),
)
def designate(call: Call[Designation]) -> Reply:
    """Designate."""
    deciding.designate(call.host, wish(call), f"pro:{call.body.professional}", sees=call.body.sees)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/team",
    **_declared(
        Membership,
        "Put somebody into the care team, or take them out",
        {"kind": "professional", "id": _PRO, "member": True},
        team=[_NAMED],
    ),
)
def team(call: Call[Membership]) -> Reply:
    """Decide about the care team."""
    deciding.team(call.host, wish(call), call.body.name, member=call.body.member)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/discreet",
    **_declared(
        Discreet,
        "Hide a category by default, or no longer",
        {"category": "BIOLOGIE", "on": True},
        discreet=["BIOLOGIE"],
    ),
)
def discreet(call: Call[Discreet]) -> Reply:
    """Be discreet."""
    deciding.discreet(call.host, wish(call), call.body.category, on=call.body.on)
    return decided(call)


@api.route(
    "POST",
    "/records/{record}/choices/told",
    **_declared(Told, "Be told of every access, or no longer", {"accesses": True}, told_accesses=True),
)
def told(call: Call[Told]) -> Reply:
    """Decide what one is told."""
    deciding.told(call.host, wish(call), accesses=call.body.accesses)
    return decided(call)
