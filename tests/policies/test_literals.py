"""Every word of every rule matters: take one away and some decision on a situation that can happen changes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice, product
from random import Random

import pytest

from chalicelib.access.actor import Kind
from chalicelib.access.rules import ACTIONS, Book, Rule, compile_rules, judge
from chalicelib.access.words import BIT

from .space import KINDS, fitting, groups, met
from .table import RULES

BOOK = compile_rules(RULES)
LITERALS = [(rule, word) for rule in RULES for word, bit in BIT.items() if (rule.must | rule.must_not) & bit]
PLAIN, DRAWN = 5_000, 20_000


def without(rule: Rule, bit: int) -> Rule:
    return replace(rule, must=rule.must & ~bit, must_not=rule.must_not & ~bit)


def situations(rule: Rule, table: tuple[Rule, ...]) -> Iterator[tuple[str, int]]:
    """Yield situations that a rule fits: the plainest, then some drawn at random."""
    for action in ACTIONS:
        for kind in Kind if action in rule.actions else ():
            choices = [fitting(group, rule) for group in groups((*table, rule), action, kind)]
            if met(rule, kind) and all(choices):
                chance = Random(f"{action} {kind}")
                plain = islice(map(sum, product(*choices)), PLAIN)
                drawn = (sum(map(chance.choice, choices)) for _ in range(DRAWN))
                yield from ((action, words) for words in chain(plain, drawn) if words & rule.must == rule.must)


def differ(first: Book, second: Book, wider: Rule, table: tuple[Rule, ...]) -> bool:
    return any(
        judge(first, words, action) != judge(second, words, action) for action, words in situations(wider, table)
    )


def nobody_else(wider: Rule, word: str) -> bool:
    """Tell whether only this class of caller can be in the situation: then its name stands there for the reader."""
    others = [kind for kind in Kind if kind.value != word]
    return not any(words & wider.must == wider.must for kind in others for words in reached(wider, kind))


def reached(rule: Rule, kind: Kind) -> Iterator[int]:
    """Yield the plainest situation of this class of caller that fits a rule, one for each action, if there is one."""
    for action in ACTIONS:
        choices = [fitting(group, rule) for group in groups((rule,), action, kind)]
        if action in rule.actions and all(choices):
            yield sum(choice[0] for choice in choices)


@pytest.mark.parametrize(("rule", "word"), LITERALS, ids=[f"{rule.decision.rule}-{word}" for rule, word in LITERALS])
def test_a_word_matters(rule: Rule, word: str) -> None:
    """A prohibition is tried within the table, a grant alone, because it must say everything by itself."""
    wider = without(rule, BIT[word])
    table = (rule,) if rule.decision.allowed else RULES
    changed = tuple(wider if one is rule else one for one in table)
    told = bool(BIT[word] & KINDS & rule.must) and nobody_else(wider, word)
    assert told or differ(compile_rules(table), compile_rules(changed), wider, RULES)


@pytest.mark.parametrize("rule", RULES, ids=[rule.decision.rule for rule in RULES])
def test_a_rule_matters(rule: Rule) -> None:
    assert differ(BOOK, compile_rules(r for r in RULES if r is not rule), rule, RULES)


def test_every_word_is_used() -> None:
    assert set(BIT) == {word for _, word in LITERALS}
