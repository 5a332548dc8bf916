"""The life of a record over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..access import codes
from ..access.actor import Actor
from ..edge.conditions import idempotency_key
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict, NotFound, TooMany
from ..kernel.host import Host
from . import counts, life
from .life import State
from .proof import proof

api = Api("life")

Reference = Annotated[
    str, Field(pattern=codes.REFERENCE, description="Printed on the letter, beside the code: 20 digits of 0-9 a-f")
]
Code = Annotated[str, Field(pattern=codes.TEXT, description="Printed on the letter: 12 signs, in any case")]
STATE = {"record": "a2b3c4d5e6f7a2b3c4d5e6f7a2", "state": "open", "since": "2026-12-01T09:00:00+00:00", "until": None}
AGAIN = "Asked for again, it gives the same answer and changes nothing."
_ONCE = f"{AGAIN} A copy with the same Idempotency-Key changes nothing however late it comes."
LETTER = {"reference": "0123456789abcdef0123", "code": "7k3m-x9qp-2v8d"}


class Letter(BaseModel):
    """What the letter of information carries."""

    model_config = STRICT
    reference: Reference
    code: Code


class StateView(BaseModel):
    """The state of a record, since when, and until when the law's clock of that state runs."""

    record: str
    state: Literal["invited", "opposed", "open", "suspended", "closed", "erasing", "deceased"]
    since: datetime
    until: datetime | None


class Department(BaseModel):
    """How many people of one department were not reached."""

    department: str
    people: int


class CountsView(BaseModel):
    """The last count. A department with fewer than eleven is not told."""

    day: str
    unreached: list[Department]


def state_view(found: State) -> StateView:
    """Return the view of a state."""
    return StateView(
        record=found.record,
        state=found.state,
        since=datetime.fromisoformat(found.since),
        until=datetime.fromisoformat(found.until) if found.until else None,
    )


@api.route(
    "POST",
    "/oppositions",
    summary="Oppose the opening of my record, without an account",
    description="With reference and code of the letter. The answer is the proof of opposition, to be kept. Sent again, "
    "the same code gives the proof again and changes nothing; codes are never part of an address.",
    body=Letter,
    reply=bytes,
    media="text/plain",
    errors=(NotFound, TooMany),
    anonymous=True,
    examples=Example(request=LETTER),
)
def oppose(call: Call[Letter]) -> Reply:
    """Oppose."""
    body = call.body
    found, _ = life.oppose(call.host, body.reference, body.code, call.request_id)
    kept = {"Content-Disposition": 'attachment; filename="opposition.txt"'}
    return Reply(200, proof(body.reference, found.since), kept, "text/plain; charset=utf-8")


@api.route(
    "POST",
    "/activations",
    summary="Activate my record, or my child's, without waiting",
    description="Binds the record to whoever brings the code; the code is spent. A suspended record stays so, and its "
    f"closing can be objected to. {AGAIN}",
    body=Letter,
    reply=StateView,
    errors=(NotFound,),
    examples=Example(request=LETTER, reply=STATE),
)
def activate(call: Call[Letter]) -> Reply:
    """Activate."""
    body = call.body
    return Reply(body=state_view(life.activate(call.host, call.actor, body.reference, body.code, call.request_id)))


Turn = Callable[[Host, Actor, str, str, str], State]


def _turned(call: Call, turn: Turn) -> Reply:
    key = idempotency_key(call) or ""
    return Reply(body=state_view(turn(call.host, call.actor, call.params["record"], call.request_id, key)))


@api.route(
    "POST",
    "/records/{record}/closing",
    summary="Close my record",
    description="It becomes an archive of ten years that I can still read, reopen, or have erased (R.1111-36). "
    f"{_ONCE}",
    reply=StateView,
    headers=("Idempotency-Key",),
    examples=Example(reply={**STATE, "state": "closed", "until": "2036-12-01T23:00:00+00:00"}),
)
def close(call: Call) -> Reply:
    """Close."""
    return _turned(call, life.close)


@api.route(
    "POST",
    "/records/{record}/reopening",
    summary="Open my closed record again",
    description=_ONCE,
    reply=StateView,
    headers=("Idempotency-Key",),
    examples=Example(reply=STATE),
)
def reopen(call: Call) -> Reply:
    """Reopen."""
    return _turned(call, life.reopen)


@api.route(
    "POST",
    "/records/{record}/erasure",
    summary="Have my closed record erased",
    description="Done at `until`; before, it can be cancelled. Afterwards nothing of it can be read by anybody. "
    f"{_ONCE}",
    reply=StateView,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(reply={**STATE, "state": "erasing", "until": "2027-01-01T23:00:00+00:00"}),
)
def erase(call: Call) -> Reply:
    """Ask for erasure."""
    return _turned(call, life.erase)


@api.route(
    "DELETE",
    "/records/{record}/erasure",
    summary="Cancel the erasure",
    description=_ONCE,
    reply=StateView,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(reply={**STATE, "state": "closed", "until": "2036-12-01T23:00:00+00:00"}),
)
def keep(call: Call) -> Reply:
    """Cancel the erasure."""
    return _turned(call, life.keep)


@api.route(
    "POST",
    "/records/{record}/resumption",
    summary="Object to the closing of my suspended record",
    description=_ONCE,
    reply=StateView,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(reply=STATE),
)
def resume(call: Call) -> Reply:
    """Resume."""
    return _turned(call, life.resume)


@api.route(
    "POST",
    "/records/{record}/suspension",
    summary="Suspend a record on suspicion of fraud or a fault",
    description=f"For enrolment clients. Six weeks later it is closed unless its holder objects (R.1111-36). {_ONCE}",
    reply=StateView,
    headers=("Idempotency-Key",),
    examples=Example(reply={**STATE, "state": "suspended", "until": "2027-01-12T23:00:00+00:00"}),
)
def suspend(call: Call) -> Reply:
    """Suspend."""
    return _turned(call, life.suspend)


@api.route(
    "POST",
    "/records/{record}/death",
    summary="Say that the holder has died",
    description=f"For enrolment clients. The record is frozen (L.1111-13-1). {_ONCE}",
    reply=StateView,
    headers=("Idempotency-Key",),
    examples=Example(reply={**STATE, "state": "deceased", "until": "2036-12-01T23:00:00+00:00"}),
)
def decease(call: Call) -> Reply:
    """Freeze."""
    return _turned(call, life.decease)


@api.route(
    "GET",
    "/counts",
    summary="How many people were not reached, by department",
    description="For enrolment clients and health-insurance funds; numbers below eleven are left out, "
    "and a number changes by eleven at least.",
    reply=CountsView,
    errors=(NotFound,),
    examples=Example(reply={"day": "", "unreached": []}),
)
def unreached(call: Call) -> Reply:
    """Count."""
    day, found = counts.unreached(call.host, call.actor, call.request_id)
    people = [Department(department=where, people=number) for where, number in found.items()]
    return Reply(body=CountsView(day=day, unreached=people))
