"""The words of the profile, as data: sections, measures, value sets, acts and risks (policies/profile, prevention)."""

from collections.abc import Callable, Container, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from ..access.matrix import CATEGORIES, BadPolicy, rows_of
from ..edge.faults import wrong

_HERE = Path(__file__).parent

Text = Annotated[str, Field(min_length=1)]
Said = Annotated[bool, BeforeValidator({"yes": True, "no": False}.get)]
Codes = Annotated[tuple[str, ...], BeforeValidator(str.split)]
Number = Annotated[float | None, BeforeValidator(lambda text: text or None)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Row):
    """One part of the profile.

    `category` is the one of the access matrix, empty where no professional reads. `writers` may write it; `single`
    holds one entry, `adults` is not for minors, a minor may keep an entry of a `secret` one from representatives;
    reminders are computed from what `counts`.
    """

    section: Text
    fr: Text
    en: Text
    category: str
    writers: Codes
    single: Said
    adults: Said
    secret: Said
    counts: Said
    source: Text


class Kind(_Row):
    """One kind of measure: its UCUM unit, its bounds (both included), `second` those of a second value.

    What is not `entered` is computed; what `grows` has growth curves.
    """

    kind: Text
    fr: Text
    en: Text
    unit: Text
    low: Number
    high: Number
    second_low: Number
    second_high: Number
    decimals: int
    loinc: Text
    entered: Said
    grows: Said
    source: Text


class Value(_Row):
    """One code of an official value set."""

    set: Literal["relation", "route", "site"]
    code: Text
    system: Text
    fr: Text
    source: Text


class Act(_Row):
    """One vaccine, test or visit. `atc` are prefixes of the codes of its products."""

    code: Text
    kind: Literal["vaccine", "test", "visit"]
    atc: Codes
    med: Codes
    fr: Text
    en: Text
    source: Text


class Risk(_Row):
    """One trait of a person's health that a reminder may depend on."""

    code: Text
    fr: Text
    en: Text
    source: Text


_R = TypeVar("_R", bound=_Row)


def _table(name: str, model: type[_R], key: Callable[[_R], str]) -> Mapping[str, _R]:
    """Read a table. Raise BadPolicy on a wrong column, ValueError on a wrong cell or a code that stands twice."""
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [model(**row) for row in rows_of(lines, list(model.model_fields))]
    found = {key(row): row for row in rows}
    if len(found) != len(rows):
        raise BadPolicy(f"{name}: a code stands twice")
    return MappingProxyType(found)


SECTIONS = _table("sections.csv", Section, lambda row: row.section)
KINDS = _table("measures.csv", Kind, lambda row: row.kind)
VALUES = _table("values.csv", Value, lambda row: f"{row.set}:{row.code}")
ACTS = _table("acts.csv", Act, lambda row: row.code)
RISKS = _table("risks.csv", Risk, lambda row: row.code)
RULES = frozenset(code.partition(":")[2] for code in RISKS if code.startswith("contraindicated:"))
"""the rules that a person may be contraindicated for, and may switch off"""

if _strange := [row.section for row in SECTIONS.values() if row.category and row.category not in CATEGORIES]:
    raise BadPolicy(f"sections.csv: unknown category: {_strange}")


KEPT = {"kept": True}
"""the context in which an entry is validated that was kept before: tables change, and it has to be read all the same"""


def word(known: Container[str], prefix: str = "") -> AfterValidator:
    """Return a validator that knows the words of a table; empty text is no word said."""

    def check(value: str, info: ValidationInfo) -> str:
        if value and prefix + value not in known and info.context is not KEPT:
            raise wrong("is not a known code")
        return value

    return AfterValidator(check)


def vaccine_of(atc: str) -> str:
    """Return the act whose vaccine has this ATC code, the longest prefix first; empty when there is none."""
    code = atc.upper()  # some print it in small letters
    fits = [(prefix, act.code) for act in ACTS.values() for prefix in act.atc if prefix and code.startswith(prefix)]
    return max(fits, key=lambda fit: len(fit[0]), default=("", ""))[1]
