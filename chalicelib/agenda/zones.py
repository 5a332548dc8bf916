"""Wall-clock time in France: policies/zones.csv, read strictly, and the instant that an hour on a wall names.

Where the clock goes back, an hour comes twice: the first one is meant (RFC 5545 § 3.3.5). Where it goes forward, an
hour is missing: nobody may plan anything then; what was planned before a change of the law is counted with the offset
from before the gap (ibid.), so that every stored hour has exactly one instant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..access.matrix import BadPolicy, rows_of

COLUMNS = ["department", "zone", "first", "what", "source"]
MAINLAND = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone of each department, and every zone in which an hour may be given."""

    of: Mapping[str, str]
    names: frozenset[str]


def load_zones(lines: Iterable[str]) -> Zones:
    """Read the table. Raise BadPolicy unless every department has one first zone and every zone exists."""
    first: dict[str, str] = {}
    names: set[str] = set()
    for row in rows_of(lines, COLUMNS):
        if not all(row.values()) or row["first"] not in ("yes", "no") or not _exists(row["zone"]):
            raise BadPolicy(f"{row['department']} has an empty column, an unknown word or an unknown zone")
        if row["first"] == "yes":
            if row["department"] in first:
                raise BadPolicy(f"{row['department']} has two first zones")
            first[row["department"]] = row["zone"]
        elif row["department"] not in first:
            raise BadPolicy(f"{row['department']} names its first zone first")
        names.add(row["zone"])
    if MAINLAND not in names:
        raise BadPolicy("the mainland has a zone")
    return Zones(first, frozenset(names))


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


@cache
def zones() -> Zones:
    """Return the shipped table, read once."""
    return load_zones(Path(__file__).with_name("zones.csv").read_text(encoding="utf-8").splitlines())


def zone_of(department: str) -> str:
    """Return the zone in which somebody of this department (INSEE code) lives; the mainland's when it is unknown."""
    return zones().of.get(department, MAINLAND)


def moment(wall: datetime, zone: str) -> datetime:
    """Return the instant, in UTC, at which clocks of this zone show this (naive) time."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_clock(at: datetime, zone: str) -> datetime:
    """Return the (naive) time that clocks of this zone show at an instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def shown(wall: datetime, zone: str) -> bool:
    """Tell whether clocks of this zone ever show this time: not in the night in which they go forward."""
    return wall_clock(moment(wall, zone), zone) == wall
