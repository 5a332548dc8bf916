"""The journal over HTTP: who looked, who changed, who was refused."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..access.decide import laws
from ..access.journal import Entry
from ..edge.days import InOrder, WrittenDay
from ..edge.http import CURSOR, QUERY, STRICT, Api, Call, Example, Reply
from ..vault.formats import WHYS
from . import actions
from .model import HistoryPage, Wanted, group_of, on_behalf_of
from .readers import is_document

api = Api("history")

Group = Literal["access", "documents", "decisions", "emergency", "delegations", "care", "life", "support", "system"]
Cursor = Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{48})?$", description=CURSOR)]
Day = Annotated[date | None, Field(strict=False), WrittenDay]


class Who(BaseModel):
    """The named person and organisation behind an entry; `profession` is a code of `/labels`."""

    kind: str
    id: str
    name: str
    profession: str
    organisation: str
    organisation_name: str


class Sentence(BaseModel):
    """The same sentence in both languages."""

    fr: str
    en: str


class EntryView(BaseModel):
    """One thing that was done, or refused, with the record: `effect` is `allow` or `deny`.

    `action` is a kind of thing and what was done with it, as `document:consult`; `at` is in UTC; `reason` is a code of
    `whys` in `/labels`.
    `document` or `subject` is what it was about; `on_behalf_of` says for whom somebody else acted; `why` is the reason
    in words, `rule` the line of the access rules and `law` its source; `said` is what a professional wrote who opened
    the record in an emergency, told to the holder alone. An entry with `more` (`refusals:rollup`) says how many others
    were refused that day beside those that are shown, to the holder alone: the first refusal of each caller is shown.
    """

    at: str
    who: Who
    action: str
    group: Group
    document: str
    subject: str
    on_behalf_of: Literal["", "holder"]
    effect: str
    reason: str
    why: Sentence
    rule: str
    law: str
    said: str
    more: int


class HistoryView(BaseModel):
    """One page, newest first; `cursor` is empty on the last one."""

    entries: list[EntryView]
    cursor: str


class Paging(BaseModel):
    """Where a page begins."""

    model_config = QUERY
    cursor: Cursor = ""


class HistorySearch(BaseModel):
    """What to look for: in the body, since people do not belong in a URL."""

    model_config = STRICT
    actor: Annotated[
        str, Field(max_length=80, description="`who.id` of an entry, or `who.organisation` for everybody there")
    ] = ""
    groups: Annotated[list[Group], Field(max_length=9)] = []
    document: Annotated[str, Field(pattern=r"^([a-z2-7]{26})?$", description="Id of a document, as lists give it")] = ""
    since: Annotated[Day, Field(description="First day, in UTC")] = None
    until: Annotated[Day, InOrder, Field(description="Last day, in UTC")] = None
    refused: bool | None = None
    cursor: Cursor = ""

    def wanted(self) -> Wanted:
        """Return what the journal is narrowed by."""
        return Wanted(self.actor, frozenset(self.groups), self.document, self.since, self.until, self.refused)


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
    "group": "access",
    "document": "a2b3c4d5e6f7a2b3c4d5e6f7a2",
    "subject": "",
    "on_behalf_of": "",
    "effect": "allow",
    "reason": "CONSENT",
    "why": {"fr": "Vous l'avez autorisé.", "en": "You allowed it."},
    "rule": "CARE_CONSULTS",
    "law": "CSP L.1111-17; R.1111-46",
    "said": "",
    "more": 0,
}
_REPLY = {"entries": [_ENTRY], "cursor": ""}


def _who(entry: Entry) -> Who:
    return Who(
        kind=entry.kind,
        id=entry.actor,
        name=entry.name,
        profession=entry.profession,
        organisation=entry.organisation,
        organisation_name=entry.organisation_name,
    )


def _why(reason: str) -> Sentence:
    words = WHYS.get(reason)
    return Sentence(fr=words.fr, en=words.en) if words else Sentence(fr=reason, en=reason)


def _view(entry: Entry) -> EntryView:
    about_document = is_document(entry.about)
    return EntryView(
        at=entry.at,
        who=_who(entry),
        action=entry.action,
        group=group_of(entry.action),
        document=entry.about if about_document else "",
        subject="" if about_document else entry.about,
        on_behalf_of=on_behalf_of(entry),
        effect=entry.effect,
        reason=entry.reason,
        why=_why(entry.reason),
        rule=entry.rule,
        law=laws().get(entry.rule, ""),
        said=str(entry.detail.get("text", "")),
        more=int(entry.detail.get("more", 0)),
    )


def _shown(page: HistoryPage) -> Reply:
    return Reply(body=HistoryView(entries=[_view(entry) for entry in page.entries], cursor=page.cursor))


@api.route(
    "GET",
    "/records/{record}/history",
    summary="Who looked, who changed, who was refused",
    query=Paging,
    reply=HistoryView,
    examples=Example(reply=_REPLY),
)
def read(call: Call[None, Paging]) -> Reply:
    """Show the journal."""
    record = call.params["record"]
    return _shown(actions.history(call.host, call.actor, record, cursor=call.query.cursor, request=call.request_id))


@api.route(
    "POST",
    "/records/{record}/history/search",
    summary="The same, narrowed: by whom, what kind of action, which document, which period",
    body=HistorySearch,
    reply=HistoryView,
    examples=Example(request={"groups": ["access"], "since": "2026-11-01"}, reply=_REPLY),
)
def search(call: Call[HistorySearch]) -> Reply:
    """Search the journal."""
    body, record = call.body, call.params["record"]
    return _shown(actions.history(call.host, call.actor, record, body.wanted(), body.cursor, call.request_id))
