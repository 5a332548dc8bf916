"""Every case of policies/cases/ is decided as its folder and its `rule` say."""

import pytest

from chalicelib.access.rules import load_rules

from .situations import POLICIES, Case, cases

CASES = cases()
RULES = load_rules((POLICIES / "access_rules.csv").read_text().splitlines())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_is_decided_by_the_rule_it_names(case: Case, request: pytest.FixtureRequest) -> None:
    decision = case.decide()
    assert (decision.effect.upper(), decision.rule) == (request.node.callspec.id.split("/")[0], case.rule)


def test_every_rule_is_proved_by_a_case() -> None:
    assert {rule.decision.rule for rule in RULES} | {"DEFAULT_DENY"} == {case.rule for case in CASES.values()}


def test_every_case_names_its_reason_and_law() -> None:
    decisions = [case.decide() for case in CASES.values()]
    assert all(decision.reason and decision.law for decision in decisions)


def test_only_what_must_be_followed_obliges() -> None:
    obliged = {(case.rule, case.decide().obligations) for case in CASES.values() if case.decide().obligations}
    assert obliged == {
        ("CONTACT_CHANGE", ("notify-holder",)),
        ("ENROL_NEW", ("arm-reminders",)),
        ("INVITE", ("invite",)),
        ("REMIND", ("notify-holder",)),
        ("SETTLE", ("notify-holder",)),
    }
