"""The help desk over HTTP: everything is asked for by the reference of the letter, in the body."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from ..edge.conditions import idempotency_key
from ..edge.days import WrittenDay
from ..edge.faults import wrong
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..edge.means import MailOrPhone
from ..kernel.errors import Conflict, NotFound
from ..notices.contact_actions import propose
from . import support
from .life_http import AGAIN, LETTER, STATE, Code, Reference, StateView, state_view

api = Api("support")

Birth = Annotated[
    date, Field(strict=False, ge=date(1880, 1, 1), description="The second factor, compared inside"), WrittenDay
]
_REFERENCE = {"reference": LETTER["reference"]}
_INVITED = {**STATE, "state": "invited", "until": "2027-01-12T23:00:00+00:00"}
_BORN = {"birth_date": "1955-08-14"}


class CodeHolder(BaseModel):
    """Whose record it is about."""

    model_config = STRICT
    reference: Reference


class Known(CodeHolder):
    """The same with the second factor."""

    birth_date: Birth


class Opposed(Known):
    """The same with the code of the letter."""

    code: Code


class Helped(CodeHolder):
    """The code that the holder made for the help desk."""

    code: Code


class NewContact(Known):
    """Where the holder wants to be reached."""

    channel: Literal["email", "sms"]
    value: MailOrPhone

    @field_validator("value")
    @classmethod
    def of_this_channel(cls, value: str, given: ValidationInfo) -> str:
        """Refuse a number for mail, and the reverse."""
        if (given.data.get("channel") == "email") != ("@" in value):
            raise wrong("is an e-mail address for email, a number for sms")
        return value


@api.route(
    "POST",
    "/support/lookups",
    summary="See state and times of a record",
    body=CodeHolder,
    reply=StateView,
    errors=(NotFound,),
    examples=Example(request=_REFERENCE, reply=_INVITED),
)
def look(call: Call[CodeHolder]) -> Reply:
    """Look."""
    return Reply(body=state_view(support.look(call.host, call.actor, call.body.reference, call.request_id)))


@api.route(
    "POST",
    "/support/codes",
    summary="Have a new code sent to the known contact; the old one is void",
    body=CodeHolder,
    reply=StateView,
    headers=("Idempotency-Key",),
    errors=(NotFound, Conflict),
    examples=Example(request=_REFERENCE, reply=_INVITED),
)
def resend(call: Call[CodeHolder]) -> Reply:
    """Send a new code."""
    key = idempotency_key(call) or ""
    return Reply(body=state_view(support.resend(call.host, call.actor, call.body.reference, key, call.request_id)))


@api.route(
    "POST",
    "/support/oppositions",
    summary="Record an opposition told by phone or letter",
    description=AGAIN,
    body=Opposed,
    reply=StateView,
    errors=(NotFound,),
    examples=Example(request={**LETTER, **_BORN}, reply={**STATE, "state": "opposed"}),
)
def oppose(call: Call[Opposed]) -> Reply:
    """Oppose."""
    body = call.body
    found = support.oppose(call.host, call.actor, body.reference, body.code, body.birth_date, call.request_id)
    return Reply(body=state_view(found))


@api.route(
    "POST",
    "/support/closings",
    summary="Record a closing told by phone or letter",
    description=AGAIN,
    body=Known,
    reply=StateView,
    errors=(NotFound,),
    examples=Example(
        request={**_REFERENCE, **_BORN},
        reply={**STATE, "state": "closed", "until": "2036-12-01T23:00:00+00:00"},
    ),
)
def close(call: Call[Known]) -> Reply:
    """Close."""
    body = call.body
    return Reply(
        body=state_view(support.close(call.host, call.actor, body.reference, body.birth_date, call.request_id))
    )


@api.route(
    "POST",
    "/support/contacts",
    summary="Note another e-mail address or number",
    description="It counts 72 hours later; the old one is told at once.",
    body=NewContact,
    reply=StateView,
    errors=(NotFound, Conflict),
    examples=Example(
        request={**_REFERENCE, **_BORN, "channel": "email", "value": "ondine.essai@example.org"}, reply=STATE
    ),
)
def contact(call: Call[NewContact]) -> Reply:
    """Note a contact."""
    body = call.body
    change = (body.channel, body.value)
    found = support.contact(call.host, call.actor, body.reference, body.birth_date, change, propose, call.request_id)
    return Reply(body=state_view(found))


@api.route(
    "POST",
    "/support/sessions",
    summary="Help the holder for half an hour, with the code they made for it",
    description="No content is ever shown; `until` is the end.",
    body=Helped,
    reply=StateView,
    errors=(NotFound,),
    examples=Example(request=LETTER, reply={**STATE, "until": "2026-12-01T09:30:00+00:00"}),
)
def session(call: Call[Helped]) -> Reply:
    """Open a session."""
    body = call.body
    return Reply(body=state_view(support.session(call.host, call.actor, body.reference, body.code, call.request_id)))
