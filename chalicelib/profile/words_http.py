"""The words of the profile over HTTP: what a screen needs to offer and to show codes."""

from collections.abc import Iterable

from pydantic import BaseModel

from ..edge.http import Api, Call, Example, Reply
from .views import Words
from .words import ACTS, KINDS, RISKS, SECTIONS, VALUES, Act, Risk, Section, Value

api = Api("profile")


class WordView(BaseModel):
    """One code and its words."""

    code: str
    label: Words


class SectionView(WordView):
    """One section: the category of the access matrix that opens it to professionals, empty where none reads."""

    category: str
    writers: list[str]
    single: bool
    adults: bool
    may_be_secret: bool


class KindView(WordView):
    """One kind of measure: UCUM unit, bounds, digits; what is not entered is computed."""

    unit: str
    low: float | None
    high: float | None
    second_low: float | None
    second_high: float | None
    decimals: int
    loinc: str
    entered: bool
    grows: bool


class ValueView(BaseModel):
    """One code of an official value set: `relation`, `route` or `site`."""

    set: str
    code: str
    system: str
    label: str


class ProfileLabels(BaseModel):
    """Every code that an entry of the profile may hold."""

    sections: list[SectionView]
    measures: list[KindView]
    vaccines: list[WordView]
    prevention: list[WordView]
    risks: list[WordView]
    values: list[ValueView]


def _words(rows: Iterable[Act | Risk]) -> list[WordView]:
    return [WordView(code=row.code, label=Words(fr=row.fr, en=row.en)) for row in rows]


def _section(row: Section) -> SectionView:
    return SectionView(
        code=row.section,
        label=Words(fr=row.fr, en=row.en),
        category=row.category,
        writers=list(row.writers),
        single=row.single,
        adults=row.adults,
        may_be_secret=row.secret,
    )


def _value(row: Value) -> ValueView:
    return ValueView(set=row.set, code=row.code, system=row.system, label=row.fr)


def _kinds() -> list[KindView]:
    plain = [(row, row.model_dump(exclude={"kind", "fr", "en", "source"})) for row in KINDS.values()]
    return [KindView(code=row.kind, label=Words(fr=row.fr, en=row.en), **more) for row, more in plain]


def _labels() -> ProfileLabels:
    acts = ACTS.values()
    return ProfileLabels(
        sections=[_section(row) for row in SECTIONS.values()],
        measures=_kinds(),
        vaccines=_words(row for row in acts if row.kind == "vaccine"),
        prevention=_words(row for row in acts if row.kind != "vaccine"),
        risks=_words(RISKS.values()),
        values=[_value(row) for row in VALUES.values()],
    )


_LABELS = _labels()


@api.route(
    "GET",
    "/labels/profile",
    summary="Every code of the profile and its words",
    description="In French and English; value sets in French alone, as they are published.",
    reply=ProfileLabels,
    anonymous=True,
    examples=Example(
        reply={name: [one.model_dump() for one in getattr(_LABELS, name)][:1] for name in ProfileLabels.model_fields}
    ),
)
def labels(_: Call) -> Reply:
    """Give the labels."""
    return Reply(body=_LABELS)
