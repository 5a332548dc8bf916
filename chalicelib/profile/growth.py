"""Growth of a child beside published curves: LMS parameters of the WHO (policies/profile/growth.csv).

A value y at an age with parameters L, M, S lies z = ((y/M)^L - 1) / (L S) standard deviations from the median; beyond
three of them the WHO counts in the distance between the second and the third (de Onis 2006, § 5.2).
"""

import csv
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

from ..access.actor import Actor
from ..access.gate import Ask, gate
from ..access.person import read_person
from ..kernel.errors import Invalid
from ..kernel.host import Host
from .series import Point, Wanted, points_of
from .words import KINDS

_HERE = Path(__file__).parent
_FAR = 3
_DIGITS = 2
PERCENTILES: Mapping[int, float] = {3: -1.88079, 15: -1.03643, 50: 0.0, 85: 1.03643, 97: 1.88079}
"""percentile -> its distance from the median in standard deviations"""
_MOST = 500


@dataclass(frozen=True, slots=True)
class Lms:
    """The distribution at one age: Box-Cox power, median, coefficient of variation."""

    age_days: int
    power: float
    median: float
    spread: float

    def value(self, z: float) -> float:
        """Return the value that lies so many standard deviations from the median."""
        if self.power == 0:
            return self.median * math.exp(self.spread * z)
        return float(self.median * (1 + self.power * self.spread * z) ** (1 / self.power))

    def distance(self, value: float) -> float:
        """Return how many standard deviations a value lies from the median."""
        ratio = value / self.median
        z = math.log(ratio) / self.spread if self.power == 0 else (ratio**self.power - 1) / (self.power * self.spread)
        if abs(z) <= _FAR:
            return z
        end = math.copysign(_FAR, z)
        third, second = self.value(end), self.value(end - math.copysign(1, z))
        return end + (value - third) / abs(third - second)


@dataclass(frozen=True, slots=True)
class Standard:
    """Where curves of some ages come from."""

    standard: str
    from_days: int
    to_days: int
    source: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Points with their distance from the median, None where no curve is published, and the curves to plot them on."""

    kind: str
    points: tuple[tuple[Point, float | None], ...]
    curves: tuple[tuple[int, tuple[float, ...]], ...]
    """(age in days, a value for each of PERCENTILES)"""
    standards: tuple[Standard, ...]


@cache
def curves() -> Mapping[tuple[str, str], tuple[Lms, ...]]:
    """Return the parameters by (kind, sex), by age."""
    found: dict[tuple[str, str], list[Lms]] = {}
    for row in _read("growth.csv"):
        one = Lms(int(row["age_days"]), float(row["l"]), float(row["m"]), float(row["s"]))
        found.setdefault((row["measure"], row["sex"]), []).append(one)
    return {key: tuple(sorted(many, key=lambda one: one.age_days)) for key, many in found.items()}


@cache
def standards() -> tuple[Standard, ...]:
    """Return where the parameters come from."""
    rows = _read("standards.csv")
    return tuple(Standard(r["standard"], int(r["from_days"]), int(r["to_days"]), r["source"]) for r in rows)


def _read(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def lms_at(kind: str, sex: str, age_days: int) -> Lms | None:
    """Return the parameters at an age, between two ages on a straight line; None outside the published ages."""
    known = curves().get((kind, sex), ())
    place = bisect_right([one.age_days for one in known], age_days)
    if not place or age_days > known[-1].age_days:
        return None
    before, after = known[place - 1], known[min(place, len(known) - 1)]
    share = (age_days - before.age_days) / ((after.age_days - before.age_days) or 1)
    pairs = ((before.power, after.power), (before.median, after.median), (before.spread, after.spread))
    return Lms(age_days, *(low + share * (high - low) for low, high in pairs))


def growth(host: Host, actor: Actor, record: str, kind: str, request: str = "") -> Growth:
    """Return a child's measures beside the curves of their sex, the newest five hundred. Calls: 3 and those of a page.

    Preterm birth is not corrected for. Where sex is not F or M there are points and no curves.
    """
    if kind not in KINDS or not KINDS[kind].grows:
        raise Invalid(fields={"/kind": "has no growth curves"})
    grant = gate(host, Ask(actor, record, "profile:list", request=request))
    person = read_person(host, grant)
    known = curves().get((kind, person.sex), ())
    last = max((one.age_days for many in curves().values() for one in many), default=0)
    grown = datetime.combine(person.birth_date + timedelta(days=last), time.max, UTC)
    points, _ = points_of(host, grant, Wanted(kind, until=grown, limit=_MOST), person.birth_date)
    placed = tuple((one, _distance(kind, person.sex, one)) for one in points)
    plotted = tuple((one.age_days, tuple(round(one.value(z), _DIGITS) for z in PERCENTILES.values())) for one in known)
    return Growth(kind, placed, plotted, standards())


def _distance(kind: str, sex: str, point: Point) -> float | None:
    found = lms_at(kind, sex, point.age_days)
    if found is None or point.value <= 0:  # a body mass index that is rounded to nothing lies nowhere
        return None
    return round(found.distance(point.value), _DIGITS)
