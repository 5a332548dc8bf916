"""The law's clocks: policies/clocks.csv, read strictly, and the instants at which they run out.

A period in days, weeks, months or years runs out at the end of its last day in Paris (CPC art. 641 and 642: at
midnight), a length in minutes or hours to the second. Instants are ISO 8601 in UTC, so that they compare as text.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from ..kernel.period import Period
from .matrix import BadPolicy, rows_of

COLUMNS = ["clock", "length", "counted_from", "what", "source"]
CLOCKS = (
    "opposition",
    "suspension",
    "archive",
    "erasure",
    "announcement_told",
    "announcement_seen",
    "majority",
    "consultation",
    "emergency",
    "access_code",
    "assisted",
    "contact_change",
    "invitation",
    "disclosure",
    "activation",
)
LAW = ZoneInfo("Europe/Paris")
_HOURS = re.compile(r"PT(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?", re.ASCII)
_ONE_DAY = timedelta(days=1)
_EASTERNMOST = timedelta(hours=14)
"""where the day begins first"""

Length = Period | timedelta


def load_clocks(lines: Iterable[str]) -> Mapping[str, Length]:
    """Return the length of every clock. Raise BadPolicy unless each one stands there exactly once, with its source."""
    found: dict[str, Length] = {}
    for row in rows_of(lines, COLUMNS):
        if row["clock"] in found or not all(row.values()):
            raise BadPolicy(f"{row['clock']} stands twice or has an empty column")
        found[row["clock"]] = _length(row["clock"], row["length"])
    if set(found) != set(CLOCKS):
        raise BadPolicy(f"missing or unknown clocks: {sorted(set(found) ^ set(CLOCKS))}")
    return found


def _length(clock: str, text: str) -> Length:
    if hours := _HOURS.fullmatch(text):
        return timedelta(hours=int(hours[1] or 0), minutes=int(hours[2] or 0))
    try:
        return Period.parse(text)
    except ValueError as error:
        raise BadPolicy(f"{clock}: {error}") from error


@cache
def clocks() -> Mapping[str, Length]:
    """Return the shipped table, read once."""
    return load_clocks(Path(__file__).with_name("clocks.csv").read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=4096)
def over(clock: str, since: str) -> str:
    """Return the first instant at which this clock, started at that instant, has run out."""
    length, start = clocks()[clock], datetime.fromisoformat(since)
    if isinstance(length, timedelta):
        return instant(start + length)
    return midnight(length.after(start.astimezone(LAW).date()) + _ONE_DAY)


def comes_of_age(birth: date) -> str:
    """Return the instant from which a person is an adult: midnight in Paris, at eighteen years accomplished.

    Born on 29 February, eighteen years are accomplished when 28 February of a common year is over.
    """
    length = clocks()["majority"]
    if not isinstance(length, Period):
        raise BadPolicy("majority is counted in years")
    return midnight(length.after(birth - _ONE_DAY) + _ONE_DAY)


def today(now: datetime) -> date:
    """Return the day that it is in Paris."""
    return now.astimezone(LAW).date()


def latest_day(at: datetime) -> date:
    """Return the day that it is at an instant where it is latest: one after it is still to come everywhere."""
    return (at.astimezone(UTC) + _EASTERNMOST).date()


def midnight(day: date) -> str:
    """Return the instant at which this day begins in Paris."""
    return instant(datetime.combine(day, time(), LAW))


@lru_cache(maxsize=256)  # a list decides on every one of its documents at the same moment
def instant(moment: datetime) -> str:
    """Return a moment as text that compares."""
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()
