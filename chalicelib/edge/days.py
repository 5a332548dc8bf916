"""A day as every body, query and file may give it: year, month and day, as RFC 3339 writes them."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from .faults import wrong

DAY = "is a day as YYYY-MM-DD"
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(given: Any) -> Any:
    """Read it, and refuse what pydantic would take for seconds since 1970: `20131200`, whose day nobody knows."""
    if given is None or isinstance(given, date):
        return given
    if isinstance(given, str) and _WRITTEN.fullmatch(given):
        with suppress(ValueError):
            return date.fromisoformat(given)
    raise wrong(DAY)


def in_order(first: date | None, last: date | None) -> None:
    """Refuse a period, of days or instants, that holds none: the answer would be nothing, as if nothing were there."""
    if first and last and last < first:
        raise wrong("ends before it begins")


def _after_since(until: date | None, info: ValidationInfo) -> date | None:
    in_order(info.data.get("since"), until)
    return until


WrittenDay = BeforeValidator(_written)
"""last in the annotation of a `date`"""
InOrder = AfterValidator(_after_since)
"""of a member `until`, whose model declares `since` before it"""
