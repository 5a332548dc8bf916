"""Reminders over HTTP: what the holder was reminded of, and why."""

from datetime import date

from pydantic import BaseModel

from ..edge.http import Api, Call, Example, Reply
from . import actions

api = Api("reminders")


class Sentence(BaseModel):
    """The same sentence in both languages."""

    fr: str
    en: str


class ReminderView(BaseModel):
    """One reminder: `reason` answers "why am I told this?", `source` says where the rule stands."""

    rule: str
    sent: date
    reason: Sentence
    source: str


class Reminders(BaseModel):
    """Newest first."""

    reminders: list[ReminderView]


_ONE = {
    "rule": "colorectal_screening",
    "sent": "2026-11-22",
    "reason": {
        "fr": "De 50 à 74 ans : test de dépistage du cancer colorectal, tous les 2 ans.",
        "en": "From 50 to 74 years of age: colorectal cancer screening test, every 2 years.",
    },
    "source": "Programmes nationaux de dépistage organisé des cancers (invitations by the Assurance maladie since "
    "2024): immunological test (FIT) every 2 years, from 50 to 74 years; who is at high risk follows "
    "another path; 5 years after a colonoscopy is general knowledge, compiled from secondary sources: "
    "check against sante.gouv.fr before clinical use.",
}


@api.route(
    "GET",
    "/records/{record}/reminders",
    summary="What the holder was reminded of, and why",
    reply=Reminders,
    examples=Example(reply={"reminders": [_ONE]}),
)
def read(call: Call) -> Reply:
    """Show the reminders to the holder."""
    found = actions.told(call.host, call.actor, call.params["record"], call.request_id)
    views = [
        ReminderView(rule=t.rule, sent=t.on, reason=Sentence(fr=t.reason_fr, en=t.reason_en), source=t.source)
        for t in found
    ]
    return Reply(body=Reminders(reminders=views))
