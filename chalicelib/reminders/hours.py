"""When a person may be told: between eight in the morning and eight in the evening, where the person lives.

Hours are written in UTC (`2026-11-27T07`), so that they compare as text whatever clocks are changed.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from ..agenda import zones

MORNING, EVENING = time(8), time(20)
ONE_HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)
_LENGTH = len("2026-11-27T07")


@cache
def zone_of(territory: str) -> ZoneInfo:
    """Return the zone of a department (INSEE code); the mainland's when it is unknown."""
    return ZoneInfo(zones.zone_of(territory))


def hour(moment: datetime) -> str:
    """Return the hour, in UTC, in which a moment lies."""
    return moment.astimezone(UTC).isoformat()[:_LENGTH]


def begins(name: str) -> datetime:
    """Return the moment at which an hour begins."""
    return datetime.fromisoformat(f"{name}:00+00:00")


def today(zone: ZoneInfo, now: datetime) -> date:
    """Return the day that the calendar on the wall shows."""
    return now.astimezone(zone).date()


def quiet(zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether nothing may be sent now."""
    return not MORNING <= now.astimezone(zone).time() < EVENING


def morning(zone: ZoneInfo, day: date) -> str:
    """Return the hour that begins at eight on that day, or where clocks go by half hours the next one."""
    moment = datetime.combine(day, MORNING, zone).astimezone(UTC)
    return hour(moment + timedelta(minutes=59))


def soon(zone: ZoneInfo, now: datetime) -> str:
    """Return the hour in which somebody can be told next: this one, or that of the next morning."""
    if not quiet(zone, now):
        return hour(now)
    day = today(zone, now)
    return morning(zone, day if now.astimezone(zone).time() < MORNING else day + ONE_DAY)
