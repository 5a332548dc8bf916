"""The lives written by hand hold every word of the rules: change one, and a life is told something else."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.reminders.compiled import Rules, compiled
from chalicelib.reminders.rules import Rule, RuleSet

from .lives import raw, words
from .test_golden import LINES, told

# Another line of the same rule says it already, and nobody is told of one thing twice.
REDUNDANT = {
    *(("hpv", f"lines.{line}.who.0.before_age") for line in (1, 3)),
    *(("hpv", f"lines.{line}.schedule.doses.0.age") for line in (1, 2, 3, 4)),
    *(("pneumococcal_infant", f"lines.{line}.schedule.doses.0.age") for line in (2, 3)),
    *(("pneumococcal_infant", f"lines.3.schedule.doses.{dose}.age") for dose in (1, 2, 3)),
    *(("pneumococcal_infant", f"lines.3.schedule.doses.{dose}.after") for dose in (1, 2)),
}
# Changes of these are changes of what is counted, kept or said, each with a test of its own.
OTHER = ("id", "source", "reason", "mandatory", "signed_by", "confidence", "condition", "kind", "campaign")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Return what can be changed: every number, length and date, and every word of a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in OTHER:
                yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path, value


def changed(path: tuple[Any, ...], value: Any) -> Any:
    """Return something else that still loads, None when there is nothing."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value.startswith("P") and value[1:2].isdigit():
        return f"{value}1D" if not value.endswith(("W", "D")) else f"P{int(value[1:-1]) + 1}{value[-1]}"
    return None


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
        other = changed(path, value)
        if other is None:
            continue
        name = ".".join(map(str, path))
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
def test_every_number_of_a_rule_is_held_by_a_life(rule):
    assert survivors(rule) == []
