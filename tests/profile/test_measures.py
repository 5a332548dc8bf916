"""Measures: bounds, the latest, a time, body mass index, growth curves."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.kernel.errors import AccessDenied, Invalid
from chalicelib.profile import actions, growth, series
from chalicelib.profile.measures_http import ReadingsBody
from chalicelib.profile.words import KINDS
from tests.http.api_scene import Scene
from tests.http.api_world import errors
from tests.people import DOCTOR, HOLDER
from tests.profile.world import PARENT, adult, content, draft, minor, note

ENTERED = sorted(kind.kind for kind in KINDS.values() if kind.entered and kind.kind != "BP")
AT = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)


def points(world: Any, kind: str, who: Any = HOLDER, **wanted: Any) -> list[tuple[datetime, float]]:
    found = series.series(world.host, who, world.record, series.Wanted(kind, **wanted))
    return [(one.at, one.value) for one in found.points]


def weigh(world: Any, day: int, value: float, kind: str = "WEIGHT", **more: Any) -> str:
    return note(world, "measures", kind=kind, at=AT + timedelta(days=day), value=value, **more).entry.id


@given(st.sampled_from(ENTERED), st.floats(-1e9, 1e9))
def test_a_value_is_taken_when_it_lies_in_the_bounds_with_the_digits_of_its_kind_and_only_then(kind: str, raw: float):
    known, value = KINDS[kind], round(raw, KINDS[kind].decimals)
    inside = known.low <= value <= known.high
    try:
        content("measures", kind=kind, at=AT, value=value)
        taken = True
    except ValidationError:
        taken = False
    assert taken == inside


@given(st.sampled_from(ENTERED), st.data())
def test_both_ends_of_the_bounds_are_taken_and_more_digits_are_not(kind: str, data: st.DataObject):
    known = KINDS[kind]
    for end in (known.low, known.high):
        assert content("measures", kind=kind, at=AT, value=end).value == end
    finer = data.draw(st.integers(1, 9)) / 10 ** (known.decimals + 1)
    with pytest.raises(ValidationError):
        content("measures", kind=kind, at=AT, value=known.low + finer)


@pytest.mark.parametrize(
    "members",
    [
        {"kind": "BMI", "value": 22.0},
        {"kind": "BP", "value": 120},
        {"kind": "BP", "value": 80, "second": 120},
        {"kind": "BP", "value": 120, "second": 300},
        {"kind": "WEIGHT", "value": 60, "second": 60},
        {"kind": "MOOD", "value": 1},
        {"kind": "WEIGHT", "value": float("nan")},
    ],
)
def test_an_impossible_measure_is_refused(members: dict[str, Any]):
    with pytest.raises(ValidationError):
        content("measures", at=AT, **members)
    sent = {"measures": [{"section": "measures", "at": AT, **members}]}
    with pytest.raises(ValidationError):
        ReadingsBody.model_validate(sent)


@settings(max_examples=40, deadline=None)
@given(st.integers(2000, 65000), st.integers(400, 2400))
def test_body_mass_index_is_weight_by_height_squared(grams_by_ten: int, millimetres: int):
    weight, height = grams_by_ten / 100, millimetres / 10
    world = adult()
    weigh(world, 0, height, "HEIGHT")
    weigh(world, 1, weight)
    ((_, index),) = points(world, "BMI")
    assert index == pytest.approx(weight / (height / 100) ** 2, abs=0.05001)


def test_an_index_stands_on_the_height_before_it_and_a_childs_height_soon_stands_for_nothing():
    world = minor()
    weigh(world, 0, 48)
    weigh(world, 1, 150, "HEIGHT")
    weigh(world, 2, 49)
    assert points(world, "BMI") == [(AT + timedelta(days=2), 21.8)]
    late = minor(date(2012, 1, 1))
    weigh(late, -200, 150, "HEIGHT")
    weigh(late, 0, 49)
    assert points(late, "BMI") == []
    assert [kind for kind, _ in series.latest(late.host, HOLDER, late.record)] == ["WEIGHT", "HEIGHT"]


def test_the_height_of_childhood_does_not_stand_for_an_adult():
    world = minor(date(2000, 1, 1))
    note(world, "measures", kind="HEIGHT", at=datetime(2010, 1, 1, tzinfo=UTC), value=140)
    weigh(world, 0, 70)
    assert points(world, "BMI") == []


def test_a_time_is_given_with_both_ends_and_in_order_whatever_was_entered_first():
    world = adult()
    for day in (3, -400, 1, 0, 2, -20000):
        weigh(world, day, 60 + day % 7)
    days = [(at - AT).days for at, _ in points(world, "WEIGHT")]
    assert days == [-20000, -400, 0, 1, 2, 3]
    some = points(world, "WEIGHT", since=AT, until=AT + timedelta(days=2))
    assert [(at - AT).days for at, _ in some] == [0, 1, 2]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-30000, 30), min_size=1, max_size=12, unique=True), st.integers(1, 5))
def test_pages_of_a_series_join_without_a_gap(days: list[int], limit: int):
    world = adult()
    offset = AT - timedelta(days=1)
    for day in days:
        if (offset + timedelta(days=day)).date() > date(1955, 8, 14):
            note(world, "measures", kind="STEPS", at=offset + timedelta(days=day), value=abs(day))
    wanted = sorted(day for day in days if (offset + timedelta(days=day)).date() > date(1955, 8, 14))
    seen: list[int] = []
    cursor = ""
    while True:
        page = series.series(world.host, HOLDER, world.record, series.Wanted("STEPS", cursor=cursor, limit=limit))
        seen = [(one.at - offset).days for one in page.points] + seen
        cursor = page.cursor
        if not cursor:
            break
    assert seen == wanted


def test_the_latest_of_each_kind_is_the_latest_in_time_that_was_not_deleted():
    world = adult()
    ids = [weigh(world, day, 60 + day) for day in range(8)]
    note(world, "measures", kind="BP", at=AT, value=120, second=80, origin="device", device="Tensiomètre")
    for one in ids[1:]:
        actions.delete(world.host, HOLDER, world.record, one, None)
    found = dict(series.latest(world.host, HOLDER, world.record))
    assert (found["WEIGHT"].value, found["BP"].value, found["BP"].second) == (60, 120, 80)


def test_a_series_says_what_is_aimed_at():
    world = adult()
    note(world, "targets", kind="WEIGHT", low=60, high=65)
    note(world, "targets", kind="WAIST", high=88)
    found = series.series(world.host, HOLDER, world.record, series.Wanted("WEIGHT")).target
    assert found.entry.content.high == 65


def test_measures_are_the_persons_and_no_professionals():
    world = adult()
    weigh(world, 0, 60)
    assert points(world, "WEIGHT", DOCTOR) == []
    with pytest.raises(Invalid):
        note(world, "measures", DOCTOR, kind="WEIGHT", at=AT, value=60)


def test_a_measure_of_the_future_is_refused_and_its_instant_does_not_change():
    world = adult()
    with pytest.raises(Invalid):
        note(world, "measures", kind="WEIGHT", at=world.clock.now() + timedelta(hours=1), value=60)
    made = weigh(world, 0, 60)
    moved = draft("measures", kind="WEIGHT", at=AT + timedelta(days=1), value=61)
    with pytest.raises(Invalid):
        actions.change(world.host, HOLDER, world.record, made, moved, None)


@pytest.mark.parametrize("at", ["2011-05-04T00:30+02:00", "2011-05-03T22:30Z", "2011-05-04T09:00+11:00"])
def test_a_child_is_weighed_on_the_day_of_birth_though_that_day_begins_later_in_greenwich(at: str):
    world, instant = minor(), datetime.fromisoformat(at)
    note(world, "measures", PARENT, kind="WEIGHT", at=instant, value=3.2)
    ((point, distance),) = growth.growth(world.host, PARENT, world.record, "WEIGHT").points
    assert (point.at, point.age_days) == (instant, 0)
    assert distance == pytest.approx(growth.lms_at("WEIGHT", "F", 0).distance(3.2), abs=0.01)


def test_nobody_is_weighed_before_birth():
    with pytest.raises(Invalid) as refused:
        note(minor(), "measures", PARENT, kind="WEIGHT", at=datetime(2011, 5, 3, 9, 59, tzinfo=UTC), value=3.2)
    assert refused.value.fields == {"/entry/at": "lies before birth"}


def test_the_same_reading_sent_twice_by_a_device_is_one():
    world = adult()
    ids = {weigh(world, 0, 60, key="device-0001") for _ in range(3)}
    assert len(ids) == len(points(world, "WEIGHT")) == 1


def test_many_readings_are_entered_under_one_line_of_the_journal_and_once_however_often_they_are_sent():
    world = adult()
    readings = [
        draft("measures", kind="INTERSTITIAL_GLUCOSE", at=AT + timedelta(minutes=5 * step), value=90 + step % 30)
        for step in range(100)
    ]
    first = actions.enter(world.host, HOLDER, world.record, readings)
    actions.delete(world.host, HOLDER, world.record, first[7], None)
    assert actions.enter(world.host, HOLDER, world.record, readings) == first
    assert len(points(world, "INTERSTITIAL_GLUCOSE")) == 99
    lines = [entry for entry in world.journal() if entry.detail.get("measures")]
    assert [entry.detail for entry in lines] == [{"measures": 100}] * 2
    impossible = [*readings[:3], draft("measures", kind="STEPS", at=world.clock.now() + timedelta(days=1), value=1)]
    with pytest.raises(Invalid):
        actions.enter(world.host, HOLDER, world.record, impossible)
    with pytest.raises(AccessDenied):
        actions.enter(world.host, DOCTOR, world.record, readings)


def test_a_reading_is_the_same_one_in_whatever_time_zone_the_device_tells_its_instant():
    world = adult()
    told = [AT, AT.astimezone(timezone(timedelta(hours=11))), AT.astimezone(timezone(timedelta(hours=-4)))]
    for at in told:
        actions.enter(world.host, HOLDER, world.record, [draft("measures", kind="WEIGHT", at=at, value=70)])
    assert points(world, "WEIGHT") == [(AT, 70)]


@pytest.mark.parametrize("kind", ["BP", "STEPS", "MOOD"])
def test_what_has_no_curves_is_refused(kind: str):
    with pytest.raises(Invalid):
        growth.growth(adult().host, HOLDER, "x", kind)


@pytest.mark.parametrize(
    ("kind", "sex", "age", "value", "z"),
    [
        ("WEIGHT", "M", 0, 3.3464, 0.0),  # medians and the 97th percentile as the WHO prints them
        ("WEIGHT", "F", 0, 3.2322, 0.0),
        ("WEIGHT", "M", 365, 11.8, 1.88),
        ("HEIGHT", "F", 1826, 109.4189, 0.0),
        ("HEAD_CIRC", "M", 0, 34.4618, 0.0),
        ("BMI", "F", 6940, 21.4269, 0.0),
    ],
)
def test_a_child_lies_where_the_published_tables_say(kind: str, sex: str, age: int, value: float, z: float):
    assert growth.lms_at(kind, sex, age).distance(value) == pytest.approx(z, abs=0.05)


@pytest.mark.parametrize(
    "at", [datetime(2100, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)], ids=["to come", "before birth"]
)
def test_of_many_readings_the_one_that_cannot_be_is_named_by_its_place(at: datetime):
    world = adult()
    readings = [draft("measures", kind="WEIGHT", at=one, value=70) for one in (AT, at)]
    with pytest.raises(Invalid) as refused:
        actions.enter(world.host, HOLDER, world.record, readings)
    assert list(refused.value.fields) == ["/measures/1/at"]


@given(st.sampled_from(sorted(growth.curves())), st.integers(0, 7000), st.floats(-2.9, 2.9))
def test_a_value_at_a_distance_lies_at_that_distance(key: tuple[str, str], age: int, z: float):
    found = growth.lms_at(*key, age)
    if found is not None:
        assert found.distance(found.value(z)) == pytest.approx(z, abs=1e-6)


@given(st.sampled_from(sorted(growth.curves())), st.integers(0, 7000), st.floats(0.5, 1.5), st.floats(1.001, 2))
def test_more_is_never_lower_on_the_curve(key: tuple[str, str], age: int, share: float, more: float):
    found = growth.lms_at(*key, age)
    if found is not None:
        value = found.median * share
        assert found.distance(value * more) > found.distance(value)


def test_the_measures_of_a_child_stand_beside_the_curves_of_their_sex():
    world = minor()
    for age in (0, 365, 3000):
        at = datetime(2011, 5, 4, tzinfo=UTC) + timedelta(days=age)
        note(world, "measures", PARENT, kind="WEIGHT", at=at, value=round(growth.lms_at("WEIGHT", "F", age).median, 1))
    found = growth.growth(world.host, PARENT, world.record, "WEIGHT")
    assert [point.age_days for point, _ in found.points] == [0, 365, 3000]
    assert all(abs(z) < 0.1 for _, z in found.points)
    age, values = found.curves[0]
    assert (age, [round(value, 1) for value in values]) == (0, [2.4, 2.8, 3.2, 3.7, 4.2])  # as the WHO prints them
    assert found.standards[0].source


def test_a_time_given_backwards_is_refused_and_not_taken_for_no_measure():
    scene = Scene()
    for until, told in (("2026-12-01T00:59:59+01:00", "422 INVALID"), ("2026-12-01T01:00:00+01:00", "200")):
        body = {"kind": "WEIGHT", "since": "2026-12-01T00:00:00Z", "until": until}
        answer = scene.world.send("holder", "POST", f"{scene.base}/measures/search", body=body)
        assert answer.told == told
        assert told == "200" or errors(answer) == {"/until": "ends before it begins"}


@pytest.mark.parametrize("later", [timedelta(hours=2), timedelta(days=3)])
def test_a_height_taken_after_the_weight_does_not_take_the_newest_index_away(later: timedelta):
    world = adult()
    for at, height in ((AT - timedelta(days=900), 170.0), (AT + timedelta(hours=1), 171.0), (AT + later, 172.0)):
        note(world, "measures", kind="HEIGHT", at=at, value=height)
    weigh(world, 0, 70.0)
    newest = dict(series.latest(world.host, HOLDER, world.record))
    assert [(newest["BMI"].at, newest["BMI"].value)] == points(world, "BMI")
