"""When the holder is told: the eve at six, one's own time, on the right clocks, under names that tell nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.agenda.telling import Telling, tellings
from chalicelib.agenda.zones import moment, shown, zones

from .world import World

ZONES = sorted(zones().names)


def when(world: World) -> list[datetime]:
    return sorted(one.at for one in tellings(world.grant()))


def named(world: World) -> dict[str, Telling]:
    return {one.name: one for one in tellings(world.grant())}


def test_an_appointment_is_told_on_its_eve_at_six_and_a_reminder_at_its_time() -> None:
    world = World()
    world.plan("2026-12-01T10:00")
    world.remind("2026-12-01T10:00")
    assert when(world) == [datetime(2026, 11, 30, 17, 0, tzinfo=UTC), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)]
    assert {one.zone for one in tellings(world.grant())} == {"Europe/Paris"}


@pytest.mark.abuse("Q03")
def test_the_eve_is_at_six_on_the_clocks_of_the_place_also_across_a_change() -> None:
    world = World()
    world.plan("2027-03-29T09:00")  # clocks went forward on the day before
    world.plan("2027-10-31T09:00")
    world.plan("2027-03-14T09:00", zone="America/Miquelon")
    assert when(world) == [
        datetime(2027, 3, 13, 21, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 16, 0, tzinfo=UTC),
        datetime(2027, 10, 30, 16, 0, tzinfo=UTC),
    ]


@pytest.mark.abuse("Q03")
@settings(max_examples=60)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["2028-02-29", "2027-03-14", "2027-03-28", "2027-10-31", "2027-11-07", "2027-12-31"]),
    st.integers(0, 95),
)
def test_each_wanted_notice_has_one_name_and_its_time(zone: str, day: str, quarter: int) -> None:
    world, at = World(), datetime.fromisoformat(day) + quarter * timedelta(minutes=15)
    if not shown(at, zone):
        return
    world.remind(f"{at:%Y-%m-%dT%H:%M}") if zone == "Europe/Paris" else None
    world.plan(f"{at:%Y-%m-%dT%H:%M}", zone=zone)
    assert len(when(world)) == len(named(world)) == (2 if zone == "Europe/Paris" else 1)
    for told in named(world).values():
        eve = datetime.combine(at.date() - timedelta(days=1), datetime.min.time()).replace(hour=18)
        assert told.at == moment(at if told.kind == "reminder" else eve, zone)


def test_a_changed_time_is_another_notice_and_a_changed_note_is_not() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    first = named(world)
    world.revise(entry, "2026-12-01T10:00", note="n")
    assert named(world) == first
    world.revise(entry, "2026-12-02T10:00")
    (second,) = named(world).items()
    assert second[0] not in first
    assert second[1].at.date() == date(2026, 12, 1)


@pytest.mark.parametrize("how", ["cancel", "remove", "unwanted"])
def test_nothing_is_told_of_what_is_over(how: str) -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    assert len(named(world)) == 1
    if how == "cancel":
        world.revise(entry, "2026-12-01T10:00", status="CANCELLED")
    if how == "remove":
        world.remove(entry.id)
    if how == "unwanted":
        world.revise(entry, "2026-12-01T10:00", remind=False)
    assert named(world) == {}


def test_whoever_plans_for_tomorrow_after_the_eve_is_not_told_late() -> None:
    world = World(start=datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    entry = world.plan("2026-11-28T10:00")
    assert list(tellings(world.grant())) == []
    world.revise(entry, "2026-11-29T10:00")
    assert len(list(tellings(world.grant()))) == 1


def test_what_an_editor_sends_or_moves_after_the_eve_is_told_at_once() -> None:
    world = World(start=datetime(2026, 11, 27, 10, 0, tzinfo=UTC))
    world.push("2026-11-28T15:00")
    eve = named(world)
    for hour, at in ((19, "2026-11-28T09:00"), (20, "2026-11-28T09:00"), (21, "2026-11-28T08:30")):
        world.clock.set(datetime(2026, 11, 27, hour, 0, tzinfo=UTC))
        world.push(at, title=f"Consultation {hour}")
        (one,) = named(world).values()
        assert one.at == datetime(2026, 11, 27, 19 if hour < 21 else 21, tzinfo=UTC)
        assert one.name not in eve
    world.push("2026-11-28T08:30", status="CANCELLED")
    assert named(world) == {}


@pytest.mark.abuse("Q04")
def test_names_tell_nothing_and_differ_between_records() -> None:
    one, other = World(), World()
    for world in (one, other):
        world.remind("2026-12-01T10:00")
    names = [name for world in (one, other) for name in named(world)]
    assert names[0] != names[1]
    assert all(len(name) == 32 and not set(name) - set("0123456789abcdef") for name in names)


def test_an_empty_agenda_tells_nothing() -> None:
    world = World()
    assert named(world) == {}
