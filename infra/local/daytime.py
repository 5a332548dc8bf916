"""Where it is day now: reminders go out between eight and eight, and the story is played at any hour."""

from datetime import UTC, date, datetime

from chalicelib.reminders.hours import quiet, today, zone_of

_ROUND_THE_WORLD = ("29", "974", "987")


def awake() -> tuple[str, date]:
    """Return a department whose people may be told now, and its day."""
    now = datetime.now(UTC)
    territory = next(one for one in _ROUND_THE_WORLD if not quiet(zone_of(one), now))
    return territory, today(zone_of(territory), now)


def months_ago(today: date, months: int) -> date:
    """Return a day of birth so many months ago."""
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, min(today.day, 28))


def years_ago(today: date, years: int) -> date:
    """Return a day of birth so many years ago."""
    return date(today.year - years, today.month, min(today.day, 28))
