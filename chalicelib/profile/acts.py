"""What reminders are computed from: vaccinations, tests and visits, pregnancies."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..edge.days import in_order
from ..edge.faults import wrong
from .content import Coding, Content, Day, Name
from .words import ACTS, VALUES, vaccine_of, word

ActCode = Annotated[str, Field(max_length=40), word(ACTS)]
LONGEST_PREGNANCY = 310
"""days from the first day of the last period: 44 weeks of amenorrhoea"""


def _named(act: str, language: str) -> str:
    found = ACTS.get(act)
    return "" if found is None else found.fr if language == "fr" else found.en


class Pregnancy(Content):
    """A pregnancy, from the first day of the last period to the birth or another end."""

    section: Literal["pregnancies"]
    began_on: Day
    ended_on: Day | None = None

    def days(self) -> Mapping[str, date | None]:
        """Return both dates."""
        return {"began_on": self.began_on, "ended_on": self.ended_on}

    def what(self, language: str = "fr") -> str:
        """Return the word."""
        return "Grossesse" if language == "fr" else "Pregnancy"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        in_order(self.began_on, self.ended_on)
        if self.ended_on and (self.ended_on - self.began_on).days > LONGEST_PREGNANCY:
            raise wrong("lasts longer than a pregnancy")
        return self


class Vaccination(Content):
    """One dose: the act, the product by its ATC code, or both; by a CIP code with the act. `dose` is its rank."""

    section: Literal["vaccinations"]
    act: ActCode = ""
    product: Coding | None = None
    on: Day
    kind: Literal["", "INITIMMUNIZ", "BOOSTER", "IMMUNIZ"] = ""
    dose: Annotated[int | None, Field(ge=1, le=20)] = None
    lot: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    performer: Name = ""
    route: Annotated[str, Field(max_length=20), word(VALUES, "route:")] = ""
    site: Annotated[str, Field(max_length=20), word(VALUES, "site:")] = ""

    def days(self) -> Mapping[str, date | None]:
        """Return the day of the dose."""
        return {"on": self.on}

    def known_act(self) -> str:
        """Return the act, told or concluded from the ATC code; empty when it cannot be known."""
        return self.act or (vaccine_of(self.product.code) if self.product and self.product.system == "ATC" else "")

    def what(self, language: str = "fr") -> str:
        """Return the act, or the code of the product."""
        product = self.product.code if self.product else ""
        return _named(self.known_act(), language) or product or self.act

    @model_validator(mode="after")
    def _told(self) -> Self:
        if not self.act and self.product is None:
            raise wrong("names the act or the product")
        if self.product and self.product.system not in ("ATC", "CIP"):
            raise wrong("names the product by its ATC or CIP code")
        return self

    def suits_tables(self) -> None:
        """Refuse an act that is no vaccine."""
        if self.act and ACTS[self.act].kind != "vaccine":
            raise wrong("names the act of a vaccine")


class Prevention(Content):
    """A screening test, an exam or a check-up that took place."""

    section: Literal["prevention"]
    act: Annotated[str, Field(min_length=1, max_length=40), word(ACTS)]
    on: Day
    result: Literal["", "normal", "abnormal"] = ""
    performer: Name = ""

    def days(self) -> Mapping[str, date | None]:
        """Return the day of the act."""
        return {"on": self.on}

    def what(self, language: str = "fr") -> str:
        """Return the act."""
        return _named(self.act, language) or self.act

    def suits_tables(self) -> None:
        """Refuse the act of a vaccine."""
        if ACTS[self.act].kind == "vaccine":
            raise wrong("names a test or a visit")
