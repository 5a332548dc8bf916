"""`python -m tests.policies.table`: decide every combination of the decision's inputs and hold it to the invariants."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from random import Random
from time import perf_counter

from chalicelib.access.actor import Kind
from chalicelib.access.rules import ACTIONS, Book, Rule, compile_rules, judge, load_rules
from chalicelib.access.words import BIT

from .invariants import broken, named, turned
from .situations import POLICIES
from .space import KINDS, Group, around, cares, drawn, every, groups, some

RULES = load_rules((POLICIES / "access_rules.csv").read_text(encoding="utf-8").splitlines())
NEIGHBOURS, KEPT = 3, 8
"""neighbours looked at from each of the first states that a rule decided, to see whether a dimension matters"""


@dataclass
class Report:
    """What deciding the table showed."""

    states: int = 0
    allowed: int = 0
    undecided: int = 0
    fired: dict[str, list[tuple[str, Kind, int]]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    moved: set[str] = field(default_factory=set)

    def lines(self, rules: Sequence[Rule]) -> Iterator[str]:
        """Yield what is printed."""
        ids = {rule.decision.rule for rule in rules}
        silent, unmoved = sorted(ids - set(self.fired)), sorted(set(BIT) - self.moved)
        yield (
            f"access table: {self.states:,} states, {self.undecided} undecided, {self.allowed:,} allowed, "
            f"{self.broken.total()} against an invariant"
        )
        yield f"access table: {len(ids & set(self.fired))} of {len(ids)} rules fired, {silent or 'all'}"
        yield f"access table: {len(self.moved)} of {len(BIT)} dimensions change a decision, {unmoved or 'all'}"
        yield from (f"access table: BROKEN {count} times: {what}" for what, count in self.broken.most_common())

    def good(self, rules: Sequence[Rule]) -> bool:
        """Tell whether nothing is undecided, broken, silent or without effect."""
        silent = {rule.decision.rule for rule in rules} - set(self.fired)
        return not (self.undecided or self.broken or silent or set(BIT) - self.moved)


def states(
    rules: Sequence[Rule], actions: Iterable[str], share: int, chance: Random
) -> Iterator[tuple[str, Kind, Iterable[int]]]:
    """Yield, for each action and class of caller, the states to decide: all, or a share and some near grants."""
    for action in actions:
        for kind in Kind:
            dimensions = groups(rules, action, kind)
            yield action, kind, _drawn(rules, action, dimensions, share, chance) if share else every(dimensions)


def _drawn(
    rules: Sequence[Rule], action: str, dimensions: Sequence[Group], share: int, chance: Random
) -> Iterator[int]:
    yield from some(dimensions, share, chance)
    for rule in rules:
        if rule.decision.allowed and action in rule.actions:
            yield from drawn(around(rule, dimensions), share, chance)


def decided(rules: Sequence[Rule], share: int = 0, seed: int = 0, actions: Iterable[str] = ACTIONS) -> Report:
    """Decide and check. `share` bounds the states of one action and class of caller; 0 means all."""
    report, book = Report(), compile_rules(rules)
    ids = {rule.decision.rule for rule in rules} | {"DEFAULT_DENY"}

    def allows(words: int, action: str) -> bool:
        return judge(book, words, action).allowed

    for action, kind, some_states in states(rules, actions, share, Random(seed)):
        mask = cares(rules, action, kind)
        for words in some_states:
            decision = judge(book, words, action)
            report.states += 1
            examples = report.fired.setdefault(decision.rule, [])
            if len(examples) < KEPT:
                examples.append((action, kind, words))
            if decision.rule not in ids or not named(decision):
                report.undecided += 1
            if decision.allowed:
                report.allowed += 1
                report.broken.update(broken(words, action, decision))
                report.broken.update(turned(words, action, mask, allows))
    return report


def moved(rules: Sequence[Rule], report: Report) -> set[str]:
    """Return the dimensions that change some decision."""
    book = compile_rules(rules)
    return {word for word in BIT if _moves(rules, book, report, word)}


def _moves(rules: Sequence[Rule], book: Book, report: Report, word: str) -> bool:
    """Tell whether two states that differ in this word, and in what follows from it, are decided differently."""
    read = [rule.decision.rule for rule in rules if (rule.must | rule.must_not) & BIT[word]]
    return any(_differs(rules, book, BIT[word], *one) for name in read for one in report.fired.get(name, ()))


def _differs(rules: Sequence[Rule], book: Book, bit: int, action: str, kind: Kind, words: int) -> bool:
    dimensions = groups(rules, action, kind)
    if bit & KINDS:
        dimensions[0] = [BIT[other.value] for other in Kind]
    group = next((g for g in dimensions if any(one & bit for one in g)), [])
    whole = reduce(or_, group, 0)
    others = [one for one in group if (one ^ words) & bit]
    nearest = sorted(others, key=lambda one: ((words & whole) ^ one).bit_count())[:NEIGHBOURS]
    return any(judge(book, (words & ~whole) | one, action) != judge(book, words, action) for one in nearest)


def main() -> int:
    """Print the table's figures; return 1 when something does not hold."""
    start = perf_counter()
    report = decided(RULES)
    report.moved = moved(RULES, report)
    print("\n".join(report.lines(RULES)))
    print(f"access table: {perf_counter() - start:.0f} s")
    return 0 if report.good(RULES) and report.states >= 3_000_000 else 1


if __name__ == "__main__":
    sys.exit(main())
