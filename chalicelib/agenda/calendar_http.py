"""Calendars to subscribe to over HTTP: making, listing and revoking their links, and what a link gives."""

from ..edge.conditions import etag, idempotency_key, not_modified
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict, NotFound, TooMany
from . import links
from .feed import MEDIA, feed, tag_of
from .views import CalendarBody, CalendarsView, CalendarView, MadeView, calendars_view

api = Api("calendars")

_REFERENCE = "0123456789abcdef0123"
_PATTERN = "^[0-9a-f]{20}$"
_LINK = {"reference": _REFERENCE, "in_words": False, "mine": True}
_URL = f"https://carnet.example/calendars/{_REFERENCE}/{'0' * 32}.ics"
SUFFIX = ".ics"


@api.route(
    "GET",
    "/records/{record}/calendars",
    summary="Which calendar links work",
    description="Their addresses are shown once, when they are made.",
    reply=CalendarsView,
    examples=Example(reply={"calendars": []}),
)
def listing(call: Call) -> Reply:
    """List."""
    return Reply(body=calendars_view(links.links(call.host, call.actor, call.params["record"], call.request_id)))


@api.route(
    "POST",
    "/records/{record}/calendars",
    summary="Make a secret address at which a calendar client reads my agenda",
    description="It says no more than that there is something, unless asked to. Whoever has the address reads it until "
    "it is revoked.",
    body=CalendarBody,
    reply=MadeView,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(request={"in_words": False}, reply={**_LINK, "url": _URL}),
)
def share(call: Call[CalendarBody]) -> Reply:
    """Share."""
    key, record = idempotency_key(call) or "", call.params["record"]
    made = links.share(call.host, call.actor, record, in_words=call.body.in_words, key=key, request=call.request_id)
    shown = CalendarView(reference=made.reference, in_words=made.in_words, mine=made.mine)
    url = f"{call.site.public_url}/calendars/{made.reference}/{made.secret}{SUFFIX}"
    return Reply(201, MadeView(**shown.model_dump(), url=url))


@api.route(
    "DELETE",
    "/records/{record}/calendars/{reference}",
    summary="Revoke a calendar link, from the next request on",
    status=204,
    params={"reference": _PATTERN},
)
def revoke(call: Call) -> Reply:
    """Revoke."""
    links.revoke(call.host, call.actor, call.params["record"], call.params["reference"], call.request_id)
    return Reply(204)


@api.route(
    "GET",
    "/calendars/{reference}/{secret}",
    summary="The calendar behind a secret link (RFC 5545)",
    description="For calendar clients, which send neither tokens nor bodies: the secret stands in the address, and no "
    "log has addresses. A link that is wrong or revoked leads nowhere.",
    reply=bytes,
    media="text/calendar",
    also={304: "Nothing has changed"},
    params={"reference": _PATTERN, "secret": r"^[0-9a-f]{32}\.ics$"},
    headers=("If-None-Match",),
    errors=(NotFound, TooMany),
    anonymous=True,
)
def follow(call: Call) -> Reply:
    """Follow a link."""
    secret = call.params["secret"].removesuffix(SUFFIX)
    content = feed(links.follow(call.host, call.params["reference"], secret, call.request_id))
    tag = etag(tag_of(content))
    if not_modified(call.headers, tag):
        return Reply(304, None, {"ETag": tag})
    return Reply(200, content, {"ETag": tag}, MEDIA)
