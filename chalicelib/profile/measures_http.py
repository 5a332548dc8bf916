"""Measures over HTTP: the latest of each kind, a series to plot, growth curves. Kinds never stand in a URL."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from ..edge.days import InOrder
from ..edge.http import STRICT, Api, Call, Example, Reply
from . import actions
from .content import SUITING
from .examples import ENTERED, NEWEST, READINGS, SERIES
from .growth import PERCENTILES, Growth, growth, standards
from .measure import EARLIEST, LATEST, Measure, Target
from .model import Draft, Entry
from .series import Point, Wanted, latest, series
from .views import Code, Cursor, Words, WriterView, writer_view
from .words import KINDS

api = Api("measures")

Instant = Annotated[AwareDatetime | None, Field(strict=False, ge=EARLIEST, lt=LATEST)]


class SourceView(BaseModel):
    """The entry a value comes from: entered by hand or by a device, and who says so."""

    id: str
    origin: str
    device: str
    by: WriterView


class PointView(BaseModel):
    """One value, ready to plot; a computed one has several sources."""

    at: datetime
    value: float
    second: float | None
    age_days: int
    sources: list[SourceView]


class LatestView(BaseModel):
    """The newest value of one kind, with its UCUM unit."""

    kind: str
    unit: str
    label: Words
    point: PointView


class MeasuresView(BaseModel):
    """The newest value of every kind that has one."""

    measures: list[LatestView]


class ReadingsBody(BaseModel):
    """Up to a hundred measures, as a device sends them."""

    model_config = STRICT
    measures: Annotated[list[Annotated[Measure, SUITING]], Field(min_length=1, max_length=100)]


class EnteredView(BaseModel):
    """The ids of the measures, in the order sent."""

    ids: list[str]


class SeriesBody(BaseModel):
    """Which points: of one kind, in a time whose ends are included."""

    model_config = STRICT
    kind: Code
    since: Instant = None
    until: Annotated[Instant, InOrder] = None
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 500


class TargetView(BaseModel):
    """What somebody aims at."""

    low: float | None
    high: float | None


class SeriesView(BaseModel):
    """Points, oldest first; `cursor` leads to the ones before them, empty when there are none."""

    kind: str
    unit: str
    points: list[PointView]
    target: TargetView | None
    cursor: str


class GrowthBody(BaseModel):
    """WEIGHT, HEIGHT, HEAD_CIRC or BMI."""

    model_config = STRICT
    kind: Code


class PlacedView(BaseModel):
    """A value and its distance from the median in standard deviations, null where no curve is published."""

    point: PointView
    z: float | None


class CurveView(BaseModel):
    """One percentile: (age in days, value)."""

    percentile: int
    points: list[tuple[int, float]]


class StandardView(BaseModel):
    """Where the curves of some ages come from."""

    standard: str
    from_days: int
    to_days: int
    source: str


class GrowthView(BaseModel):
    """A child's measures beside published curves; none for a person whose sex has none."""

    kind: str
    unit: str
    points: list[PlacedView]
    curves: list[CurveView]
    standards: list[StandardView]


def _source(entry: Entry) -> SourceView:
    content = entry.content
    origin, device = (content.origin, content.device) if isinstance(content, Measure) else ("", "")
    return SourceView(id=entry.id, origin=origin, device=device, by=writer_view(entry.by))


def _point(point: Point) -> PointView:
    sources = [_source(one) for one in point.sources]
    return PointView(at=point.at, value=point.value, second=point.second, age_days=point.age_days, sources=sources)


@api.route(
    "GET",
    "/records/{record}/measures",
    summary="The newest value of every kind of measure",
    reply=MeasuresView,
    examples=Example(reply=NEWEST),
)
def newest(call: Call) -> Reply:
    """Give the latest values."""
    found = latest(call.host, call.actor, call.params["record"], call.request_id)
    kinds = [(KINDS[kind], point) for kind, point in found]
    views = [
        LatestView(kind=kind.kind, unit=kind.unit, label=Words(fr=kind.fr, en=kind.en), point=_point(point))
        for kind, point in kinds
    ]
    return Reply(body=MeasuresView(measures=views))


@api.route(
    "POST",
    "/records/{record}/measures",
    summary="Enter many measures at once",
    description="A reading is known by what it says: sent again, it is the same one.",
    body=ReadingsBody,
    reply=EnteredView,
    status=201,
    examples=Example(request=READINGS, reply=ENTERED),
)
def enter(call: Call[ReadingsBody]) -> Reply:
    """Enter."""
    drafts = [Draft(one) for one in call.body.measures]
    return Reply(
        201, EnteredView(ids=actions.enter(call.host, call.actor, call.params["record"], drafts, call.request_id))
    )


@api.route(
    "POST",
    "/records/{record}/measures/search",
    summary="One kind of measure over a time, ready to plot",
    description="BMI is computed from weight and height and never entered.",
    body=SeriesBody,
    reply=SeriesView,
    examples=Example(request={"kind": "WEIGHT", "since": "2026-01-01T00:00:00Z"}, reply=SERIES),
)
def search(call: Call[SeriesBody]) -> Reply:
    """Give a series."""
    body = call.body
    wanted = Wanted(body.kind, body.since, body.until, body.cursor, body.limit)
    found = series(call.host, call.actor, call.params["record"], wanted, call.request_id)
    aim = found.target.entry.content if found.target else None
    target = TargetView(low=aim.low, high=aim.high) if isinstance(aim, Target) else None
    points = [_point(one) for one in found.points]
    return Reply(
        body=SeriesView(kind=found.kind, unit=KINDS[found.kind].unit, points=points, target=target, cursor=found.cursor)
    )


_GROWTH = {
    "kind": "WEIGHT",
    "unit": "kg",
    "points": [],
    "curves": [{"percentile": 50, "points": [[0, 3.23]]}],
    "standards": [asdict(one) for one in standards()],
}


@api.route(
    "POST",
    "/records/{record}/measures/growth",
    summary="A child's measures beside published growth curves",
    body=GrowthBody,
    reply=GrowthView,
    examples=Example(request={"kind": "WEIGHT"}, reply=_GROWTH),
)
def grow(call: Call[GrowthBody]) -> Reply:
    """Give growth curves."""
    return Reply(body=_growth(growth(call.host, call.actor, call.params["record"], call.body.kind, call.request_id)))


def _growth(found: Growth) -> GrowthView:
    curves = [
        CurveView(percentile=percentile, points=[(age, values[place]) for age, values in found.curves])
        for place, percentile in enumerate(PERCENTILES if found.curves else ())
    ]
    return GrowthView(
        kind=found.kind,
        unit=KINDS[found.kind].unit,
        points=[PlacedView(point=_point(point), z=z) for point, z in found.points],
        curves=curves,
        standards=[StandardView(**asdict(one)) for one in found.standards],
    )
