"""The agenda over HTTP."""

from typing import Any

from ..edge.conditions import etag, idempotency_key, if_match
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict, Stale
from . import actions, pushing, reading
from .actions import Entry
from .views import (
    AgendaEntryView,
    AgendaView,
    AppointmentBody,
    PeriodQuery,
    PushedBody,
    PushedView,
    ReminderBody,
    entry_view,
    page_view,
)

api = Api("agenda")

_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
_WHOM = {"kind": "PRACTITIONER", "name": "Dr Modèle"}
APPOINTMENT = {"title": "Consultation", "note": "Apporter l'ordonnance", "at": "2027-03-29T09:30", "whom": _WHOM}
REMINDER = {"title": "Prendre le rendez-vous", "at": "2027-03-28T18:00"}
ENTRY: dict[str, Any] = {
    "entry": _ID,
    "version": 1,
    "kind": "appointment",
    "status": "PLANNED",
    "by": "PATIENT",
    **APPOINTMENT,
    "zone": "Europe/Paris",
    "instant": "2027-03-29T07:30:00Z",
    "minutes": 0,
    "remind": True,
    "secret": False,
    "rule": "",
    "on": None,
}
_REMINDED = {**ENTRY, "kind": "reminder", **REMINDER, "note": "", "whom": None, "instant": "2027-03-28T16:00:00Z"}


def entry_reply(entry: Entry, status: int = 200) -> Reply:
    """Return the answer that shows one entry, with its version."""
    return Reply(status, entry_view(entry), {"ETag": etag(entry.line.version)})


def _plan(call: Call[AppointmentBody] | Call[ReminderBody]) -> Reply:
    key, draft = idempotency_key(call) or "", call.body.draft()
    return entry_reply(actions.plan(call.host, call.actor, call.params["record"], draft, key, call.request_id), 201)


def _revise(call: Call[AppointmentBody] | Call[ReminderBody]) -> Reply:
    record, entry, draft = call.params["record"], call.params["item"], call.body.draft()
    return entry_reply(actions.revise(call.host, call.actor, record, entry, draft, if_match(call), call.request_id))


@api.route(
    "GET",
    "/records/{record}/agenda",
    summary="What stands in the agenda, by period",
    description="Earliest first. Prevention items without a day are listed when no first day is asked for.",
    query=PeriodQuery,
    reply=AgendaView,
    examples=Example(reply={"entries": [], "cursor": ""}),
)
def listing(call: Call[None, PeriodQuery]) -> Reply:
    """List."""
    asked, record = call.query, call.params["record"]
    page = reading.listing(call.host, call.actor, record, asked.period(), asked.cursor, asked.limit, call.request_id)
    return Reply(body=page_view(page))


@api.route(
    "GET",
    "/records/{record}/agenda/entries/{item}",
    summary="One entry of the agenda",
    reply=AgendaEntryView,
    examples=Example(reply={**ENTRY, "version": 2}),
)
def read(call: Call) -> Reply:
    """Read."""
    record, entry = call.params["record"], call.params["item"]
    return entry_reply(reading.read(call.host, call.actor, record, entry, call.request_id))


@api.route(
    "DELETE",
    "/records/{record}/agenda/entries/{item}",
    summary="Take an entry out of the agenda",
    description="Also one that scheduling software sent: it does not come back when it is sent again.",
    status=204,
    headers=("If-Match",),
    errors=(Stale,),
)
def remove(call: Call) -> Reply:
    """Remove."""
    record, entry = call.params["record"], call.params["item"]
    actions.remove(call.host, call.actor, record, entry, if_match(call), call.request_id)
    return Reply(204)


@api.route(
    "POST",
    "/records/{record}/agenda/appointments",
    summary="Note an appointment",
    description="A past time, or one that does not exist, is refused.",
    body=AppointmentBody,
    reply=AgendaEntryView,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(request=APPOINTMENT, reply=ENTRY),
)
def plan(call: Call[AppointmentBody]) -> Reply:
    """Plan an appointment."""
    return _plan(call)


@api.route(
    "PUT",
    "/records/{record}/agenda/appointments/{item}",
    summary="Change or cancel an appointment that I noted",
    description="One that was sent is changed by who sent it, and may be removed.",
    body=AppointmentBody,
    reply=AgendaEntryView,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(
        request={**APPOINTMENT, "status": "CANCELLED"}, reply={**ENTRY, "version": 3, "status": "CANCELLED"}
    ),
)
def revise(call: Call[AppointmentBody]) -> Reply:
    """Revise an appointment."""
    return _revise(call)


@api.route(
    "POST",
    "/records/{record}/agenda/reminders",
    summary="Ask to be reminded of something",
    description="At most ten a day.",
    body=ReminderBody,
    reply=AgendaEntryView,
    status=201,
    headers=("Idempotency-Key",),
    errors=(Conflict,),
    examples=Example(request=REMINDER, reply=_REMINDED),
)
def ask_reminder(call: Call[ReminderBody]) -> Reply:
    """Plan a reminder."""
    return _plan(call)


@api.route(
    "PUT",
    "/records/{record}/agenda/reminders/{item}",
    summary="Change or cancel my reminder",
    body=ReminderBody,
    reply=AgendaEntryView,
    headers=("If-Match",),
    errors=(Conflict, Stale),
    examples=Example(
        request={**REMINDER, "note": "Avant midi"}, reply={**_REMINDED, "version": 3, "note": "Avant midi"}
    ),
)
def revise_reminder(call: Call[ReminderBody]) -> Reply:
    """Revise a reminder."""
    return _revise(call)


@api.route(
    "POST",
    "/records/{record}/agenda/pushed",
    summary="Send, change or cancel an appointment from scheduling software",
    description="For a professional whom the holder trusts; the whole appointment each time, known by the software's "
    "own reference. The same again changes nothing. Nothing of the agenda is told.",
    body=PushedBody,
    reply=PushedView,
    errors=(Conflict,),
    examples=Example(request={**APPOINTMENT, "reference": "rdv-000017"}, reply={"entry": _ID, "version": 1}),
)
def push(call: Call[PushedBody]) -> Reply:
    """Push."""
    record, draft = call.params["record"], call.body.draft()
    entry, version = pushing.push(call.host, call.actor, record, call.body.reference, draft, call.request_id)
    return Reply(body=PushedView(entry=entry, version=version))
