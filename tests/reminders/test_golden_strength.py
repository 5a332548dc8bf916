"""The lives written by hand hold every number, date and listed word of the rules: change one, and a life differs."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.reminders.compiled import Rules, compiled
from chalicelib.reminders.due import due
from chalicelib.reminders.model import Person
from chalicelib.reminders.rules import Rule, RuleSet
from tests.reminders.golden_lines import LINES, told

from .lives import raw, signed, words

# Another line of the same rule says it already, and nobody is told of one thing twice.
REDUNDANT = {
    *(("hpv", f"lines.{line}.who.0.before_age") for line in (1, 3)),
    *(("hpv", f"lines.{line}.schedule.doses.0.age") for line in (1, 2, 3, 4)),
    *(("pneumococcal_infant", f"lines.{line}.schedule.doses.0.age") for line in (2, 3)),
    *(("pneumococcal_infant", f"lines.3.schedule.doses.{dose}.age") for dose in (1, 2, 3)),
    *(("pneumococcal_infant", f"lines.3.schedule.doses.{dose}.after") for dose in (1, 2)),
    *(
        (rule, "valid_from") for rule in ("influenza", "covid_autumn", "covid_spring", "rsv_senior")
    ),  # before any season
    *(
        (rule, "lines.0.unless.0.one_of") for rule in ("dtp_45", "pneumococcal_adult")
    ),  # dtp_45 for another reason: below
}
# Changes of these are changes of what is counted, kept or said, each with a test of its own.
OTHER = ("id", "source", "reason", "mandatory", "signed_by", "confidence", "condition", "kind", "campaign")


DATE = re.compile(r"\d{4}-\d\d-\d\d")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Return what can be changed: every number, length and date, and every list of words."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in OTHER:
                yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and not all(isinstance(word, str) for word in value):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path, value


def changed(value: Any) -> list[Any]:
    """Return what else could stand there: dates a day earlier and later, lists without one of their words."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, list):
        return [[word for word in value if word != gone] for gone in value]
    if DATE.fullmatch(value):
        return [(date.fromisoformat(value) + timedelta(days=more)).isoformat() for more in (-1, 1)]
    if value.startswith("P") and value[1:2].isdigit():
        return [f"{value}1D" if not value.endswith(("W", "D")) else f"P{int(value[1:-1]) + 1}{value[-1]}"]
    return []


def with_change(rule: str, path: tuple[Any, ...], value: Any) -> Rules:
    one = copy.deepcopy(raw()[rule])
    one["signed_by"] = "A. Officer"
    for line in one["lines"]:
        line.pop("signed_by", None)
    at: Any = one
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    read = Rule.model_validate_json(json.dumps(one), context=words(), strict=True)
    return compiled(RuleSet((read,), words(), ""))


def survivors(rule: str) -> list[str]:
    found = []
    for path, value in leaves(raw()[rule]):
        name = ".".join(map(str, path))
        for other in changed(value):
            try:
                rules = with_change(rule, path, other)
            except ValueError:
                continue
            if (rule, name) not in REDUNDANT and not _noticed(rule, rules):
                found.append(f"{name}: {value} -> {other}")
    return found


def _noticed(rule: str, rules: Rules) -> bool:
    return any(_differs(told(line, rules, ends=True), line.expected) for line in LINES if line.rule == rule)


def _differs(found: list[str], expected: list[str]) -> bool:
    if len(found) != len(expected):
        return True
    return any(one != want and one.split(" <")[0] != want for one, want in zip(found, expected, strict=True))


@pytest.mark.parametrize("rule", sorted(raw()))
def test_every_number_date_and_listed_word_of_a_rule_is_held_by_a_life(rule):
    assert survivors(rule) == []


def test_whoever_works_or_lives_with_infants_reads_why_they_are_told_at_forty_five():
    general, special = (line.get("reason", raw()["dtp_45"]["reason"])["en"] for line in raw()["dtp_45"]["lines"])
    for risk in ("health_staff", "early_childhood_staff", "infant_contact"):
        person = Person(date(1978, 3, 1), "F", "29", frozenset({risk}))
        (found,) = [one for one in due(person, (), signed(), date(2026, 1, 1)) if one.rule == "dtp_45"]
        assert found.reason_en == special != general, risk
