"""Dated life lines for every rule: what a holder is told, and from which day until which, written by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.kernel.period import Period
from chalicelib.reminders.compiled import Rules
from chalicelib.reminders.due import due
from tests.reminders.ages import AGES, PREGNANT
from tests.reminders.golden_lines import LINES, Line, told

from .lives import day, raw, signed

MONTH = timedelta(days=30)
WOMEN = {*PREGNANT - {"child_exam_01"}, "breast_screening", "cervical_cytology", "cervical_hpv"}


def one_rule(rule: str) -> Rules:
    """Return the signed rules without the others: they are independent, and this is faster."""
    rules = signed()
    lines = tuple(line for line in rules.lines if line.rule.id == rule)
    return replace(rules, lines=lines, by_age=(lines,) * len(rules.by_age))


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.rule}: {line.life}")
def test_a_life_is_told_what_the_calendar_says(line):
    found = told(line, one_rule(line.rule), ends=True)
    assert [
        one if "<" in want else one.split(" <")[0] for one, want in zip(found, line.expected, strict=False)
    ] + found[len(line.expected) :] == line.expected


def _kinds(line: Line) -> set[str]:
    """Return what a life is an example of, by its acts and what is told, not by its name."""
    counted, (youngest, _) = raw()[line.rule]["counts"], AGES.get(line.rule, ("", ""))
    own = [act.on for act in line.history if act.code in counted]
    kinds = {"done" if own else "never", line.person.sex if line.expected else "never told"}
    if youngest and any(on < Period.parse(youngest).after(line.person.birth) for on in own):
        kinds.add("too early")
    begins = day(line.expected[0].split()[0]) if line.expected else date.max
    if any(on - MONTH > begins for on in own):
        kinds.add("late")
    ends = day(line.expected[0].split("<")[1]) if line.expected and "<" in line.expected[0] else date.max
    return kinds | ({"too late"} if any(on >= ends for on in own) else set())


def _wanted(rule: str) -> set[str]:
    wanted = {"never", "done", *("F" if rule in WOMEN else "FM")}
    if rule.startswith("child_exam"):
        return wanted | {"too late"} | ({"too early"} if rule in AGES else set())
    if any(len(line["schedule"].get("doses", ())) > 1 for line in raw()[rule]["lines"]):
        wanted |= {"too early", "late"}
    return wanted


@pytest.mark.parametrize("rule", sorted(raw()))
def test_every_rule_has_lives_of_each_kind(rule):
    lives = [line for line in LINES if line.rule == rule]
    assert len(lives) >= 4
    assert _wanted(rule) - set().union(*map(_kinds, lives)) == set()


def test_every_life_is_one_of_a_rule():
    assert {line.rule for line in LINES} == set(raw())


@pytest.mark.parametrize("rule", sorted(raw()))
def test_every_rule_is_silent_for_who_opted_out_or_may_not_have_it(rule):
    line = next(line for line in LINES if line.rule == rule and line.expected)
    for person in (
        replace(line.person, opted_out=frozenset({rule})),
        replace(line.person, risks=line.person.risks | {f"contraindicated:{rule}"}),
    ):
        assert told(replace(line, person=person), one_rule(rule)) == []


@pytest.mark.parametrize("rule", sorted(raw()))
def test_opting_out_of_one_rule_silences_no_other(rule):
    line = next(line for line in LINES if line.rule == rule and line.expected)
    today = day(line.expected[0].split()[0])
    before = {item.rule for item in due(line.person, line.history, signed(), today)}
    person = replace(line.person, opted_out=frozenset({rule}))
    assert {item.rule for item in due(person, line.history, signed(), today)} == before - {rule}
