"""Prevention rules: dated data in policies/prevention/, parsed strictly; only what somebody answers for is in force.

A file that names an unknown word, condition or schedule, or says anything twice, stops the whole set from loading: a
set is built anew or not at all, so that a malformed one never replaces a good one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from .campaigns import InPregnancy, Seasonal
from .conditions import Condition
from .schedules import Repeated, Series, Visits
from .words import ActCode, Length, Strict, Text, Words, load_words, read_words

Confidence = Literal["high", "medium", "low"]
CONTRAINDICATED = "contraindicated:"


class Reason(Strict):
    """What the person is told inside the record, never in the e-mail."""

    fr: Text
    en: Text


class Mandatory(Strict):
    """Whom the law obliges: a sentence more for those born from that day on, until that age; nobody else is told."""

    born_from: date
    until_age: Length | None = None
    sentence: Reason


class Line(Strict):
    """One schedule of a rule, for those of its people who are meant. What it does not say itself the rule says."""

    who: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    schedule: Annotated[Series | Repeated | Visits | Seasonal | InPregnancy, Field(discriminator="kind")]
    confidence: Confidence | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    signed_by: str | None = Field(default=None, max_length=100)
    reason: Reason | None = None


class Rule(Strict):
    """One prevention rule. `signed_by` is the medical officer who answers for what is not of high confidence."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    source: Text
    valid_from: date
    valid_until: date | None = None
    confidence: Confidence
    signed_by: str = Field(max_length=100)
    counts: tuple[ActCode, ...] = Field(min_length=1)
    mandatory: Mandatory | None = None
    who: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    lines: tuple[Line, ...] = Field(min_length=1)
    reason: Reason

    @model_validator(mode="after")
    def _counts_what_it_waits_for(self) -> Self:
        if self.valid_until and self.valid_until <= self.valid_from:
            raise ValueError("valid_until comes before valid_from")
        waits = {wait.act for line in self.lines if isinstance(line.schedule, Repeated) for wait in line.schedule.waits}
        if waits - set(self.counts):
            raise ValueError("a wait after an act that does not count")
        return self

    def in_force(self, line: Line) -> bool:
        """Tell whether a line of this rule may remind anybody: it is certain, or somebody signed it."""
        confidence = line.confidence or self.confidence
        signed_by = self.signed_by if line.signed_by is None else line.signed_by
        return confidence == "high" or bool(signed_by.strip())


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that was loaded. `version` changes with any word of it."""

    rules: tuple[Rule, ...]
    words: Words
    version: str


_FILE: TypeAdapter[Rule | list[Rule]] = TypeAdapter(Rule | list[Rule])


def read_set(files: Iterable[bytes], tables: Mapping[str, bytes]) -> RuleSet:
    """Read one whole set: rule files and tables of words. Raise ValueError on anything not understood."""
    words, read = load_words(tables), sorted(files)
    parsed = (_FILE.validate_json(file, context=words, strict=True) for file in read)
    rules = [rule for found in parsed for rule in (found if isinstance(found, list) else [found])]
    _consistent(rules, words)
    content = b"\0".join([*read, *(tables[name] for name in sorted(tables))])
    return RuleSet(tuple(sorted(rules, key=lambda rule: rule.id)), words, sha256(content).hexdigest())


def _consistent(rules: list[Rule], words: Words) -> None:
    ids = {rule.id for rule in rules}
    if len(ids) != len(rules):
        raise ValueError("a rule id stands twice")
    named = {word.removeprefix(CONTRAINDICATED) for word in words.risks if word.startswith(CONTRAINDICATED)}
    if strange := named ^ ids:
        raise ValueError(f"rules without the word of their contraindication, or the other way round: {sorted(strange)}")


def set_in(folder: Path) -> RuleSet:
    """Read the set that lies in a folder. Raise ValueError on anything not understood."""
    return read_set((path.read_bytes() for path in folder.glob("*.json")), read_words(folder))


@cache
def shipped_set() -> RuleSet:
    """Return what lies beside this file (links to policies/prevention/), read once."""
    return set_in(Path(__file__).parent)
