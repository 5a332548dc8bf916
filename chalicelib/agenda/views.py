"""What the agenda takes and gives over HTTP. Hours are written as a clock on the wall shows them, without an offset."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..edge.days import InOrder, WrittenDay
from ..edge.http import QUERY, STRICT
from ..kernel.errors import Invalid
from .actions import Entry
from .links import Link
from .model import By, Done, Kind, Planned, Words
from .planning import Draft
from .prevention import Said
from .reading import Page, Period

Title = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Note = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")]
Wall = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$",
        description="Local time: what comes twice in the night in which clocks go back is the first; what does not "
        "exist in the night in which they go forward is refused",
    ),
]
Zone = Annotated[str, Field(pattern=r"^[A-Za-z_/]{0,40}$", description="IANA name; empty: where the holder lives")]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Day = Annotated[date | None, Field(strict=False, ge=date(1880, 1, 1)), WrittenDay]
_NO_DATE = "is no date of the calendar"


class Whom(BaseModel):
    """With whom an appointment is."""

    model_config = STRICT
    kind: Literal["PRACTITIONER", "HEALTHCARE_SERVICE"]
    name: Title


class AppointmentBody(BaseModel):
    """An appointment. `remind`: a notice on its eve.

    `secret`: a minor keeps it from representatives; left out, it stays as it is.
    """

    model_config = STRICT
    title: Title
    note: Note = ""
    at: Wall
    zone: Zone = ""
    minutes: Minutes = 0
    whom: Whom | None = None
    remind: bool = True
    secret: bool = False
    status: Planned = "PLANNED"

    def draft(self) -> Draft:
        """Return it as it is kept. Raise Invalid for a day that no calendar has."""
        words = Words(title=self.title, note=self.note, **_with(self.whom))
        return Draft(
            "appointment",
            _wall(self.at),
            words,
            self.zone,
            self.minutes,
            self.remind,
            self.secret,
            self.status,
            unsaid="secret" not in self.model_fields_set,
        )


class PushedBody(AppointmentBody):
    """The same from scheduling software, which knows it by a reference of its own.

    `sequence` numbers its states (RFC 5545): one that arrives after a later one is refused.
    """

    reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
    sequence: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None

    def draft(self) -> Draft:
        """Return it as it is kept, with its number."""
        return replace(super().draft(), sequence=self.sequence)


class ReminderBody(BaseModel):
    """Something to be reminded of, at its time."""

    model_config = STRICT
    title: Title
    note: Note = ""
    at: Wall
    zone: Zone = ""
    status: Planned = "PLANNED"

    def draft(self) -> Draft:
        """Return it as it is kept. Raise Invalid for a day that no calendar has."""
        words = Words(title=self.title, note=self.note)
        return Draft("reminder", _wall(self.at), words, self.zone, status=self.status)


class PreventionBody(BaseModel):
    """What the person says of the act of a `rule`: `on` is the day on which it was done elsewhere, or is planned.

    `act` says which one was done where several count; empty: the usual one.
    """

    model_config = STRICT
    rule: Annotated[str, Field(pattern="^[a-z0-9_]{2,40}$")]
    status: Done
    on: Day = None
    act: Annotated[str, Field(pattern="^[a-z0-9_]{0,40}$")] = ""
    note: Note = ""

    def said(self) -> Said:
        """Return it as it is kept."""
        return Said(self.status, self.on, self.act, self.note)


def _with(whom: Whom | None) -> dict[str, str]:
    return {"with_kind": whom.kind, "with_name": whom.name} if whom else {}


def _wall(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(fields={"/at": _NO_DATE}) from None


class AgendaEntryView(BaseModel):
    """One entry. `instant` is the one at which it begins; `by` tells what the person wrote from what was sent."""

    entry: str
    version: int
    kind: Kind
    status: Literal["PLANNED", "CANCELLED", "TO_PLAN", "DONE", "NOT_DONE", "NOT_SPECIFIED"]
    by: By
    title: str
    note: str
    whom: Whom | None
    at: str | None
    zone: str
    instant: datetime | None
    minutes: int
    remind: bool
    secret: bool
    rule: str
    on: date | None


class AgendaView(BaseModel):
    """One page, earliest first; `cursor` is empty on the last one."""

    entries: list[AgendaEntryView]
    cursor: str


class PushedView(BaseModel):
    """What scheduling software is told: under which id its appointment is kept, and how often it was changed."""

    entry: str
    version: int


class PeriodQuery(BaseModel):
    """Which days, both included, and which page."""

    model_config = QUERY
    since: Day = None
    until: Annotated[Day, InOrder] = None
    kind: Annotated[list[Kind], Field(max_length=3)] = []
    cursor: Annotated[str, Field(pattern=r"^[a-z2-7]{0,26}$")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 25

    def period(self) -> Period:
        """Return what the list is narrowed by."""
        return Period(self.since, self.until, frozenset(self.kind))


class CalendarBody(BaseModel):
    """A calendar to subscribe to. `in_words`: it gives titles, notes and names; otherwise only that there is something.

    Whoever has the address reads it.
    """

    model_config = STRICT
    in_words: bool = False


class CalendarView(BaseModel):
    """A link that works, without its secret."""

    reference: str
    in_words: bool
    mine: bool


class CalendarsView(BaseModel):
    """Every link that works."""

    calendars: list[CalendarView]


class MadeView(CalendarView):
    """A link as it is shown once."""

    url: str


def entry_view(entry: Entry) -> AgendaEntryView:
    """Return the view of an entry."""
    line, words = entry.line, entry.words
    return AgendaEntryView.model_validate(
        {
            **line.model_dump(
                include={"version", "kind", "status", "by", "zone", "minutes", "remind", "secret", "rule"}
            ),
            "entry": entry.id,
            "title": words.title,
            "note": words.note,
            "whom": Whom(kind=words.with_kind, name=words.with_name) if words.with_kind else None,
            "at": f"{line.at:%Y-%m-%dT%H:%M}" if line.at else None,
            "instant": line.instant,
            "on": line.on,
        }
    )


def page_view(page: Page) -> AgendaView:
    """Return the view of a page."""
    return AgendaView(entries=[entry_view(entry) for entry in page.entries], cursor=page.cursor)


def calendars_view(links: list[Link]) -> CalendarsView:
    """Return the view of the links."""
    found = [CalendarView(reference=one.reference, in_words=one.in_words, mine=one.mine) for one in links]
    return CalendarsView(calendars=found)
