"""What the tests of the prevention engine share: the shipped rules, every line of them signed, short ways to ask."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.reminders.compiled import Rules, compiled, shipped_rules
from chalicelib.reminders.due import due
from chalicelib.reminders.model import Act, History, Person, Pregnancy
from chalicelib.reminders.rules import read_set
from chalicelib.reminders.words import FILES, Words, load_words, read_words

POLICIES = Path(__file__).parents[2] / "policies" / "prevention"
SHIPPED = shipped_rules()


@cache
def tables() -> dict[str, bytes]:
    return dict(read_words(POLICIES))


@cache
def words() -> Words:
    return load_words(tables())


@cache
def raw() -> dict[str, dict[str, Any]]:
    found = [json.loads(path.read_bytes()) for path in sorted(POLICIES.glob("*.json"))]
    return {rule["id"]: rule for one in found for rule in (one if isinstance(one, list) else [one])}


@cache
def signed() -> Rules:
    """Return the shipped rules as if a medical officer had signed every line."""
    rules = [
        {**rule, "signed_by": "A. Officer", "lines": [_signed(line) for line in rule["lines"]]}
        for rule in raw().values()
    ]
    return compiled(read_set([json.dumps(rules).encode()], tables()))


def _signed(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "signed_by": "A. Officer"} if "signed_by" in line else line


def day(text: str) -> date:
    return date.fromisoformat(text)


def acts(*texts: str) -> History:
    """Read acts written like `hpv@2037-09-01` or `cytology@2041-03-04/abnormal`."""
    parts = [text.replace("/", "@").split("@") for text in texts]
    return tuple(Act(code, day(on), *result) for code, on, *result in parts)


def pregnancies(*texts: str) -> tuple[Pregnancy, ...]:
    """Read pregnancies written like `2027-01-05..2027-10-12` or, without an end, `2027-01-05..`."""
    parts = [text.split("..") for text in texts]
    return tuple(Pregnancy(day(began), day(ended) if ended else None) for began, ended in parts)


def named(person: Person, history: History, on: str | date, rules: Rules = SHIPPED) -> list[str]:
    """Return what is due on a day as `rule/dose`."""
    today = day(on) if isinstance(on, str) else on
    return [f"{found.rule}/{found.dose}" for found in due(person, history, rules, today)]


__all__ = ["FILES", "SHIPPED", "acts", "day", "named", "pregnancies", "raw", "signed", "tables", "timedelta", "words"]
