"""What may stand in each section of the profile: coded where a published code exists, free text otherwise."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .acts import Pregnancy, Prevention, Vaccination
from .content import SUITING, Coding, Content, Day, Label, Lasting, Name, Note
from .measure import Measure, Target
from .wishes import AdvanceDirectives, BloodGroup, Contact, OrganDonation, Relation, TrustedPerson
from .words import RISKS, word

Comment = Annotated[str, Field(max_length=3000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]


class Allergy(Lasting):
    """An allergy or intolerance."""

    section: Literal["allergies"]
    reaction: Name = ""
    severity: Literal["", "mild", "moderate", "severe"] = ""


class Condition(Lasting):
    """A disease or a situation; `risk` is the word that reminders know it by, as long as it has no end."""

    section: Literal["conditions"]
    risk: Annotated[str, Field(max_length=60), word(RISKS)] = ""


class Treatment(Lasting):
    """A medicine or another treatment."""

    section: Literal["treatments"]
    posology: Note = ""
    comment: Comment = ""

    def days(self) -> Mapping[str, date | None]:
        """Return since when; the end may be planned."""
        return {"since": self.since}


class Hospitalisation(Lasting):
    """A stay in hospital or an operation."""

    section: Literal["hospitalisations"]
    place: Name = ""


class FamilyHistory(Content):
    """What a relative had; `age` is theirs when it began, in years."""

    section: Literal["family_history"]
    relation: Relation = ""
    label: Label
    code: Coding | None = None
    age: Annotated[int | None, Field(ge=0, le=130)] = None


class Disability(Lasting):
    """A disability and the help it asks for."""

    section: Literal["disabilities"]
    help: Note = ""


class Habit(Content):
    """One habit, in the person's own words."""

    section: Literal["habits"]
    kind: Literal["FOOD", "PHYSICAL_ACTIVITY", "SLEEP", "SCREEN", "ALCOHOL", "TOBACCO"]
    label: Label
    since: Day | None = None

    def days(self) -> Mapping[str, date | None]:
        """Return since when."""
        return {"since": self.since}


AnyContent = Annotated[
    Allergy
    | Condition
    | Treatment
    | Pregnancy
    | Hospitalisation
    | FamilyHistory
    | Disability
    | Habit
    | Vaccination
    | Prevention
    | BloodGroup
    | Contact
    | TrustedPerson
    | AdvanceDirectives
    | OrganDonation
    | Target
    | Measure,
    Field(discriminator="section"),
]
"""one entry of any section"""
NewContent = Annotated[AnyContent, SUITING]
"""the same, as a caller says it"""
