"""`python -m tests.policies.table`: decide every combination of the decision's inputs and hold it to the invariants."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from chalicelib.access.actor import Kind
from chalicelib.access.predicates import BIT
from chalicelib.access.rules import ACTIONS, Book, Rule, compile_rules, judge, load_rules

from .invariants import broken, named, turned
from .situations import POLICIES
from .space import cares, every, groups, some

RULES = load_rules((POLICIES / "access_rules.csv").read_text(encoding="utf-8").splitlines())
TRIES = 500
"""pairs of neighbours looked at before a dimension is said to change nothing, for one action and class of caller"""


@dataclass
class Report:
    """What deciding the table showed."""

    states: int = 0
    allowed: int = 0
    undecided: int = 0
    fired: set[str] = field(default_factory=set)
    broken: Counter[str] = field(default_factory=Counter)
    moved: set[str] = field(default_factory=set)

    def lines(self, rules: Sequence[Rule]) -> Iterator[str]:
        """Yield what is printed."""
        ids = {rule.decision.rule for rule in rules}
        yield (
            f"access table: {self.states:,} states, {self.undecided} undecided, {self.allowed:,} allowed, "
            f"{self.broken.total()} against an invariant"
        )
        yield f"access table: {len(ids & self.fired)} of {len(ids)} rules fired, {sorted(ids - self.fired) or 'all'}"
        unmoved = sorted(set(BIT) - self.moved)
        yield f"access table: {len(self.moved)} of {len(BIT)} dimensions change a decision, {unmoved or 'all'}"
        yield from (f"access table: BROKEN {count} times: {what}" for what, count in self.broken.most_common())

    def good(self, rules: Sequence[Rule]) -> bool:
        """Tell whether nothing is undecided, broken, silent or without effect."""
        silent = {rule.decision.rule for rule in rules} - self.fired
        return not (self.undecided or self.broken or silent or set(BIT) - self.moved)


def states(rules: Sequence[Rule], share: int, chance: Random) -> Iterator[tuple[str, Kind, Iterable[int]]]:
    """Yield, for each action and class of caller, the states to decide: all, or at most `share` drawn at random."""
    for action in ACTIONS:
        for kind in Kind:
            dimensions = groups(rules, action, kind)
            yield action, kind, some(dimensions, share, chance) if share else every(dimensions)


def decided(rules: Sequence[Rule], share: int = 0, seed: int = 0) -> Report:
    """Decide and check. `share` bounds the states of one action and class of caller; 0 means all."""
    report, book = Report(), compile_rules(rules)
    ids = {rule.decision.rule for rule in rules} | {"DEFAULT_DENY"}

    def allows(words: int, action: str) -> bool:
        return judge(book, words, action).allowed

    for action, kind, some_states in states(rules, share, Random(seed)):
        mask = cares(rules, action, kind)
        for words in some_states:
            decision = judge(book, words, action)
            report.states += 1
            report.fired.add(decision.rule)
            if decision.rule not in ids or not named(decision):
                report.undecided += 1
            if decision.allowed:
                report.allowed += 1
                report.broken.update(broken(words, action, decision))
                report.broken.update(turned(words, action, mask, allows))
    report.moved = {word for word in BIT if _moves(rules, book, word)}
    return report


def _moves(rules: Sequence[Rule], book: Book, word: str) -> bool:
    """Tell whether two states that differ in this word, and in what follows from it, are decided differently."""
    bit = BIT[word]
    read = {a for rule in rules if (rule.must | rule.must_not) & bit for a in rule.actions & {*ACTIONS}}
    return any(_differs(rules, book, action, kind, bit) for action in sorted(read) for kind in Kind)


def _differs(rules: Sequence[Rule], book: Book, action: str, kind: Kind, bit: int) -> bool:
    chance, dimensions = Random(f"{action} {kind} {bit}"), groups(rules, action, kind)
    if bit == BIT[kind.value]:
        dimensions[0] = [BIT[other.value] for other in Kind]
    group = next((g for g in dimensions if any(words & bit for words in g)), [])
    having, lacking = ([words for words in group if bool(words & bit) is there] for there in (True, False))
    for _ in range(TRIES if having and lacking else 0):
        rest = sum(chance.choice(g) for g in dimensions if g is not group)
        one = chance.choice(having)
        other = min(lacking, key=lambda words: (words ^ one).bit_count())
        if judge(book, rest | one, action) != judge(book, rest | other, action):
            return True
    return False


def main() -> int:
    """Print the table's figures; return 1 when something does not hold."""
    start = perf_counter()
    report = decided(RULES)
    print("\n".join(report.lines(RULES)))
    print(f"access table: {perf_counter() - start:.0f} s")
    return 0 if report.good(RULES) and report.states >= 3_000_000 else 1


if __name__ == "__main__":
    sys.exit(main())
