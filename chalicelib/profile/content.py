"""What entries of the profile have in common."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, Field

from ..edge.days import InOrder, WrittenDay
from ..edge.http import STRICT

Name = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Label = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Note = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Day = Annotated[date, Field(strict=False, ge=date(1880, 1, 1)), WrittenDay]


class Coding(BaseModel):
    """One published code: CIM-10, SNOMED CT, ATC, CIP (7 or 13 digits), LOINC, CCAM."""

    model_config = STRICT
    system: Literal["CIM-10", "SNOMED", "ATC", "CIP", "LOINC", "CCAM"]
    code: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]


class Content(BaseModel):
    """One entry of one section."""

    model_config = STRICT
    note: Note = ""

    def days(self) -> Mapping[str, date | None]:
        """Return the dates that may lie neither before birth nor in the future, by member."""
        return {}

    def began(self) -> date | None:
        """Return since when this holds, when somebody said so."""
        return next((day for day in self.days().values() if day), None)

    def what(self, language: str = "fr") -> str:
        """Return what the entry says in one line: the person's own words, or a code."""
        return str(getattr(self, "label", ""))

    def said(self) -> str:
        """Return what two entries that say the same have in common."""
        return self.model_dump_json()

    def suits_tables(self) -> None:
        """Refuse what the tables do not allow today."""


class Lasting(Content):
    """Something with a name, a code where there is one, and a time."""

    label: Label
    code: Coding | None = None
    since: Day | None = None
    until: Annotated[Day | None, InOrder] = None

    def days(self) -> Mapping[str, date | None]:
        """Return both dates."""
        return {"since": self.since, "until": self.until}


_C = TypeVar("_C", bound=Content)


def _suiting(content: _C) -> _C:
    content.suits_tables()
    return content


SUITING = AfterValidator(_suiting)
"""Holds what a caller says to the tables of today; what was kept is read as it is, whatever they say by now.

It stands where a caller says something and not in the model, whose own validators run again on every answer.
"""
