"""Hours on French walls: every zone, every change of the clocks from 2025 to 2030, one instant for each hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access.matrix import BadPolicy
from chalicelib.agenda.zones import COLUMNS, load_zones, moment, shown, wall_clock, zone_of, zones

HEAD = ",".join(COLUMNS)
PARIS = "75,Europe/Paris,yes,Paris,s"
ALL = sorted(zones().names)
FIRST, LAST = (datetime.fromisoformat(day) for day in ("2025-01-01", "2030-12-31T23:59"))
QUARTERS = st.integers(0, (LAST - FIRST) // timedelta(minutes=15)).map(lambda n: FIRST + n * timedelta(minutes=15))


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def changes(zone: str) -> list[datetime]:
    """Return every instant from 2025 to 2030 at which the offset of a zone changes, to the hour."""
    found, at = [], datetime(2025, 1, 1, tzinfo=UTC)
    while at.year <= 2030:
        after = at + timedelta(hours=1)
        if at.astimezone(ZoneInfo(zone)).utcoffset() != after.astimezone(ZoneInfo(zone)).utcoffset():
            found.append(after)
        at = after
    return found


def test_every_department_of_france_has_a_zone() -> None:
    mainland = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B"]
    overseas = [str(n) for n in (*range(971, 979), 984, 986, 987, 988)]
    assert set(zones().of) == {*mainland, *overseas}
    assert {zone_of(one) for one in mainland} == {"Europe/Paris"}
    assert {zone_of(one) for one in ("", "99", "989")} == {"Europe/Paris"}


def test_overseas_clocks_show_what_their_law_says() -> None:
    noon = datetime.fromisoformat("2027-01-15T12:00")
    offsets = {
        one: (noon - moment(noon, zone_of(one)).replace(tzinfo=None)) // timedelta(minutes=30) for one in zones().of
    }
    assert {offsets[one] for one in ("971", "972", "977", "978")} == {-8}
    assert [offsets[one] for one in ("973", "974", "975", "976", "984", "986", "987", "988")] == [
        -6, 8, -6, 6, 10, 24, -20, 22,
    ]  # fmt: skip
    assert [(noon - moment(noon, f"Pacific/{one}").replace(tzinfo=None)) for one in ("Marquesas", "Gambier")] == [
        timedelta(hours=-9.5),
        timedelta(hours=-9),
    ]


def test_france_keeps_twelve_times_at_least() -> None:
    winter = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)
    assert len({wall_clock(winter, zone) for zone in ALL}) >= 10  # Antarctica and Clipperton have no inhabitants
    assert len(ALL) >= 12


@pytest.mark.abuse("Q03")
@given(st.sampled_from(ALL), QUARTERS)
def test_an_hour_that_clocks_show_has_one_instant_and_comes_back_from_it(zone: str, wall: datetime) -> None:
    at = moment(wall, zone)
    assert at.tzinfo is UTC
    back = wall_clock(at, zone)
    assert shown(wall, zone) == (back == wall)
    if back != wall:  # the gap of one spring night: counted with the offset from before it
        assert back - wall == timedelta(hours=1)


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("zone", ALL)
def test_at_every_change_of_the_clocks_each_quarter_has_one_right_instant(zone: str) -> None:
    found = changes(zone)
    assert len(found) == (12 if zone in ("Europe/Paris", "America/Miquelon") else 0)
    for change in found:
        seen: dict[datetime, datetime] = {}
        at = change - timedelta(hours=3)
        while at < change + timedelta(hours=3):
            wall = wall_clock(at, zone)
            expected = seen.setdefault(wall, at)  # an hour that comes twice: the first one is meant
            assert moment(wall, zone) == expected
            assert shown(wall, zone)
            at += timedelta(minutes=15)
        assert len(set(seen.values())) == len(seen)


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("year", range(2025, 2031))
def test_the_missing_and_the_doubled_hour_of_the_mainland_are_defined(year: int) -> None:
    spring, autumn = last_sunday(year, 3), last_sunday(year, 10)
    gap, twice = datetime.combine(spring, datetime.min.time()), datetime.combine(autumn, datetime.min.time())
    assert not shown(gap.replace(hour=2, minute=30), "Europe/Paris")
    assert shown(gap.replace(hour=1, minute=59), "Europe/Paris")
    assert shown(gap.replace(hour=3), "Europe/Paris")
    assert moment(twice.replace(hour=2, minute=30), "Europe/Paris") == twice.replace(minute=30, tzinfo=UTC)


def test_a_missing_hour_that_was_stored_is_counted_with_the_offset_before_the_gap() -> None:
    assert moment(datetime.fromisoformat("2027-03-28T02:30"), "Europe/Paris") == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "lines",
    [
        [PARIS, "75,Europe/Paris,yes,Paris,s"],
        [PARIS, "971,America/Nowhere,yes,w,s"],
        [PARIS, "971,../etc,yes,w,s"],
        [PARIS, "971,America/Guadeloupe,perhaps,w,s"],
        [PARIS, "971,America/Guadeloupe,yes,w,"],
        [PARIS, "987,Pacific/Gambier,no,w,s"],
        ["971,America/Guadeloupe,yes,w,s"],
    ],
)
def test_a_table_of_zones_that_says_nothing_clear_is_refused(lines: list[str]) -> None:
    with pytest.raises(BadPolicy):
        load_zones([HEAD, *lines])
