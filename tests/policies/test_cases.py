"""Every case of policies/cases/ is decided as its folder and its `rule` say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.access.decide import FEEDING
from chalicelib.access.rules import OBLIGATIONS, compile_rules, load_rules

from .situations import POLICIES, SHIPPED, Case, cases

CASES = cases()
WISHED = "notify-access"
"""follows from an access only when the holder asked for it"""
RULES = load_rules((POLICIES / "access_rules.csv").read_text().splitlines())


def wishing(case: Case) -> Case:
    """Return the case of a holder who wants to be told of every access."""
    return case.model_copy(update={"choices": case.choices.model_copy(update={"told": frozenset({"accesses"})})})


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_decided_by_the_rule_it_names(name: str) -> None:
    case, effect = CASES[name], name.split("/", maxsplit=1)[0]
    assert case.holds(effect), case.decide()


def test_every_rule_is_proved_by_a_case() -> None:
    assert {rule.decision.rule for rule in RULES} | {"DEFAULT_DENY"} == {case.rule for case in CASES.values()}


def test_every_case_names_its_reason_and_law() -> None:
    decisions = [case.decide() for case in CASES.values()]
    assert all(decision.reason and decision.law for decision in decisions)


def test_every_obligation_follows_from_some_case() -> None:
    assert {name for case in CASES.values() for name in case.decide().obligations} | {WISHED} == set(OBLIGATIONS)


def test_a_notice_of_every_access_follows_only_when_the_holder_wishes_it() -> None:
    case = CASES["ALLOW/a_doctor_allowed_by_name_reads_results"]
    assert WISHED not in case.decide().obligations
    assert WISHED in wishing(case).decide().obligations


@pytest.mark.abuse("A28")
def test_a_notice_of_an_access_waits_until_the_holder_sees_what_was_read() -> None:
    case = wishing(CASES["ALLOW/a_doctor_reads_a_document_before_its_announcement"])
    seen = case.model_copy(update={"now": case.now + timedelta(days=40)})
    assert (case.decide().rule, seen.decide().rule) == (case.rule, case.rule)
    assert WISHED not in case.decide().obligations
    assert WISHED in seen.decide().obligations


def test_both_settings_of_feeding_are_tried() -> None:
    assert {case.feeding for case in CASES.values() if case.action == "document:deposit"} == set(FEEDING)


def test_the_shipped_setting_needs_no_authorisation() -> None:
    assert SHIPPED.everywhere == 0


def test_another_table_decides_by_its_own_lines_and_not_by_what_was_found_before() -> None:
    case = CASES["ALLOW/a_doctor_allowed_by_name_reads_results"]
    assert case.decide().allowed
    assert case.decide(replace(SHIPPED, book=compile_rules(()))).rule == "DEFAULT_DENY"
