"""The journal over HTTP: who looked, who changed, who was refused."""

from typing import Annotated

from pydantic import BaseModel, Field

from ..access.journal import Entry
from ..edge.http import QUERY, Api, Call, Example, Reply
from . import actions

api = Api("history")


class Who(BaseModel):
    """The named person and organisation behind an entry."""

    kind: str
    id: str
    name: str
    profession: str
    organisation: str
    organisation_name: str


class EntryView(BaseModel):
    """One thing that was done, or refused, with the record."""

    at: str
    who: Who
    action: str
    document: str
    effect: str
    reason: str
    rule: str


class HistoryView(BaseModel):
    """One page, newest first; `before` is the cursor of the next page."""

    entries: list[EntryView]
    before: int | None


class Before(BaseModel):
    """Where a page begins."""

    model_config = QUERY
    before: Annotated[int | None, Field(ge=0, le=10**12)] = None


_ENTRY = {
    "at": "2026-11-22T09:30:00.000+00:00",
    "who": {
        "kind": "professional",
        "id": "pro:810009900019",
        "name": "Capucine MODELE",
        "profession": "10",
        "organisation": "org:R10009900101",
        "organisation_name": "Cabinet des Exemples",
    },
    "action": "document:consult",
    "document": "a2b3c4d5e6f7a2b3c4d5e6f7a2",
    "effect": "allow",
    "reason": "CONSENT",
    "rule": "CARE_CONSULTS",
}


def _view(entry: Entry) -> EntryView:
    who = Who(
        kind=entry.kind,
        id=entry.actor,
        name=entry.name,
        profession=entry.profession,
        organisation=entry.organisation,
        organisation_name=entry.organisation_name,
    )
    return EntryView(
        at=entry.at,
        who=who,
        action=entry.action,
        document=entry.about,
        effect=entry.effect,
        reason=entry.reason,
        rule=entry.rule,
    )


@api.route(
    "GET",
    "/records/{record}/history",
    summary="Who looked, who changed, who was refused",
    query=Before,
    reply=HistoryView,
    examples=Example(reply={"entries": [_ENTRY], "before": None}),
)
def read(call: Call[None, Before]) -> Reply:
    """Show the journal to the holder."""
    page = actions.history(call.host, call.actor, call.params["record"], call.query.before, call.request_id)
    return Reply(body=HistoryView(entries=[_view(entry) for entry in page.entries], before=page.before))
