"""Random lives from a seed, most of them standing on an edge: a birthday, the end of a window or of an interval.

`lives(seed, count)` gives `(person, history, today)`. The same seed gives the same lives. Nothing here is the
product's: the objects only have the attributes of its Person, Pregnancy and Act.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import reference_history
from .reference_life import after_months, after_weeks, length_of_month

FIRST_BIRTH, LAST_BIRTH = date(1930, 1, 1), date(2026, 12, 31)
FIRST_TODAY, LAST_TODAY = date(2025, 1, 1), date(2035, 12, 31)
TERRITORIES = ("75", "13", "2A", "971", "972", "973", "974", "976", "93", "")
OFTEN = (2, 2, 1, 1, 1, 4, 1, 2, 2, 2)
RISKS = (
    "preterm", "chronic", "respiratory_or_cardiac", "immunocompromised", "severe_obesity", "care_home",
    "infant_contact", "health_staff", "early_childhood_staff", "tuberculosis_risk", "high_risk_breast",
    "high_risk_colorectal", "high_risk_cervical", "no_cervix",
)  # fmt: skip
RULES = (
    "hexavalent", "pneumococcal_infant", "rotavirus", "meningococcal_b", "meningococcal_acwy_infant",
    "measles_mumps_rubella", "bcg", "dtcap_6", "dtcap_11", "hpv", "meningococcal_acwy_adolescent",
    "hepatitis_b_catchup", "dtcap_25", "dtp_45", "dtp_65", "influenza", "pneumococcal_adult", "zoster", "rsv_senior",
    "rsv_pregnancy", "pertussis_pregnancy", "covid_autumn", "covid_spring", "yellow_fever", "breast_screening",
    "colorectal_screening", "cervical_cytology", "cervical_hpv", "prevention_checkup", "dental_exam",
    "dental_maternity", *(f"child_exam_{number:02}" for number in range(1, 21)),
)  # fmt: skip
MONTHS_OF_AGE = (
    12, 12, *range(37), 48, 60, 72, 84, 96, 108, 120, 132, 144, 156, 168, 180, 192, 204, 216, 228, 240, 252, 300, 312,
    324, 360, 372, 480, 492, 540, 552, 600, 612, 720, 732, 780, 792, 840, 852, 900, 912, 960, 972, 1020, 1080,
)  # fmt: skip
DAYS_OF_AGE = (0, 1, 7, 8, 9, 13, 14, 15, 56, 161, 168, 224)
EDGES_OF_THE_YEAR = ((1, 1), (1, 31), (2, 28), (3, 1), (6, 30), (7, 1), (8, 31), (9, 1), (10, 14), (12, 9), (4, 1))
WEEKS_OF_PREGNANCY = (0, 12, 14, 20, 22, 30, 32, 34, 37, 40, 42)


@dataclass(frozen=True, slots=True)
class Pregnancy:
    began: date
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    birth: date
    sex: str
    territory: str = ""
    risks: frozenset[str] = frozenset()
    pregnancies: tuple[Pregnancy, ...] = ()
    opted_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    code: str
    on: date
    result: str = ""


Life = tuple[Person, tuple[Act, ...], date]


def lives(seed: int, count: int, first: int = 0) -> Iterator[Life]:
    """Give `count` lives of a seed, from number `first` on."""
    for number in range(first, first + count):
        yield life(random.Random(f"{seed}/{number}"))


def life(chance: random.Random) -> Life:
    birth, today = birth_and_today(chance)
    sex = chance.choices("FMI", (50, 45, 5))[0]
    pregnancies = pregnancies_of(chance, birth, today) if sex != "M" else ()
    territory, opted_out = chance.choices(TERRITORIES, OFTEN)[0], frozenset(some(chance, RULES, 0.06))
    person = Person(birth, sex, territory, risks_of(chance), pregnancies, opted_out)
    begun = [one.began for one in pregnancies]
    acts = tuple(Act(*told) for told in reference_history.acts(chance, birth, today, begun))
    return person, acts, today


def birth_and_today(chance: random.Random) -> tuple[date, date]:
    """Return a birth and a later today within the bounds: half of them a day before, on or after an edge of age."""
    while True:
        birth, today = on_an_edge_of_age(chance) if chance.random() < 0.55 else on_an_edge_of_the_year(chance)
        if FIRST_BIRTH <= birth <= LAST_BIRTH and max(birth, FIRST_TODAY) <= today <= LAST_TODAY:
            return birth, today


def on_an_edge_of_age(chance: random.Random) -> tuple[date, date]:
    wobble = timedelta(days=chance.choice((-1, 0, 0, 1)))
    if chance.random() < 0.12:
        birth = day_of_birth(chance, FIRST_TODAY - timedelta(days=240), LAST_BIRTH)
        return birth, birth + timedelta(days=chance.choice(DAYS_OF_AGE)) + wobble
    age = chance.choice(MONTHS_OF_AGE)
    youngest = min(LAST_BIRTH, date(LAST_TODAY.year - age // 12, 12, 31))
    birth = day_of_birth(chance, max(FIRST_BIRTH, date(FIRST_TODAY.year - 1 - age // 12, 1, 1)), youngest)
    return birth, after_months(birth, age) + wobble


def on_an_edge_of_the_year(chance: random.Random) -> tuple[date, date]:
    year = chance.choice((2025, 2025, 2026, chance.randint(2025, 2035)))
    today = a_day(chance, FIRST_TODAY, LAST_TODAY)
    if chance.random() < 0.6:
        today = date(year, *chance.choice(EDGES_OF_THE_YEAR)) + timedelta(days=chance.choice((-1, 0, 0, 1)))
    oldest = chance.choice((date(2022, 1, 1), date(2008, 1, 1), date(1975, 1, 1), FIRST_BIRTH, FIRST_BIRTH))
    return day_of_birth(chance, oldest, LAST_BIRTH), today


def a_day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, (last - first).days))


def day_of_birth(chance: random.Random, first: date, last: date) -> date:
    """Return a birth: one in four on the last day of a month, one in ten on a 29 February when there is one."""
    day, kind = a_day(chance, first, last), chance.random()
    if kind < 0.1:
        leap = [year for year in range(first.year, last.year + 1) if length_of_month(year, 2) == 29]
        return date(chance.choice(leap), 2, 29) if leap else day
    return day.replace(day=length_of_month(day.year, day.month)) if kind < 0.35 else day


def some(chance: random.Random, words: tuple[str, ...], often: float) -> list[str]:
    """Return a few of the words, rarely most of them, mostly none: `often` is how many lives have any."""
    kind = chance.random()
    if kind < often / 20:
        return chance.sample(words, len(words) // 2)
    return chance.sample(words, chance.randint(1, 3)) if kind < often else []


def risks_of(chance: random.Random) -> frozenset[str]:
    contraindicated = [f"contraindicated:{rule}" for rule in some(chance, RULES, 0.06)]
    return frozenset([*some(chance, RISKS, 0.55), *contraindicated])


def pregnancies_of(chance: random.Random, birth: date, today: date) -> tuple[Pregnancy, ...]:
    """Return pregnancies between 15 and 50, one in two beside an edge: of weeks, of the birth, of its half year."""
    found = []
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        one = pregnancy(chance, today)
        if after_months(birth, 180) <= one.began < min(today + timedelta(days=2), after_months(birth, 600)):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.began))


def pregnancy(chance: random.Random, today: date) -> Pregnancy:
    wobble = timedelta(days=chance.choice((-1, 0, 0, 1)))
    lasting = timedelta(days=chance.choice((40, 91, 153, 154, chance.randint(223, 294), 280, 280)))
    kind = chance.random()
    if kind < 0.5:
        began = today - timedelta(weeks=chance.choice(WEEKS_OF_PREGNANCY)) + wobble
        open_ended = Pregnancy(began, chance.choice((None, None, began + lasting)))
        return open_ended if open_ended.ended is None or open_ended.ended > today else Pregnancy(began, None)
    if kind < 0.8:
        ended = after_months(today, 0) - timedelta(days=chance.choice((0, 30, 91, 181, 182, 184))) + wobble
        return Pregnancy(ended - lasting, ended)
    if kind < 0.85:
        return Pregnancy(after_weeks(today, -chance.randint(42, 80)), None)
    began = today - timedelta(days=chance.randint(300, 6000))
    return Pregnancy(began, began + lasting)
