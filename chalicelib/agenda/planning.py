"""What may be planned: times that exist and lie ahead, as many as fit, secrets of minors only."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ..access.actor import Actor, Kind
from ..access.clocks import comes_of_age, instant
from ..access.gate import Seen
from ..access.mandates import ceilings
from ..access.person import Person
from ..access.thing import Thing
from ..kernel.errors import Conflict, Invalid
from ..kernel.period import Period
from ..kernel.seal import fingerprint
from .model import Book, By, Line, Planned, Words
from .model import Kind as Sort
from .zones import moment, shown, wall_clock, zone_of, zones

HORIZON = Period.parse("P10Y")
"""how far ahead anything is planned: beyond, it is a slip of the pen"""
_PAST = "lies in the past"
_FAR = "lies more than ten years ahead"
_MISSING = "does not exist: clocks go forward in that night"
_ZONE = "is no time zone of France"
_ADULT = "only a minor keeps an appointment from representatives"
_NOT_HOLDER = "only a professional or the holder keeps an appointment from representatives"
_MANY = "there are ten reminders on that day already"
_FULL = "The agenda is full; remove what is over."
_SENT = "Too many appointments of this organisation lie ahead."


@dataclass(frozen=True, slots=True)
class Draft:
    """An appointment or a reminder as somebody gives it: `at` is wall-clock time in `zone` (empty: the holder's own).

    `minutes` is the length; `remind` asks for a notice on the eve of an appointment. `sequence`: as in `Line`.
    `unsaid`: nothing was said of secrecy, so that a change leaves it as it is.
    """

    kind: Sort
    at: datetime
    words: Words
    zone: str = ""
    minutes: int = 0
    remind: bool = True
    secret: bool = False
    status: Planned = "PLANNED"
    sequence: int | None = None
    unsaid: bool = False


def placed(draft: Draft, seen: Seen) -> Draft:
    """Return the draft with its zone: the one given, or that of the place where the holder lives."""
    return replace(draft, zone=draft.zone or zone_of(seen.holder.territory))


def kept_back(draft: Draft, known: Line | None) -> Draft:
    """Return the draft, kept from representatives as the entry is when nothing is said of it (CSP R.1111-50)."""
    return replace(draft, secret=True) if draft.unsaid and known and known.secret else draft


def drafted(draft: Draft, seen: Seen, actor: Actor, now: datetime, by: By = "PATIENT") -> Line:
    """Return the first line of a draft that was placed."""
    said = repr((draft.kind, draft.at, draft.words, draft.zone, draft.minutes, draft.remind, draft.secret))
    return Line(
        kind=draft.kind,
        author=actor.id,
        organisation=actor.organisation,
        by=by,
        changed=stamp(now),
        timed=stamp(now),
        at=draft.at,
        zone=draft.zone,
        minutes=draft.minutes,
        remind=draft.remind or draft.kind == "reminder",
        secret=draft.secret,
        status=draft.status,
        sequence=draft.sequence,
        digest=fingerprint(seen.policy_key, "agenda-said", said, draft.status),
    )


def stamp(now: datetime) -> datetime:
    """Return an instant as a calendar writes it: to the second."""
    return now.astimezone(UTC).replace(microsecond=0)


def following(known: Line, line: Line) -> Line:
    """Return the next line of an entry: whose it is stays, and since when its time is what it is."""
    kept = {"author": known.author, "organisation": known.organisation, "by": known.by}
    timed = line.timed if retimed(known, line) else known.timed
    return line.model_copy(update={**kept, "timed": timed, "version": known.version + 1})


def retimed(known: Line, line: Line) -> bool:
    """Tell whether the time is another one, or counts again."""
    revived = known.status == "CANCELLED" and line.status == "PLANNED"
    return revived or (known.at, known.zone) != (line.at, line.zone)


def check_time(draft: Draft, now: datetime) -> None:
    """Raise Invalid unless a draft that was placed lies ahead, at a time that clocks show."""
    if draft.zone not in zones().names:
        raise Invalid(fields={"/zone": _ZONE})
    if fault := _wrong(draft.at, draft.zone, now):
        raise Invalid(fields={"/at": fault})


def _wrong(at: datetime, zone: str, now: datetime) -> str:
    """Return what is wrong with a time; far off, the calendar of a computer ends before any zone is asked."""
    today = wall_clock(now, zone).date()
    if at.date() < today:
        return _PAST
    if at.date() > HORIZON.after(today):
        return _FAR
    if not shown(at, zone):
        return _MISSING
    return _PAST if moment(at, zone) <= now else ""


def check_secret(draft: Draft, seen: Seen, actor: Actor, now: datetime) -> None:
    """Raise Invalid unless what is kept from representatives is a minor's, kept by a professional or the minor."""
    if not draft.secret:
        return
    if actor.kind is Kind.CITIZEN and actor.id != seen.choices.holder:
        raise Invalid(fields={"/secret": _NOT_HOLDER})
    if instant(now) >= comes_of_age(seen.holder.birth_date):
        raise Invalid(fields={"/secret": _ADULT})


def check_room(book: Book, entry: str, line: Line, now: datetime) -> None:
    """Raise Invalid or Conflict when there are too many of such entries already, this one apart.

    Of what an organisation sent counts what lies ahead, cancelled too: who comes three times a week is sent more in
    two years than may lie there at a time.
    """
    others = [one for name, one in book.lines.items() if name != entry and one.takes_room(now)]
    most = ceilings()
    if len(others) >= most["agenda_entries"]:
        raise Conflict(_FULL)
    same = [one for one in others if (one.kind, one.by) == (line.kind, line.by)]
    if line.kind == "reminder" and sum(one.day == line.day for one in same) >= most["own_reminders_per_day"]:
        raise Invalid(fields={"/at": _MANY})
    sent = [one for one in same if line.by == "EDITOR_SOLUTION" and one.organisation == line.organisation]
    if sum(not one.over(now) for one in sent) >= most["appointments_per_organisation"]:
        raise Conflict(_SENT)


def born(draft: Draft, seen: Seen, actor: Actor, entry: str) -> Thing:
    """Return what the gate decides on for an entry that is not there yet: it has its id and its author already.

    A secret that only a representative asks for is none: it is refused in words, not as if nothing were there.
    """
    secret = draft.secret and (actor.kind is not Kind.CITIZEN or actor.id == seen.choices.holder)
    return Thing("agenda", entry, "", actor.id, actor.organisation, secret=secret)


def becoming(draft: Draft, seen: Seen, actor: Actor, entry: str, known: Line | None) -> Thing:
    """Return what the gate decides on for an entry as it will be: kept secret when it is so, or will be."""
    new = born(draft, seen, actor, entry)
    return replace(known.thing(entry), secret=known.secret or new.secret) if known else new


def check_day(day: date | None, person: Person, today: date, *, done: bool) -> str:
    """Return what is wrong with the day of a prevention item: done in this life, planned from today on."""
    if day is None:
        return "is required: on which day it was done" if done else ""
    if done:
        lived = person.birth_date <= day <= today
        return "" if lived else "lies before birth or in the future"
    if day < today:
        return _PAST
    return _FAR if day > HORIZON.after(today) else ""
