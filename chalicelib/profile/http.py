"""The profile over HTTP: entries, their versions, who sees them, the synthesis. Sections never stand in a URL."""

from ..edge.conditions import etag, idempotency_key, if_match, unless_held
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict, Stale
from . import actions, prevention
from .examples import CHANGED, ENTRY, PAGE, SUMMARY, VERSIONS, VIEW
from .reading import Shown
from .views import (
    EntriesView,
    EntryBody,
    EntryVisibility,
    ProfileEntryView,
    ProfilePaging,
    ProfileSearch,
    RuleChoice,
    SummaryView,
    SwitchedOffView,
    VersionsView,
    entry_view,
    page_view,
    summary_view,
)

api = Api("profile")


def _entry(status: int, shown: Shown) -> Reply:
    view = entry_view(shown)
    return Reply(status, view, {"ETag": etag(shown.entry.version, view)})


@api.route(
    "POST",
    "/records/{record}/profile",
    summary="Note something in the profile: an entry of a section, or a measure",
    description="The holder and who acts for them write every section that is theirs to write; a professional notes "
    "vaccinations and acts of prevention, so many a day. The same request with the same Idempotency-Key is one entry.",
    body=EntryBody,
    reply=ProfileEntryView,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict, Stale),
    examples=Example(request=ENTRY, reply={**VIEW, "version": 1}),
)
def note(call: Call[EntryBody]) -> Reply:
    """Create."""
    draft = call.body.draft(idempotency_key(call) or "")
    return _entry(201, actions.create(call.host, call.actor, call.params["record"], draft, call.request_id))


@api.route(
    "GET",
    "/records/{record}/profile",
    summary="List the entries that I may read, without the measures",
    query=ProfilePaging,
    reply=EntriesView,
    examples=Example(reply=PAGE, query={"limit": "100"}),
)
def listing(call: Call[None, ProfilePaging]) -> Reply:
    """List."""
    where, record = call.query, call.params["record"]
    found = actions.listing(
        call.host, call.actor, record, cursor=where.cursor, limit=where.limit, request=call.request_id
    )
    return Reply(body=page_view(found))


@api.route(
    "POST",
    "/records/{record}/profile/search",
    summary="List the entries of some sections",
    body=ProfileSearch,
    reply=EntriesView,
    examples=Example(request={"sections": ["vaccinations", "prevention"]}, reply=PAGE),
)
def search(call: Call[ProfileSearch]) -> Reply:
    """Search."""
    body, record = call.body, call.params["record"]
    found = actions.listing(
        call.host, call.actor, record, frozenset(body.sections), body.cursor, body.limit, call.request_id
    )
    return Reply(body=page_view(found))


@api.route(
    "GET",
    "/records/{record}/profile/{entry}",
    summary="Read an entry",
    reply=ProfileEntryView,
    also={304: "The version already held"},
    headers=("If-None-Match",),
    examples=Example(reply=VIEW),
)
def read(call: Call) -> Reply:
    """Read."""
    shown = actions.read(call.host, call.actor, call.params["record"], call.params["entry"], call.request_id)
    return unless_held(call.headers, shown.entry.version, entry_view(shown))


@api.route(
    "PUT",
    "/records/{record}/profile/{entry}",
    summary="Change my entry; the earlier version is kept",
    body=EntryBody,
    reply=ProfileEntryView,
    headers=("If-Match",),
    errors=(Stale,),
    examples=Example(request=CHANGED, reply={**VIEW, "version": 3, **CHANGED}),
)
def change(call: Call[EntryBody]) -> Reply:
    """Change."""
    record, entry = call.params["record"], call.params["entry"]
    draft, expected = call.body.draft(), if_match(call)
    return _entry(200, actions.change(call.host, call.actor, record, entry, draft, expected, call.request_id))


@api.route(
    "DELETE",
    "/records/{record}/profile/{entry}",
    summary="Delete my entry",
    description="Logical: it exists for nobody from the next request on; the journal keeps its trace.",
    status=204,
    headers=("If-Match",),
    errors=(Stale,),
)
def delete(call: Call) -> Reply:
    """Delete."""
    record, entry = call.params["record"], call.params["entry"]
    actions.delete(call.host, call.actor, record, entry, if_match(call), call.request_id)
    return Reply(204)


@api.route(
    "GET",
    "/records/{record}/profile/{entry}/versions",
    summary="Read every version of an entry, newest first",
    reply=VersionsView,
    examples=Example(reply=VERSIONS),
)
def versions(call: Call) -> Reply:
    """Give the versions."""
    found = actions.versions(call.host, call.actor, call.params["record"], call.params["entry"], call.request_id)
    return Reply(body=VersionsView(versions=[entry_view(one) for one in found]))


@api.route(
    "PUT",
    "/records/{record}/profile/{entry}/visibility",
    summary="Hide an entry from professionals, or show it again",
    description="Counts from the next request on. The professional who noted it still sees it.",
    body=EntryVisibility,
    status=204,
    errors=(Conflict,),
    examples=Example(request={"hidden": True}),
)
def visibility(call: Call[EntryVisibility]) -> Reply:
    """Hide or show."""
    turn = actions.hide if call.body.hidden else actions.show
    turn(call.host, call.actor, call.params["record"], call.params["entry"], call.request_id)
    return Reply(204)


@api.route(
    "GET",
    "/records/{record}/summary",
    summary="One page about the person, each line with its source",
    reply=SummaryView,
    examples=Example(reply=SUMMARY),
)
def summary(call: Call) -> Reply:
    """Give the synthesis."""
    parts = actions.summary(call.host, call.actor, call.params["record"], call.request_id)
    return Reply(body=summary_view(parts, call.host.clock.now()))


@api.route(
    "PUT",
    "/records/{record}/reminders/choices",
    summary="Switch the reminders of a rule off or on",
    body=RuleChoice,
    reply=SwitchedOffView,
    examples=Example(request={"rule": "influenza", "on": False}, reply={"opted_out": ["influenza"]}),
)
def choose(call: Call[RuleChoice]) -> Reply:
    """Choose."""
    record, body = call.params["record"], call.body
    health = prevention.choose(call.host, call.actor, record, body.rule, on=body.on, request=call.request_id)
    return Reply(body=SwitchedOffView(opted_out=sorted(health.opted_out)))
