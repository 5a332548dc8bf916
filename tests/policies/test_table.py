"""A seeded share of the access table keeps every invariant; `python -m tests.policies.table` decides all of it."""

from dataclasses import replace

import pytest

from chalicelib.access.words import BIT

from .invariants import CONSENTS
from .space import every, groups, size
from .table import ACTIONS, RULES, Kind, decided

SHARE, SEED = 200, 20261122


@pytest.fixture(scope="module")
def report():
    return decided(RULES, SHARE, SEED)


@pytest.mark.abuse("A01", "A02", "A03", "A04", "A09", "A10", "A11", "A12", "A21", "A26", "A27", "A28")
def test_no_decided_state_breaks_an_invariant(report) -> None:
    assert not report.broken


def test_every_decision_names_its_rule_its_reason_and_its_law(report) -> None:
    assert report.undecided == 0


def test_the_share_is_large_enough_to_mean_something(report) -> None:
    assert report.states > 30_000


def test_the_whole_table_has_three_million_states() -> None:
    assert sum(size(groups(RULES, action, kind)) for action in ACTIONS for kind in Kind) >= 3_000_000


def test_the_whole_table_is_enumerated_without_repetition() -> None:
    dimensions = groups(RULES, "record:shred", Kind.SYSTEM)
    found = list(every(dimensions))
    assert len(found) == len(set(found)) == size(dimensions)


MISSING = {
    "HIDDEN": "masked",
    "SECRET_HEIR": "secret",
    "WITHHELD": "announcement",
    "BLOCKED": "blocked",
    "OCCUPATIONAL": "occupational",
    "DISOWNED": "disowned",
    "GONE": "deleted",
    "GLASS_OPPOSED": "glass",
}


@pytest.mark.parametrize(("gone", "sentence"), MISSING.items(), ids=MISSING)
def test_the_invariants_notice_a_prohibition_that_is_missing(gone: str, sentence: str) -> None:
    (missing,) = (rule for rule in RULES if rule.decision.rule == gone)
    left = [rule for rule in RULES if rule is not missing]
    report = decided(left, SHARE, SEED, sorted(missing.actions & {*ACTIONS}))
    assert any(sentence in what for what in report.broken)


@pytest.mark.parametrize("word", ["express", "allowed", "sees_hidden"])
def test_the_invariants_notice_a_consent_that_closes(word: str) -> None:
    against = replace(
        next(rule for rule in RULES if rule.decision.rule == "GONE"),
        actions=frozenset({"document:read"}),
        must=BIT[word],
        must_not=0,
    )
    report = decided([against, *RULES], SHARE, SEED, ["document:read"])
    assert report.broken[f"adding {word} closed something"]


def test_every_consent_is_a_word() -> None:
    assert set(CONSENTS) <= set(BIT)
