"""The words that a prevention rule may use: acts, risks, territories and campaigns (policies/prevention/*.csv)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, ValidationInfo

from ..kernel.period import Period
from .seasons import Calendar, calendars_of

FILES = ("acts.csv", "risks.csv", "territories.csv", "seasons.csv")

Text = Annotated[str, Field(min_length=1, max_length=400)]
Codes = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(str(value).split()))]


class Strict(BaseModel):
    """Nothing missing, nothing extra, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ActWord(Strict):
    """One act. `atc` are prefixes that recognise a vaccine, `med` the codes of a mandatory exam of a child."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["vaccine", "test", "visit"]
    atc: Codes
    med: Codes
    fr: Text
    en: Text
    source: Text


class RiskWord(Strict):
    """One trait of a person's health that a rule may ask for."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*)?$")
    fr: Text
    en: Text
    source: Text


class Territory(Strict):
    """One department or overseas collectivity (INSEE code)."""

    code: str = Field(pattern=r"^[0-9][0-9AB][0-9]?$")
    fr: Text
    en: Text
    region: Text


Word = TypeVar("Word", ActWord, RiskWord, Territory)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a rule may name."""

    acts: Mapping[str, ActWord]
    risks: Mapping[str, RiskWord]
    territories: Mapping[str, Territory]
    calendars: Mapping[str, Calendar]


def load_words(files: Mapping[str, bytes]) -> Words:
    """Read the four tables. Raise ValueError on a missing file, cell or column, and on a word that stands twice."""
    if missing := set(FILES) - set(files):
        raise ValueError(f"missing: {sorted(missing)}")
    acts, risks, places, seasons = (_rows(files[name]) for name in FILES)
    return Words(
        _by_code([ActWord(**row) for row in acts]),
        _by_code([RiskWord(**row) for row in risks]),
        _by_code([Territory(**row) for row in places]),
        calendars_of(seasons),
    )


def read_words(folder: Path) -> Mapping[str, bytes]:
    """Return the four tables as they lie in a folder."""
    return {name: (folder / name).read_bytes() for name in FILES}


def _rows(file: bytes) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(file.decode().splitlines(), strict=True))
    except csv.Error as error:
        raise ValueError("a table is no CSV") from error
    if any(None in row or None in row.values() for row in rows):
        raise ValueError("a line has a cell too many or too few")
    return rows


def _by_code(words: list[Word]) -> Mapping[str, Word]:
    found = {word.code: word for word in words}
    if len(found) != len(words):
        raise ValueError("a word stands twice")
    return found


def _known(table: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo) -> str:
        if value not in getattr(info.context, table):
            raise ValueError(f"not a word of {table}")
        return value

    return AfterValidator(check)


def _calendar(value: object, info: ValidationInfo) -> Calendar:
    found: Calendar | None = info.context.calendars.get(value) if info.context and isinstance(value, str) else None
    if found is None:
        raise ValueError("not a campaign of seasons.csv")
    return found


def _period(value: object) -> Period:
    return Period.parse(value if isinstance(value, str) else "")


ActCode = Annotated[str, _known("acts")]
Risk = Annotated[str, _known("risks")]
Place = Annotated[str, _known("territories")]
Campaign = Annotated[InstanceOf[Calendar], BeforeValidator(_calendar)]
Length = Annotated[InstanceOf[Period], BeforeValidator(_period)]
