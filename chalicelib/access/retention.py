"""How long things are kept: policies/retention.csv, read strictly."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ..kernel.period import Period
from .matrix import BadPolicy, rows_of

COLUMNS = ["what", "keep", "counted_from", "then", "source"]


def load_retention(lines: Iterable[str]) -> Mapping[str, Period]:
    """Return how long each thing is kept. Raise BadPolicy on an empty column, a doubled line or a wrong period."""
    kept: dict[str, Period] = {}
    for row in rows_of(lines, COLUMNS):
        if row["what"] in kept or not all(row.values()):
            raise BadPolicy(f"{row['what']} stands twice or has an empty column")
        kept[row["what"]] = _period(row)
    return kept


@cache
def retention() -> Mapping[str, Period]:
    """Return the shipped table, read once."""
    text = Path(__file__).with_name("retention.csv").read_text(encoding="utf-8")
    return load_retention(text.splitlines())


def _period(row: Mapping[str, str]) -> Period:
    try:
        return Period.parse(row["keep"])
    except ValueError as error:
        raise BadPolicy(f"{row['what']}: {error}") from error
