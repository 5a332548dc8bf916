"""A measure and a target: values within the bounds of policies/profile/measures.csv."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from ..edge.faults import wrong
from .content import Content, Day, Name
from .words import KINDS, Kind, word

KindCode = Annotated[str, Field(min_length=1, max_length=24), word(KINDS)]
Value = Annotated[float, Field(ge=0, le=1_000_000)]
EARLIEST, LATEST = datetime(1880, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
At = Annotated[AwareDatetime, Field(strict=False, ge=EARLIEST, lt=LATEST)]


class Measure(Content):
    """One value of one kind at one instant. Blood pressure has two: `value` is systolic, `second` diastolic."""

    section: Literal["measures"]
    kind: KindCode
    at: At
    value: Value
    second: Value | None = None
    origin: Literal["manual", "device"] = "manual"
    device: Name = ""

    def days(self) -> Mapping[str, date | None]:
        """Return the day of the measure."""
        return {"at": self.at.astimezone(UTC).date()}

    def said(self) -> str:
        """Return what it says; one instant is the same in every time zone that a device may name it in."""
        return self.model_copy(update={"at": self.at.astimezone(UTC)}).model_dump_json()

    def what(self, language: str = "fr") -> str:
        """Return the value with its unit."""
        shown = f"{self.value:g}" if self.second is None else f"{self.value:g}/{self.second:g}"
        return _line(self.kind, language, shown)

    def suits_tables(self) -> None:
        """Refuse what is not entered, and a value out of the bounds of its kind."""
        kind = KINDS[self.kind]
        if not kind.entered:
            raise wrong("is computed, never entered")
        if (self.second is None) != (kind.second_low is None):
            raise wrong("has a second value when it is a blood pressure, and only then")
        _within(kind, self.value, kind.low, kind.high)
        _within(kind, self.second, kind.second_low, kind.second_high)
        if self.second is not None and self.second >= self.value:
            raise wrong("has a diastolic value below the systolic one")


class Target(Content):
    """What somebody aims at: from `low` to `high`, one of them may be missing."""

    section: Literal["targets"]
    kind: KindCode
    low: Value | None = None
    high: Value | None = None
    since: Day | None = None

    def days(self) -> Mapping[str, date | None]:
        """Return since when."""
        return {"since": self.since}

    def what(self, language: str = "fr") -> str:
        """Return both ends with the unit."""
        ends = ("…" if end is None else f"{end:g}" for end in (self.low, self.high))
        return _line(self.kind, language, " - ".join(ends))

    def suits_tables(self) -> None:
        """Refuse ends out of the bounds of their kind."""
        for end in (self.low, self.high):
            _within(KINDS[self.kind], end, KINDS[self.kind].low, KINDS[self.kind].high)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.low is None and self.high is None:
            raise wrong("has at least one end")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise wrong("ends before it begins")
        return self


def _line(kind: str, language: str, shown: str) -> str:
    """Return the kind in words, the value, the unit; a kind that the table no longer has is named by its code."""
    known = KINDS.get(kind)
    return f"{known.fr if language == 'fr' else known.en} {shown} {known.unit}" if known else f"{kind} {shown}"


def _within(kind: Kind, value: float | None, low: float | None, high: float | None) -> None:
    """Refuse a value that no human being has, and digits that no instrument shows."""
    if value is None:
        return
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong("is out of the bounds of this kind of measure")
    if round(value, kind.decimals) != value:
        raise wrong("has more decimals than this kind of measure")
