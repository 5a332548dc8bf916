"""The calendar as a calendar client reads it (RFC 5545), every instant in UTC, in fixed words unless more is wanted.

A client gets the same bytes as long as nothing has changed: an entity tag of theirs tells it so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from .model import Line, Words

MEDIA = "text/calendar; charset=utf-8"
_NEUTRAL: Mapping[str, Mapping[str, str]] = {
    "fr": {"appointment": "Rendez-vous", "reminder": "Rappel", "prevention": "Rappel"},
    "en": {"appointment": "Appointment", "reminder": "Reminder", "prevention": "Reminder"},
}
"""all that a calendar says of an entry whose maker did not ask for more"""
_TAGS = 999_999_999
_SHORTEST = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one link shows: (a name that only this calendar has, line, words) of each entry."""

    entries: tuple[tuple[str, Line, Words], ...]
    language: str
    in_words: bool


def feed(shown: Shown) -> bytes:
    """Return the calendar, folded and escaped; neither entries without a day are in it nor acts that were done."""
    from icalendar import Calendar  # noqa: PLC0415  loads 0.3 s: no other request pays for it

    calendar = Calendar()
    calendar.add("prodid", "-//Carnet//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Carnet")
    for name, line, words in shown.entries:
        if line.day and line.status != "DONE":
            calendar.add_component(_event(shown, name, line, words))
    return bytes(calendar.to_ical())


def tag_of(content: bytes) -> int:
    """Return the number of an entity tag: the same for the same bytes."""
    return int.from_bytes(sha256(content).digest()[:8]) % _TAGS + 1


def _event(shown: Shown, name: str, line: Line, words: Words) -> Any:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", str(UUID(name)))
    event.add("dtstamp", line.changed)
    event.add("last-modified", line.changed)
    event.add("sequence", line.version - 1)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if line.status == "CANCELLED" else "CONFIRMED")
    for key, value in (*_when(line).items(), *_says(shown, line, words).items()):
        event.add(key, value)
    return event


def _when(line: Line) -> Mapping[str, Any]:
    if line.instant:
        length = timedelta(minutes=max(line.minutes, _SHORTEST))
        return {"dtstart": line.instant, "dtend": line.instant + length}
    return {"dtstart": line.on, "dtend": line.on and line.on + _ONE_DAY, "transp": "TRANSPARENT"}


def _says(shown: Shown, line: Line, words: Words) -> Mapping[str, str]:
    neutral = _NEUTRAL.get(shown.language, _NEUTRAL["fr"])[line.kind]
    if not shown.in_words:
        return {"summary": neutral}
    said = {"summary": words.title or neutral, "description": words.note, "location": words.with_name}
    return {key: value for key, value in said.items() if value}
