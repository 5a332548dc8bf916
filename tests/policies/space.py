"""Every consistent combination of the words that can turn a decision, by action and class of caller.

A word no rule of this action and this class of caller reads cannot change the decision, so it is left out; words that
exclude or imply each other (states, grounds of trust, authorship) vary together, as `Group`s.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, product
from math import prod
from random import Random

from chalicelib.access.actor import Kind
from chalicelib.access.facts import STATES
from chalicelib.access.predicates import BIT
from chalicelib.access.rules import Rule

Group = Sequence[int]
KINDS = sum(BIT[kind.value] for kind in Kind)
GROUNDS = ("allowed", "in_team", "consulted", "physician", "disclosed")
KEPT = ("open", "closed", "erasing")
TIMED = ("invited", "suspended", "closed", "deceased", "erasing")
THINGS = ("available", "received", "quarantined", "uploading", "absent")
MARKS = ("hidden", "gone", "disowned", "secret", "withheld")


def bits(*words: str) -> int:
    """Return the words as one integer."""
    return sum(BIT[word] for word in words)


def subsets(*words: str) -> list[int]:
    """Return every choice among words that have nothing to do with each other."""
    return [bits(*some) for size in range(len(words) + 1) for some in combinations(words, size)]


def met(rule: Rule, kind: Kind) -> bool:
    """Tell whether a rule can ever fit a caller of this class."""
    own = BIT[kind.value]
    return rule.must & KINDS in (0, own) and not rule.must_not & own


def cares(rules: Iterable[Rule], action: str, kind: Kind) -> int:
    """Return the words that some rule of this action reads for this class of caller, the class itself included."""
    read = (rule.must | rule.must_not for rule in rules if action in rule.actions and met(rule, kind))
    found = BIT[kind.value]
    for words in read:
        found |= words
    return found


def _records(kind: Kind) -> list[int]:
    there = {state: bits(f"record_{state}", "record_there") | (BIT["record_kept"] if state in KEPT else 0) for state in STATES}
    timed = [there[state] | BIT["clock_over"] for state in TIMED] if kind is Kind.SYSTEM else []
    return [0, BIT["record_absent"], *there.values(), *timed]


def _authors(kind: Kind) -> list[int]:
    if kind is Kind.CITIZEN:
        return [0, bits("patient_document"), bits("patient_document", "author")]
    return [0, bits("patient_document"), bits("same_organisation"), bits("same_organisation", "author")]


def _things(kind: Kind) -> list[int]:
    brought = [bits("code_good"), bits("reason_given"), bits("thing_absent")]
    whom = [bits("thing_absent", "oneself")] if kind is Kind.CITIZEN else []
    documents = product([BIT[f"thing_{state}"] for state in THINGS], subsets(*MARKS), _authors(kind))
    return [*brought, *whom, *(sum(parts) for parts in documents)]


def _pro() -> Iterator[int]:
    exercises = [0, *(bits(*w) for w in (["in_exercice"], ["occupational"], ["in_exercice", "occupational"]))]
    exercises += [words | BIT["express"] for words in exercises if words & BIT["occupational"]]
    glass = [0, BIT["breaks_glass"], BIT["glass_opposed"]]
    for parts in product(exercises, subsets(*GROUNDS), subsets("regulates", "sees_hidden"), glass):
        words = sum(parts)
        trusted = words & bits(*GROUNDS, "express", "regulates", "breaks_glass")
        yield words | (BIT["trusted"] if trusted else 0)


def _callers(kind: Kind) -> list[Group]:
    return {
        Kind.CITIZEN: [subsets("holder", "proxy", "carer", "disclosed")],
        Kind.PROFESSIONAL: [list(_pro()), *(subsets(word) for word in ("blocked", "feeding_refused", "matrix"))],
        Kind.HEALTH_FUND: [subsets("feeding_refused")],
        Kind.SUPPORT: [subsets("assisted")],
    }.get(kind, [])


def groups(rules: Iterable[Rule], action: str, kind: Kind) -> list[Group]:
    """Return the dimensions of the decisions on this action by this class of caller, masked to what is read."""
    mask = cares(rules, action, kind)
    own = [BIT[kind.value]]
    every = [own, _records(kind), _things(kind), subsets("agreement_needed"), *_callers(kind)]
    return [list(dict.fromkeys(words & mask for words in group)) for group in every]


def size(dimensions: Sequence[Group]) -> int:
    """Return how many combinations there are."""
    return prod(len(group) for group in dimensions)


def every(dimensions: Sequence[Group]) -> Iterator[int]:
    """Yield every combination."""
    *outer, inner = sorted(dimensions, key=len)
    return chain.from_iterable([words | one for one in inner] for words in map(sum, product(*outer)))


def some(dimensions: Sequence[Group], count: int, chance: Random) -> Iterator[int]:
    """Yield `count` combinations drawn at random, or all when there are no more."""
    if size(dimensions) <= count:
        return every(dimensions)
    return (sum(chance.choice(group) for group in dimensions) for _ in range(count))
