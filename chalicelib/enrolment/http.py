"""Opening and finding records over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..access.clocks import today
from ..access.ins import fault_of
from ..access.keyring import subject_id
from ..access.person import Person
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..edge.means import AnyEmail
from ..kernel.errors import Conflict, Invalid, NotFound
from . import actions
from .insured import BirthDate, Identity, Insured, Name, Names, Place, Rejected, Territory, coherent
from .life_http import STATE, StateView, state_view
from .reinviting import reinvite

api = Api("enrolment")


class Login(BaseModel):
    """How the person logs in: issuer and subject of their access tokens."""

    model_config = STRICT
    issuer: Annotated[str, Field(min_length=1, max_length=300)]
    subject: Annotated[str, Field(min_length=1, max_length=300)]


class Opening(BaseModel):
    """A person whose record is to be opened: strict traits and contact means."""

    model_config = STRICT
    ins: Identity
    family_name: Name
    given_names: Names
    birth_date: BirthDate
    sex: Literal["F", "M", "I"]
    birth_place: Place
    email: AnyEmail = ""
    language: Literal["fr", "en"] = "fr"
    territory: Territory = ""
    holder: Login | None = None


class RecordView(BaseModel):
    """A record: its id is random and tells nothing."""

    record: str
    opened: bool


class Lookup(BaseModel):
    """Whose record is looked for."""

    model_config = STRICT
    ins: Identity


class Found(BaseModel):
    """The record of that person."""

    record: str


class Reinvitation(Insured):
    """Who opposed and asks for a record: the traits that are known, and how to reach them from now on."""


_FAULTS = {
    "OID": "no number of this authority is accepted",
    "FORM": "is no number of this authority",
    "KEY": "the key does not fit the number",
}
_REPRESENTATIVES = "have numbers that their authority can have given, all different, and a guardian a mandate"
_INS = {"value": "276119999000162", "oid": "1.2.250.1.213.1.4.10"}
_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
_OPENING = {
    "ins": _INS,
    "family_name": "ESSAI",
    "given_names": ["Ondine"],
    "birth_date": "1976-11-23",
    "sex": "F",
    "birth_place": "99990",
    "email": "ondine@example.org",
}


@api.route(
    "POST",
    "/records",
    summary="Open the record of a person",
    description="For enrolment clients. Repeating it finds the record open and changes nothing: 200 instead of 201.",
    body=Opening,
    reply=RecordView,
    status=201,
    also={200: "The record was open already"},
    errors=(NotFound,),
    examples=Example(request=_OPENING, reply={"record": _ID, "opened": True}),
)
def open_(call: Call[Opening]) -> Reply:
    """Open a record."""
    _require_possible(call)
    person = _person(call.body)
    login = call.body.holder
    holder = f"citizen:{subject_id(call.host, login.issuer, login.subject)}" if login else ""
    record, opened = actions.open_(call.host, call.actor, person, holder, call.request_id)
    return Reply(201 if opened else 200, RecordView(record=record, opened=opened))


@api.route(
    "POST",
    "/record-lookups",
    summary="Find the record of a person known by INS",
    description="The one transaction that tells whether a record exists; every call is journaled.",
    body=Lookup,
    reply=Found,
    errors=(NotFound,),
    examples=Example(request={"ins": _INS}, reply={"record": _ID}),
)
def find(call: Call[Lookup]) -> Reply:
    """Find a record."""
    ins = call.body.ins
    _require_number(ins)
    return Reply(body=Found(record=actions.find(call.host, call.actor, ins.oid, ins.value, call.request_id)))


@api.route(
    "POST",
    "/reinvitations",
    summary="Have a new code sent to who opposed and asks for a record",
    description="For enrolment clients, at the person's own request. The record stays opposed until the person "
    "activates it with the code; a code that is not brought is forgotten together with the means of contact. "
    "Sent again, it sends another code, and those of before are void.",
    body=Reinvitation,
    reply=StateView,
    errors=(NotFound, Conflict),
    examples=Example(request=_OPENING, reply={**STATE, "state": "opposed"}),
)
def reinvitation(call: Call[Reinvitation]) -> Reply:
    """Invite again."""
    _require_possible(call)
    try:
        asks = coherent(call.body).person()
    except Rejected:
        raise Invalid(fields={"/representatives": _REPRESENTATIVES}) from None
    return Reply(body=state_view(reinvite(call.host, call.actor, asks, call.request_id)))


def _require_possible(call: Call[Opening] | Call[Reinvitation]) -> None:
    """Refuse a number that its authority cannot have given, and somebody who is not born yet."""
    _require_number(call.body.ins)
    if call.body.birth_date > today(call.host.clock.now()):
        raise Invalid(fields={"/birth_date": "lies in the future"})


def _require_number(ins: Identity) -> None:
    if fault := fault_of(ins.oid, ins.value):
        raise Invalid(fields={"/ins/value": _FAULTS[fault]})


def _person(body: Opening) -> Person:
    return Person(
        ins=body.ins.value,
        oid=body.ins.oid,
        family_name=body.family_name,
        given_names=tuple(body.given_names),
        birth_date=body.birth_date,
        sex=body.sex,
        birth_place=body.birth_place,
        email=body.email,
        language=body.language,
        territory=body.territory,
    )
