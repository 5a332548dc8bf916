"""When the holder is told: the eve at six, one's own time, on the right clocks, under names that tell nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.agenda.telling import due_at, due_days, tellings
from chalicelib.agenda.zones import moment, shown, zones

from .world import World

ZONES = sorted(zones().names)


def when(world: World) -> list[datetime]:
    return sorted(one.at for one in tellings(world.grant()))


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
def test_each_wanted_notice_is_named_once_and_found_again(zone: str, day: str, quarter: int) -> None:
    world, at = World(), datetime.fromisoformat(day) + quarter * timedelta(minutes=15)
    if not shown(at, zone):
        return
    world.remind(f"{at:%Y-%m-%dT%H:%M}") if zone == "Europe/Paris" else None
    world.plan(f"{at:%Y-%m-%dT%H:%M}", zone=zone)
    grant = world.grant()
    found = due_days(world.host, grant)
    assert len({name for _, name in found}) == len(found) == (2 if zone == "Europe/Paris" else 1)
    for on, name in found:
        told = due_at(grant, name)
        assert told is not None
        assert told.at.date() == on
        eve = datetime.combine(at.date() - timedelta(days=1), datetime.min.time()).replace(hour=18)
        assert told.at == moment(at if told.kind == "reminder" else eve, zone)


def test_a_changed_time_is_another_notice_and_a_changed_note_is_not() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    (first,) = due_days(world.host, world.grant())
    world.revise(entry, "2026-12-01T10:00", note="n")
    assert due_days(world.host, world.grant()) == [first]
    world.revise(entry, "2026-12-02T10:00")
    (second,) = due_days(world.host, world.grant())
    assert second != first
    assert second[0] == date(2026, 12, 1)
    assert due_at(world.grant(), first[1]) is None


@pytest.mark.parametrize("how", ["cancel", "remove", "unwanted"])
def test_nothing_is_told_of_what_is_over(how: str) -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    (name,) = [name for _, name in due_days(world.host, world.grant())]
    if how == "cancel":
        world.revise(entry, "2026-12-01T10:00", status="CANCELLED")
    if how == "remove":
        world.remove(entry.id)
    if how == "unwanted":
        world.revise(entry, "2026-12-01T10:00", remind=False)
    assert due_days(world.host, world.grant()) == []
    assert due_at(world.grant(), name) is None


def test_whoever_plans_for_tomorrow_after_the_eve_is_not_told_late() -> None:
    world = World(start=datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    entry = world.plan("2026-11-28T10:00")
    assert list(tellings(world.grant())) == []
    world.revise(entry, "2026-11-29T10:00")
    assert len(list(tellings(world.grant()))) == 1


def test_missed_days_are_caught_up() -> None:
    world = World()
    world.remind("2026-11-28T10:00")
    since = world.clock.now()
    world.clock.advance(timedelta(days=3))
    assert due_days(world.host, world.grant()) == []
    ((day, name),) = due_days(world.host, world.grant(), since)
    assert day == date(2026, 11, 28)
    assert due_at(world.grant(), name) is not None


@pytest.mark.abuse("Q04")
def test_names_tell_nothing_and_differ_between_records() -> None:
    one, other = World(), World()
    for world in (one, other):
        world.remind("2026-12-01T10:00")
    names = [due_days(world.host, world.grant())[0][1] for world in (one, other)]
    assert names[0] != names[1]
    assert all(len(name) == 32 and not set(name) - set("0123456789abcdef") for name in names)


def test_an_empty_agenda_tells_nothing() -> None:
    world = World()
    assert list(due_days(world.host, world.grant())) == []
