"""The access matrix (matrice d'habilitation): which profession may read which category of document."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

COLUMNS = ["profession", "category", "effect", "source"]
CATEGORIES = (
    "SYNTHESE",
    "ORD_SOIN",
    "CPT_REND",
    "BIOLOGIE",
    "RADIO_SC",
    "DEPISTAG",
    "CAR_VAC",
    "CERT_MED",
    "REMB",
    "DIR_ANT",
    "VDP",
    "DOC_ADM",
    "AUTR_DOC",
    "SYNTH_PML",
    "QUEST_SANTE",
)

Matrix = frozenset[tuple[str, str]]
"""The (profession, category) pairs that may be read; every other pair may not, known or unknown."""


class BadPolicy(ValueError):
    """A policy file does not say exactly one known thing on every line; nothing starts with it."""


def load_matrix(lines: Iterable[str]) -> Matrix:
    """Read policies/access_matrix.csv. Raise BadPolicy unless each profession has each category exactly once."""
    cells: dict[tuple[str, str], str] = {}
    for row in rows_of(lines, COLUMNS):
        cell = (row["profession"], row["category"])
        _check(cell not in cells, f"{cell} stands twice")
        _check(row["category"] in CATEGORIES, f"{cell}: unknown category")
        _check(row["effect"] in ("allow", "deny"), f"{cell}: effect is allow or deny")
        _check(bool(row["profession"] and row["source"]), f"{cell}: profession and source are required")
        cells[cell] = row["effect"]
    _check(len(cells) == len({profession for profession, _ in cells}) * len(CATEGORIES), "a cell is missing")
    return frozenset(cell for cell, effect in cells.items() if effect == "allow")


@cache
def professions() -> tuple[str, ...]:
    """Return the professions that the shipped matrix has lines of, whether or not they may read anything."""
    lines = Path(__file__).with_name("access_matrix.csv").read_text(encoding="utf-8").splitlines()
    return tuple(dict.fromkeys(row["profession"] for row in rows_of(lines, COLUMNS)))


def rows_of(lines: Iterable[str], columns: list[str]) -> Iterable[dict[str, str]]:
    """Iterate over a CSV file that has exactly these columns. Raise BadPolicy."""
    reader = csv.DictReader(lines, strict=True)
    _check(list(reader.fieldnames or []) == columns, f"columns must be {columns}")
    for row in reader:
        _check(None not in row and None not in row.values(), f"line {reader.line_num}: wrong number of columns")
        yield row


def _check(holds: bool, complaint: str) -> None:
    if not holds:
        raise BadPolicy(complaint)
