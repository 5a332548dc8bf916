"""Departments, and when their hour changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEPARTMENTS = ("29", "971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988")


def changes(zone: ZoneInfo) -> list[date]:
    """Return the days of 2025-2030 on which the clocks of a zone change; those of Paris where none do."""
    found = [day for day in _days() if _offset(zone, day) != _offset(zone, day + timedelta(days=1))]
    return found or changes(ZoneInfo("Europe/Paris"))


def _days():
    day = date(2025, 1, 1)
    while day < date(2031, 1, 1):
        yield day
        day += timedelta(days=1)


def _offset(zone: ZoneInfo, day: date):
    return datetime.combine(day, time(), zone).utcoffset()
