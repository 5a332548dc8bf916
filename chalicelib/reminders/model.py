"""What a prevention reminder is computed from and what comes out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """`began` is the first day of the last period: weeks of amenorrhoea (SA) are counted from it.

    `ended` is the birth or another end, None while nobody recorded one.
    """

    began: date
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The traits a rule may ask for.

    `sex` is F, M or I (indeterminate), `territory` an INSEE department code or "" when unknown; `risks` are words of
    policies/prevention/risks.csv, `opted_out` the rules that the holder does not want to hear of.
    """

    birth: date
    sex: str
    territory: str = ""
    risks: frozenset[str] = frozenset()
    pregnancies: tuple[Pregnancy, ...] = ()
    opted_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that took place, here or elsewhere: a vaccine dose, a test, an exam.

    `code` is a word of policies/prevention/acts.csv; `result` is "", "normal" or "abnormal".
    """

    code: str
    on: date
    result: str = ""


History = tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that should be done now: start <= today < end. (rule, dose, cycle) names its one reminder.

    `cycle` is "" for a series, the name of a season, the first day of a pregnancy, or the first day of the turn of an
    act that is repeated; `end` is the first day on which it is too late.
    """

    rule: str
    dose: int
    cycle: str
    start: date
    end: date
    reason_fr: str
    reason_en: str
    source: str
