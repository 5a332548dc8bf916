"""The golden table, and what the rules tell of a line."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from chalicelib.reminders.compiled import Rules
from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import History, Person

from .lives import acts, day, pregnancies

GOLDEN = Path(__file__).parent / "golden"
COLUMNS = ["rule", "life", "birth", "sex", "territory", "risks", "pregnancies", "acts", "until", "expected"]
AGE = timedelta(days=85 * 365 + 22)


@dataclass(frozen=True)
class Line:
    """One life as far as one rule is concerned."""

    rule: str
    life: str
    person: Person
    history: History
    until: date
    expected: list[str]


def _line(row: dict[str, str]) -> Line:
    birth = day(row["birth"])
    risks, known = frozenset(row["risks"].split()), pregnancies(*row["pregnancies"].split())
    person = Person(birth, row["sex"], row["territory"], risks, known)
    until = day(row["until"]) if row["until"] else birth + AGE
    expected = [" ".join(part.split()) for part in row["expected"].split(";") if part.strip()]
    return Line(row["rule"], row["life"], person, acts(*row["acts"].split()), until, expected)


def golden() -> list[Line]:
    found = []
    for path in sorted(GOLDEN.glob("*.csv")):
        reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True)
        assert reader.fieldnames == COLUMNS, path.name
        found += [_line(row) for row in reader]
    return found


LINES = golden()


def told(line: Line, rules: Rules, *, ends: bool = False) -> list[str]:
    """Walk a life from one day on which something begins to the next, as the nights do; acts count from their day."""
    found: dict[tuple[int, str], str] = {}
    today: date | None = line.person.birth
    while today and today <= line.until:
        for item in due(line.person, line.history, rules, today):
            if item.rule == line.rule:
                found.setdefault((item.dose, item.cycle), f"{today} {item.dose}" + (f" <{item.end}" if ends else ""))
        today = next_due(line.person, line.history, rules, today)
    return list(found.values())
