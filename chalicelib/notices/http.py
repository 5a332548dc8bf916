"""How the holder is reached, over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.conditions import etag, if_match
from ..edge.http import STRICT, Api, Call, Example, Reply
from ..edge.means import AnyEmail, AnyPhone
from ..kernel.errors import Conflict, Stale
from ..kernel.ports import Subscription
from . import contact_actions as actions
from .contact import Address, Contact
from .events import Group, Preference, defaults

api = Api("contact")

Line = Annotated[str, Field(min_length=1, max_length=38, pattern=r"^[^\x00-\x1f\x7f]+$", description="One line")]
Order = Literal["push", "email", "sms", "letter"]


class Place(BaseModel):
    """A postal address; lines as the post wants them, 38 signs each. `insee` is 99xxx abroad."""

    model_config = STRICT
    lines: Annotated[list[Line], Field(min_length=1, max_length=4)]
    postcode: Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{1,10}$", description="As the country writes it: 29200")]
    city: Line
    insee: Annotated[str, Field(pattern=r"^(\d{2}|2[AB])\d{3}$", description="INSEE code: 29019, 99xxx abroad")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 code of two capitals")] = "FR"


class PlaceView(BaseModel):
    """A postal address as it is known: the fund's own may have other lines than those that may be set."""

    lines: list[str]
    postcode: str
    city: str
    insee: str
    country: str


class Reach(BaseModel):
    """Where the holder is reached; what is empty is not used."""

    model_config = STRICT
    email: AnyEmail = ""
    phone: AnyPhone = ""
    address: Place | None = None


class Preferences(BaseModel):
    """In which language, in which order of channels, and when. Emergencies and the record's own life always at once."""

    model_config = STRICT
    language: Literal["fr", "en"]
    order: Annotated[list[Order], Field(min_length=1, max_length=4)]
    when: dict[Group, Preference]


class Browser(BaseModel):
    """A subscription as the browser gives it (`PushSubscription.toJSON`), its keys in base64url."""

    model_config = STRICT
    endpoint: Annotated[str, Field(min_length=1, max_length=1000)]
    p256dh: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86,88}=?$", description="65 bytes in base64url")]
    auth: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}={0,2}$", description="16 bytes in base64url")]


class Pending(BaseModel):
    """A change that somebody else asked for; setting the contact again ends it."""

    channel: Literal["email", "sms"]
    value: str
    counts_from: datetime


class ContactView(BaseModel):
    """How the holder is reached. `failed` are channels that proved dead; renew what they use.

    `pending` is the change that counts next, `later` the one of the other channel that counts after it.
    """

    email: str
    phone: str
    address: PlaceView | None
    devices: list[str]
    language: str
    order: list[str]
    when: dict[str, str]
    failed: list[str]
    pending: Pending | None
    later: Pending | None


class Subscribed(BaseModel):
    """The browser by its id here."""

    device: str


_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
_PLACE = {"lines": ["4 RUE DE L'EXEMPLE"], "postcode": "29200", "city": "BREST", "insee": "29019", "country": "FR"}
_REACH = {"email": "ondine@example.org", "phone": "+33600000042", "address": _PLACE}
_WHEN = {"deposits": "instant", "changes": "instant", "accesses": "daily", "reminders": "instant"}
_ORDER = ["push", "email", "sms", "letter"]
_VIEW = {
    "email": "ondine@example.org",
    "phone": "",
    "address": None,
    "devices": [],
    "language": "fr",
    "order": _ORDER,
    "when": _WHEN,
    "failed": [],
    "pending": None,
    "later": None,
}
_PREFERENCES = {"language": "en", "order": ["sms", "email"], "when": {"accesses": "never"}}
_BROWSER = {
    "endpoint": "https://push.example/abc",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}


@api.route(
    "GET",
    "/records/{record}/contact",
    summary="How I am reached",
    reply=ContactView,
    examples=Example(reply=_VIEW),
)
def read(call: Call) -> Reply:
    """Show the contact to the holder."""
    edition, found = actions.read(call.host, call.actor, call.params["record"], call.request_id)
    return Reply(body=_view(found), headers={"ETag": etag(edition + 1)})


@api.route(
    "PUT",
    "/records/{record}/contact",
    summary="Set where I am reached",
    description="Counts from the next notice on; the old address is told of the change, and an eleventh change waits "
    "until it was. Ends what is pending.",
    body=Reach,
    status=204,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(request=_REACH),
)
def reach(call: Call[Reach]) -> Reply:
    """Set e-mail, phone and postal address."""
    body, place = call.body, call.body.address
    address = Address(**{**place.model_dump(), "lines": tuple(place.lines)}) if place else None
    means = (body.email, body.phone, address)
    actions.reach(call.host, call.actor, call.params["record"], means, _edition(call), call.request_id)
    return Reply(204)


@api.route(
    "PUT",
    "/records/{record}/contact/preferences",
    summary="Set how and when I am told",
    description="A channel that is not listed is not used, and told so once. Groups that are not named keep what is "
    "usual.",
    body=Preferences,
    status=204,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(request=_PREFERENCES),
)
def prefer(call: Call[Preferences]) -> Reply:
    """Set the preferences."""
    body, record = call.body, call.params["record"]
    order = tuple(dict.fromkeys(body.order))
    actions.prefer(call.host, call.actor, record, body.language, order, body.when, _edition(call), call.request_id)
    return Reply(204)


@api.route(
    "POST",
    "/records/{record}/contact/devices",
    summary="Tell me in this browser",
    description="Five browsers at most; the endpoint has to be at a push service that this deployment uses. The "
    "person is told of it by mail or text.",
    body=Browser,
    reply=Subscribed,
    status=201,
    errors=(Conflict,),
    examples=Example(request=_BROWSER, reply={"device": _ID}),
)
def subscribe(call: Call[Browser]) -> Reply:
    """Add a browser."""
    body = call.body
    wanted = Subscription(body.endpoint, body.p256dh, body.auth)
    device = actions.subscribe(call.host, call.actor, call.params["record"], wanted, call.request_id)
    return Reply(201, Subscribed(device=device))


@api.route(
    "DELETE",
    "/records/{record}/contact/devices/{device}",
    summary="Tell me no longer in this browser",
    status=204,
    errors=(Conflict,),
)
def unsubscribe(call: Call) -> Reply:
    """Forget a browser."""
    actions.unsubscribe(call.host, call.actor, call.params["record"], call.params["device"], call.request_id)
    return Reply(204)


def _edition(call: Call[Reach] | Call[Preferences]) -> int | None:
    wanted = if_match(call)
    return None if wanted is None else wanted - 1


def _view(found: Contact) -> ContactView:
    when = {**defaults(), **found.preferences}
    coming = [Pending(**one.model_dump()) for one in sorted(found.pending, key=lambda one: one.counts_from)]
    return ContactView(
        email=found.email,
        phone=found.phone,
        address=PlaceView(**found.address.model_dump()) if found.address else None,
        devices=[device.id for device in found.devices],
        language=found.language,
        order=list(found.order),
        when={group: preference for group, preference in when.items() if group != "always"},
        failed=list(found.bounced),
        pending=coming[0] if coming else None,
        later=coming[1] if len(coming) > 1 else None,
    )
