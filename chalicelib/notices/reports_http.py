"""What became of a message, told by the provider that took it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.http import STRICT, Api, Call, Example, Reply
from . import actions

api = Api("reports")


class Report(BaseModel):
    """One message, by the reference it was handed over with."""

    model_config = STRICT
    reference: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="32 digits of 0-9 a-f, as sent")]
    channel: Literal["email", "sms", "push", "letter"]
    outcome: Literal["delivered", "bounced", "refused"]
    at: Annotated[datetime, Field(strict=False)]


@api.route(
    "POST",
    "/delivery-reports",
    summary="Tell what became of a message",
    description=(
        "For providers, who sign the body with the secret they share with us, at most five minutes ago. A message that "
        "failed is told over the person's next channel. Repeating a report changes nothing; a reference that we do not "
        "know is answered like the others."
    ),
    body=Report,
    status=204,
    examples=Example(
        request={
            "reference": "0123456789abcdef0123456789abcdef",
            "channel": "sms",
            "outcome": "delivered",
            "at": "2026-11-22T09:00:00Z",
        }
    ),
    anonymous=True,
    signed=True,
)
def deliver(call: Call[Report]) -> Reply:
    """Take the report."""
    actions.report(call.host, call.body.reference, call.body.channel, call.body.outcome)
    return Reply(204)
