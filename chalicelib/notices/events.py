"""What may be told, as data: policies/notices.csv, read strictly."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..access.matrix import BadPolicy

Group = Literal["deposits", "changes", "accesses", "reminders"]
Preference = Literal["instant", "daily", "never"]
GROUPS: tuple[Group, ...] = ("deposits", "changes", "accesses", "reminders")


class Event(BaseModel):
    """One line: `group` says which preference counts (`always`: none does), `paper` whether a letter may carry it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    event: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    group: Group | Literal["always"]
    default: Preference
    paper: Annotated[bool, BeforeValidator({"yes": True, "no": False}.__getitem__)]
    source: Annotated[str, Field(min_length=1)]


def load_events(lines: Iterable[str]) -> Mapping[str, Event]:
    """Return the events by name. Raise BadPolicy on a line that is not understood or contradicts another."""
    found: dict[str, Event] = {}
    for row in csv.DictReader(lines, strict=True):
        event = _event(row)
        others = {one.default for one in found.values() if one.group == event.group}
        if event.event in found or others - {event.default} or (event.group == "always" and event.default != "instant"):
            raise BadPolicy(f"{event.event} stands twice or contradicts its group")
        found[event.event] = event
    return found


@cache
def events() -> Mapping[str, Event]:
    """Return the shipped table, read once."""
    return load_events(Path(__file__).with_name("notices.csv").read_text(encoding="utf-8").splitlines())


@cache
def defaults() -> Mapping[str, Preference]:
    """Return what counts for a group about which nothing was said."""
    return {one.group: one.default for one in events().values()}


def _event(row: Mapping[str, str]) -> Event:
    try:
        return Event.model_validate(row)
    except (ValidationError, KeyError, TypeError) as error:
        raise BadPolicy("a line of notices.csv is not understood") from error
