"""Prevention rules: dated data, one file a rule in policies/prevention/, parsed strictly.

Every condition is a coded class below; a file that asks for another one does not load.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, TypeAdapter, model_validator

from ..kernel.period import Period
from .model import Person
from .windows import Window


def _period(value: object) -> Period:
    return Period.parse(value if isinstance(value, str) else "")


Span = Annotated[InstanceOf[Period], BeforeValidator(_period)]
_ANY_DAY = date(2001, 1, 1)
Text = Annotated[str, Field(min_length=1, max_length=300)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SexIs(_Strict):
    """The person's sex is one of these."""

    condition: Literal["sex"]
    one_of: tuple[Literal["F", "M", "I"], ...] = Field(min_length=1)

    def holds(self, person: Person) -> bool:
        """Tell whether the rule concerns this person."""
        return person.sex in self.one_of


class BornFrom(_Strict):
    """The person was born on this day or later."""

    condition: Literal["born_from"]
    day: date

    def holds(self, person: Person) -> bool:
        """Tell whether the rule concerns this person."""
        return person.birth >= self.day


class LivesIn(_Strict):
    """The person lives in one of these departments; an unknown place is none of them."""

    condition: Literal["territory"]
    one_of: tuple[str, ...] = Field(min_length=1)

    def holds(self, person: Person) -> bool:
        """Tell whether the rule concerns this person."""
        return person.territory in self.one_of


Condition = Annotated[SexIs | BornFrom | LivesIn, Field(discriminator="condition")]


class _Aged(_Strict):
    from_age: Span
    until_age: Span

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if self.from_age.after(_ANY_DAY) >= self.until_age.after(_ANY_DAY):
            raise ValueError("from_age comes before until_age")
        return self


class Dose(_Aged):
    """One dose: from this age, before that age, and so long after anything done or sent for an earlier dose."""

    n: int = Field(ge=1)
    after_earlier: Span | None = None


class Series(_Strict):
    """Doses, each reminded of once."""

    kind: Literal["series"]
    doses: tuple[Dose, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if [dose.n for dose in self.doses] != list(range(1, len(self.doses) + 1)):
            raise ValueError("doses are numbered 1, 2, 3, ...")
        if any(dose.after_earlier is None for dose in self.doses[1:]) or self.doses[0].after_earlier:
            raise ValueError("every dose but the first states after_earlier")
        return self

    def windows(self, birth: date, past: list[date], _today: date) -> list[Window]:
        """Return the window of the next dose, if one is missing."""
        if len(past) >= len(self.doses):
            return []
        dose = self.doses[len(past)]
        start = dose.from_age.after(birth)
        if dose.after_earlier:
            start = max(start, dose.after_earlier.after(past[-1]))
        return [Window(dose.n, "", start, dose.until_age.after(birth))]


class Repeated(_Aged):
    """The same act again and again between two ages, reminded of once per interval."""

    kind: Literal["repeated"]
    every: Span

    def windows(self, birth: date, past: list[date], today: date) -> list[Window]:
        """Return the turn that runs on this day, or the first one to come."""
        base = max([self.from_age.after(birth), *(self.every.after(on) for on in past)])
        turns = 0
        while self.every.after(base, turns + 1) <= today:
            turns += 1
        start, following = self.every.after(base, turns), self.every.after(base, turns + 1)
        return [Window(1, start.isoformat(), start, min(following, self.until_age.after(birth)))]


class Reason(_Strict):
    """What the person is told inside the record, never in the e-mail."""

    fr: Text
    en: Text


class Rule(_Strict):
    """One prevention rule."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    counts: tuple[str, ...] = Field(min_length=1)
    source: Text
    valid_from: date
    confidence: Literal["high", "medium", "low"]
    conditions: tuple[Condition, ...]
    schedule: Annotated[Series | Repeated, Field(discriminator="kind")]
    reason: Reason

    def concerns(self, person: Person) -> bool:
        """Tell whether every condition holds."""
        return all(condition.holds(person) for condition in self.conditions)


_ONE = TypeAdapter(Rule)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force. `version` changes with any word of them."""

    rules: tuple[Rule, ...]
    version: str


def load_rules(files: Iterable[bytes]) -> Rules:
    """Read rules. Raise ValueError on an unknown field, condition or schedule and on a doubled id."""
    read = sorted(files)
    rules = tuple(_ONE.validate_json(file) for file in read)
    if len({rule.id for rule in rules}) != len(rules):
        raise ValueError("a rule id stands twice")
    return Rules(rules, sha256(b"\0".join(read)).hexdigest())


@cache
def shipped_rules() -> Rules:
    """Return the rules that lie beside this file (links to policies/prevention/), read once."""
    return load_rules(path.read_bytes() for path in Path(__file__).parent.glob("*.json"))
