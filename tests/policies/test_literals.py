"""Every word of every rule matters: take one away and some reachable decision changes."""

from dataclasses import replace
from itertools import chain

import pytest

from chalicelib.access.matrix import load_matrix
from chalicelib.access.predicates import BIT, situation
from chalicelib.access.rules import Book, Rule, compile_rules, judge, load_rules

from .situations import POLICIES
from .worlds import NOW, worlds

RULES = load_rules((POLICIES / "access_rules.csv").read_text().splitlines())
MATRIX = load_matrix((POLICIES / "access_matrix.csv").read_text().splitlines())
BOOK = compile_rules(RULES)
_STATES_OF_THINGS = sum(bit for word, bit in BIT.items() if word.startswith("thing_"))
REACHABLE = {situation(MATRIX, *world, NOW) for world in worlds()}
LATER = {words & ~_STATES_OF_THINGS for words in REACHABLE}
"""what a document state added later would look like to today's rules"""


def without(rule: Rule, bit: int) -> Rule:
    return replace(rule, must=rule.must & ~bit, must_not=rule.must_not & ~bit)


def differ(first: Book, second: Book, actions: frozenset[str]) -> bool:
    return any(
        judge(first, words, action) != judge(second, words, action)
        for action in actions
        for words in chain(REACHABLE, LATER)
    )


def narrower(rule: Rule, wider: Rule) -> bool:
    """Compare: a prohibition within the table, a grant alone, because it must say everything by itself."""
    table = (rule,) if rule.decision.allowed else RULES
    changed = tuple(wider if r is rule else r for r in table)
    return differ(compile_rules(table), compile_rules(changed), rule.actions)


LITERALS = [(rule, word) for rule in RULES for word, bit in BIT.items() if (rule.must | rule.must_not) & bit]


@pytest.mark.parametrize(("rule", "word"), LITERALS, ids=[f"{rule.decision.rule}-{word}" for rule, word in LITERALS])
def test_a_word_matters(rule: Rule, word: str) -> None:
    assert narrower(rule, without(rule, BIT[word]))


@pytest.mark.parametrize("rule", RULES, ids=[rule.decision.rule for rule in RULES])
def test_a_rule_matters(rule: Rule) -> None:
    assert differ(BOOK, compile_rules(r for r in RULES if r is not rule), rule.actions)


def test_every_word_is_used() -> None:
    assert set(BIT) == {word for _, word in LITERALS}
