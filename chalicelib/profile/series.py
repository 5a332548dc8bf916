"""Measures: the latest of each kind, a kind over a time, body mass index computed from weight and height."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from ..access.actor import Actor
from ..access.clocks import comes_of_age, instant
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..access.person import read_person
from ..kernel.errors import Invalid
from ..kernel.host import Host
from ..kernel.ports import Row
from .measure import Measure, Target
from .model import Entry, group_of, moment
from .reading import Shown, newest, visible
from .store import begin_heads, heads
from .words import KINDS

BMI, WEIGHT, HEIGHT = "BMI", "WEIGHT", "HEIGHT"
CHILDS_HEIGHT = timedelta(days=92)
"""how long the height of somebody who still grows may stand beside a weight"""
_CM = 100


@dataclass(frozen=True, slots=True)
class Point:
    """One value: when, how much, at which age in days, and the entries it comes from, by whom."""

    at: datetime
    value: float
    second: float | None
    age_days: int
    sources: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one kind, oldest first; `cursor` leads to the ones before them, empty when there are none."""

    kind: str
    points: tuple[Point, ...]
    target: Shown | None = None
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which points: of one kind, from `since` to `until` (both included), at most so many."""

    kind: str
    since: datetime | None = None
    until: datetime | None = None
    cursor: str = ""
    limit: int = 500


def latest(host: Host, actor: Actor, record: str, request: str = "") -> list[tuple[str, Point]]:
    """Return the newest point of every kind, in the order of the table. Calls: 3 and one query a kind, all at once.

    One query more where the height was taken later than the weight: an earlier one stands beside it.
    """
    grant = gate(host, Ask(actor, record, "profile:list", request=request))
    groups = {kind: group_of(host, record, "measures", kind) for kind in _entered()}
    started = {kind: begin_heads(host, record, begins) for kind, begins in groups.items()}
    birth = read_person(host, grant).birth_date
    found = {kind: newest(host, grant, groups[kind], rows) for kind, rows in started.items()}
    points = {kind: _point(entry, birth) for kind, entry in found.items() if entry}
    if WEIGHT in points and HEIGHT in points:
        heights = _heights(host, grant, points[WEIGHT], points[HEIGHT], birth)
        points.update((BMI, one) for one in _indices([points[WEIGHT]], heights, birth))
    return [(kind, points[kind]) for kind in KINDS if kind in points]


def _heights(host: Host, grant: Grant, weight: Point, newest_one: Point, birth: date) -> list[Point]:
    """Return the newest height that was taken no later than the day of a weight, if there is one."""
    if newest_one.at.date() <= weight.at.date():
        return [newest_one]
    until = datetime.combine(weight.at.date(), time.max, weight.at.tzinfo)
    return _page(host, grant, Wanted(HEIGHT, until=until, limit=1), birth)[0]


def series(host: Host, actor: Actor, record: str, wanted: Wanted, request: str = "") -> Series:
    """Return one kind over a time, and what is aimed at. Calls: 4 and one query a hundred points."""
    if wanted.kind not in KINDS:
        raise Invalid(fields={"/kind": "is not a known code"})
    grant = gate(host, Ask(actor, record, "profile:list", request=request))
    birth = read_person(host, grant).birth_date
    points, cursor = points_of(host, grant, wanted, birth)
    return Series(wanted.kind, tuple(points), _target(host, grant, wanted.kind), cursor)


def points_of(host: Host, grant: Grant, wanted: Wanted, birth: date) -> tuple[list[Point], str]:
    """Return the points that the caller of a grant may read, oldest first, and the cursor to earlier ones."""
    if wanted.kind != BMI:
        return _page(host, grant, wanted, birth)
    weights, cursor = _page(host, grant, Wanted(WEIGHT, wanted.since, wanted.until, wanted.cursor, wanted.limit), birth)
    heights = [_point(one.entry, birth) for one in visible(host, grant, _rows(host, grant, Wanted(HEIGHT)))]
    return _indices(weights, heights[::-1], birth), cursor


def _page(host: Host, grant: Grant, wanted: Wanted, birth: date) -> tuple[list[Point], str]:
    found = list(islice(visible(host, grant, _rows(host, grant, wanted)), wanted.limit + 1))
    cursor = found[wanted.limit - 1].entry.id if len(found) > wanted.limit else ""
    return [_point(one.entry, birth) for one in reversed(found[: wanted.limit])], cursor


def _rows(host: Host, grant: Grant, wanted: Wanted) -> Iterable[Row]:
    """Return sealed rows, newest first: the order of their ids."""
    record = grant.record
    begins = group_of(host, record, "measures", wanted.kind)
    after = begins + moment(host, record, wanted.until) if wanted.until else ""
    upto = begins + moment(host, record, wanted.since) if wanted.since else ""
    cursor = wanted.cursor if wanted.cursor.startswith(begins) else ""
    return heads(host, record, begins, max(after, cursor), upto)


def _entered() -> list[str]:
    return [kind.kind for kind in KINDS.values() if kind.entered]


def _target(host: Host, grant: Grant, kind: str) -> Shown | None:
    found = visible(host, grant, heads(host, grant.record, group_of(host, grant.record, "targets")))
    fits = [one for one in found if isinstance(one.entry.content, Target) and one.entry.content.kind == kind]
    return max(fits, key=lambda one: one.entry.changed, default=None)


def _point(entry: Entry, birth: date) -> Point:
    content = entry.content
    if not isinstance(content, Measure):
        raise TypeError("a row among the measures is none")
    age = max(0, (content.at.date() - birth).days)  # on the day of birth it may still be the eve where the device is
    return Point(content.at, content.value, content.second, age, (entry,))


def _indices(weights: Iterable[Point], heights: Sequence[Point], birth: date) -> list[Point]:
    """Return kg/m² for each weight that has a height to stand beside; both oldest first."""
    days = [one.at.date() for one in heights]
    found = []
    for weight in weights:
        place = bisect_right(days, weight.at.date())
        if place and _stands(heights[place - 1], weight, birth):
            found.append(_index(weight, heights[place - 1]))
    return found


def _stands(height: Point, weight: Point, birth: date) -> bool:
    adult = comes_of_age(birth)
    if instant(weight.at) >= adult:
        return instant(height.at) >= adult
    return weight.at - height.at <= CHILDS_HEIGHT


def _index(weight: Point, height: Point) -> Point:
    value = round(weight.value / (height.value / _CM) ** 2, KINDS[BMI].decimals)
    return Point(weight.at, value, None, weight.age_days, (*weight.sources, *height.sources))
