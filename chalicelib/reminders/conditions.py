"""The predicates of prevention rules. Whatever a file asks for that is not one of these does not load.

A trait either holds or not; ages and pregnancies hold on some days.
"""

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..kernel.period import Period
from .life import Life
from .model import Pregnancy
from .spans import ALWAYS, LAST, NEVER, Spans, both, either, from_until
from .words import ActCode, Length, Place, Risk, Strict

# A pregnancy of which nobody recorded the end is over after so many weeks of amenorrhoea.
TERM_WEEKS = 42
_ANY_DAY = date(2001, 1, 1)


def precedes(one: Period | None, other: Period | None) -> bool:
    """Tell whether one age comes before another; the birth is before any age, and any age before no end."""
    return other is None or one is None or one.after(_ANY_DAY) < other.after(_ANY_DAY)


def ends(pregnancy: Pregnancy) -> date:
    """Return the first day on which a pregnancy is over."""
    return pregnancy.ended or pregnancy.began + timedelta(weeks=TERM_WEEKS)


class _Trait(Strict):
    def holds(self, life: Life) -> bool:
        """Tell whether the rule concerns this person."""
        raise NotImplementedError

    def spans(self, life: Life) -> Spans:
        """Return the days on which it holds: all or none."""
        return ALWAYS if self.holds(life) else NEVER


class SexIs(_Trait):
    """The person's sex is one of these."""

    condition: Literal["sex"] = Field(alias="if")
    one_of: tuple[Literal["F", "M", "I"], ...] = Field(min_length=1)

    def holds(self, life: Life) -> bool:
        """Tell whether the rule concerns this person."""
        return life.person.sex in self.one_of


class BornFrom(_Trait):
    """The person was born on this day or later."""

    condition: Literal["born_from"] = Field(alias="if")
    day: date

    def holds(self, life: Life) -> bool:
        """Tell whether the rule concerns this person."""
        return life.person.birth >= self.day


class LivesIn(_Trait):
    """The person lives in one of these departments; an unknown place is none of them."""

    condition: Literal["territory"] = Field(alias="if")
    one_of: tuple[Place, ...] = Field(min_length=1)

    def holds(self, life: Life) -> bool:
        """Tell whether the rule concerns this person."""
        return life.person.territory in self.one_of


class AtRisk(_Trait):
    """The person has one of these traits."""

    condition: Literal["risk"] = Field(alias="if")
    one_of: frozenset[Risk] = Field(min_length=1)

    def holds(self, life: Life) -> bool:
        """Tell whether the rule concerns this person."""
        return not self.one_of.isdisjoint(life.person.risks)


class Given(_Trait):
    """One of these acts took place, before that age when one is named."""

    condition: Literal["given"] = Field(alias="if")
    one_of: tuple[ActCode, ...] = Field(min_length=1)
    before_age: Length | None = None

    def holds(self, life: Life) -> bool:
        """Tell whether the rule concerns this person."""
        past = life.past(self.one_of)
        return bool(past) and (self.before_age is None or past[0].on < life.aged(self.before_age))


class Aged(Strict):
    """From one age on, until the day on which another one is reached."""

    condition: Literal["age"] = Field(alias="if")
    from_age: Length | None = None
    until_age: Length | None = None

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if not precedes(self.from_age, self.until_age):
            raise ValueError("from_age comes before until_age")
        return self

    def spans(self, life: Life) -> Spans:
        """Return the days on which the person has this age."""
        return from_until(life.aged(self.from_age), life.aged(self.until_age) if self.until_age else LAST)


class Pregnant(Strict):
    """The person is pregnant."""

    condition: Literal["pregnant"] = Field(alias="if")

    def spans(self, life: Life) -> Spans:
        """Return the days of every pregnancy."""
        known = life.person.pregnancies
        return either(from_until(one.began, ends(one)) for one in known) if known else NEVER


Trait = Annotated[SexIs | BornFrom | LivesIn | AtRisk | Given, Field(discriminator="condition")]
Single = Annotated[SexIs | BornFrom | LivesIn | AtRisk | Given | Aged | Pregnant, Field(discriminator="condition")]


class AnyOf(Strict):
    """At least one of these lists holds as a whole."""

    condition: Literal["any"] = Field(alias="if")
    of: tuple[Annotated[tuple[Single, ...], Field(min_length=1)], ...] = Field(min_length=1)

    def spans(self, life: Life) -> Spans:
        """Return the days on which one of the lists holds."""
        return either(together(conditions, life) for conditions in self.of)


Condition = Annotated[
    SexIs | BornFrom | LivesIn | AtRisk | Given | Aged | Pregnant | AnyOf, Field(discriminator="condition")
]


def together(conditions: tuple["Condition", ...], life: Life) -> Spans:
    """Return the days on which all of these hold."""
    found = ALWAYS
    for condition in conditions:
        found = both(found, condition.spans(life))
        if not found:
            break
    return found
