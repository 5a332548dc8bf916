"""What api_matrix.csv says: every route × every role -> the status, with the code where it is a problem."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("api_matrix.csv")
_BEFORE_ROLES = 3
ROLES = tuple(next(csv.reader(FILE.read_text().splitlines()))[_BEFORE_ROLES:])


@cache
def expected() -> Mapping[str, Mapping[str, str]]:
    """Return the table: operation -> role -> what is told."""
    with FILE.open(newline="") as file:
        return {row["operation"]: row for row in csv.DictReader(file)}
