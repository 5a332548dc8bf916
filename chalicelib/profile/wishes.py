"""Who is around the person and what the person wishes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..edge.faults import wrong
from .content import Content, Day, Label, Name
from .words import VALUES, word

Relation = Annotated[str, Field(max_length=12), word(VALUES, "relation:")]
Phone = Annotated[str, Field(max_length=20, pattern=r"^(\+?[0-9][0-9 .-]{5,18})?$")]
Long = Annotated[str, Field(max_length=10000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]


class BloodGroup(Content):
    """The blood group as a card of a laboratory shows it; care never relies on it."""

    section: Literal["blood_group"]
    group: Literal["A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"]

    def what(self, language: str = "fr") -> str:
        """Return the group."""
        return self.group


class Contact(Content):
    """Somebody around the person: EMERGENCY (to tell), TRUSTED, CAREGIVER, HELP."""

    section: Literal["contacts"]
    role: Literal["EMERGENCY", "TRUSTED", "CAREGIVER", "HELP"]
    label: Label
    relation: Relation = ""
    phone: Phone = ""


class TrustedPerson(Content):
    """The trusted person (personne de confiance)."""

    section: Literal["trusted_person"]
    label: Label
    relation: Relation = ""
    phone: Phone = ""
    named: Day | None = None

    def days(self) -> Mapping[str, date | None]:
        """Return when the person was named."""
        return {"named": self.named}


class AdvanceDirectives(Content):
    """Advance directives (directives anticipées): what they say, or where they lie."""

    section: Literal["advance_directives"]
    text: Long = ""
    place: Name = ""
    written: Day

    def days(self) -> Mapping[str, date | None]:
        """Return when they were written."""
        return {"written": self.written}

    def what(self, language: str = "fr") -> str:
        """Return where they lie."""
        return self.place

    @model_validator(mode="after")
    def _said(self) -> Self:
        if not (self.text or self.place):
            raise wrong("says something, or where it is said")
        return self


class OrganDonation(Content):
    """What the person told their family; a refusal counts once it is in the national register."""

    section: Literal["organ_donation"]
    wish: Literal["donor", "refusal_registered", "family_informed"]
    told: Day | None = None

    def days(self) -> Mapping[str, date | None]:
        """Return when it was said."""
        return {"told": self.told}

    def what(self, language: str = "fr") -> str:
        """Return the wish."""
        return self.wish
