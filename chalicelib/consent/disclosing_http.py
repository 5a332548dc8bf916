"""Heirs, court experts and court decisions over HTTP: for two agents of the legal desk."""

from functools import partial
from typing import Annotated

from pydantic import BaseModel, Field

from ..access.keyring import subject_id
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict, Invalid
from . import disclosing
from .http import wish
from .model import DISCLOSURE, grounds_of, listed
from .subjects import Identifier

api = Api("disclosures")

Text = Annotated[str, Field(min_length=1, max_length=300)]
_NAME = "3f9c0e5b7a1d2468ace0"


class HeirLogin(BaseModel):
    """A person, by how they log in: issuer and subject of their access tokens."""

    model_config = STRICT
    issuer: Text
    subject: Text


class Proposal(BaseModel):
    """To whom the record is to be opened and why, or whose representation a court ended.

    `professional` for an expert, `person` for the other grounds.
    """

    model_config = STRICT
    ground: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", json_schema_extra=listed(partial(grounds_of, DISCLOSURE)))]
    professional: Identifier | None = None
    person: HeirLogin | None = None


class Proposed(BaseModel):
    """The name of the proposal, for the second agent."""

    disclosure: str
    ends: str


class Confirmation(BaseModel):
    """Which proposal is confirmed."""

    model_config = STRICT
    disclosure: Annotated[str, Field(pattern=r"^[0-9a-f]{20}$", description="As the proposal was answered")]


@api.route(
    "POST",
    "/records/{record}/disclosures",
    summary="Propose to open a record to an heir or a court's expert, or to end a representation",
    description="Nothing changes before another agent confirms.",
    body=Proposal,
    reply=Proposed,
    status=201,
    errors=(Conflict,),
    examples=Example(
        request={"ground": "court_expert", "professional": "810009900019"},
        reply={"disclosure": _NAME, "ends": "2027-01-02T23:00:00+00:00"},
    ),
)
def propose(call: Call[Proposal]) -> Reply:
    """Propose."""
    made = disclosing.propose(call.host, wish(call), _subject(call), call.body.ground)
    return Reply(201, Proposed(disclosure=made.name, ends=made.ends))


def _subject(call: Call[Proposal]) -> str:
    if call.body.professional and call.body.person:
        raise Invalid(fields={"/person": "a professional is named already"})
    if call.body.professional:
        return f"pro:{call.body.professional}"
    person = call.body.person
    return f"citizen:{subject_id(call.host, person.issuer, person.subject)}" if person else ""


@api.route(
    "POST",
    "/records/{record}/disclosures/confirmation",
    summary="Confirm what another agent proposed",
    body=Confirmation,
    status=204,
    examples=Example(request={"disclosure": _NAME}),
)
def confirm(call: Call[Confirmation]) -> Reply:
    """Confirm."""
    disclosing.confirm(call.host, wish(call), call.body.disclosure)
    return Reply(204)
