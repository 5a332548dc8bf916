"""Every consistent combination of the words that can turn a decision, by action and class of caller.

A word no rule of this action and this class of caller reads cannot change the decision, so it is left out; words that
exclude or imply each other (states, grounds of trust, authorship) vary together, as `Group`s.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, reduce
from itertools import chain, combinations, product
from math import prod
from operator import or_
from random import Random

from chalicelib.access.actor import Kind
from chalicelib.access.facts import STATES
from chalicelib.access.rules import Rule
from chalicelib.access.words import BIT

Group = Sequence[int]
KINDS = sum(BIT[kind.value] for kind in Kind)
GROUNDS = ("allowed", "in_team", "consulted", "physician", "disclosed")
KEPT = ("open", "closed", "erasing")
TIMED = ("invited", "suspended", "closed", "deceased", "erasing")
THINGS = ("available", "received", "quarantined", "uploading", "absent")
MARKS = ("hidden", "gone", "disowned", "secret", "withheld")


GUARDED = {
    Kind.PROFESSIONAL: "hidden gone disowned blocked occupational express author sees_hidden record_closed".split(),
    Kind.CITIZEN: "secret withheld gone disowned holder proxy record_closed record_suspended record_opposed".split(),
    Kind.SUPPORT: ("assisted", "record_closed"),
}
"""words of the invariants: they vary even where no rule reads them, since we look for rules that forgot them"""
GLASS = ("glass_opposed", "reason_given")


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
    """Return the words to vary: what some rule of this action reads for this class of caller, and what is guarded."""
    read = (rule.must | rule.must_not for rule in rules if action in rule.actions and met(rule, kind))
    guarded = bits(*GUARDED.get(kind, ("record_closed",)), *(GLASS if action == "emergency:open" else ()))
    return reduce(or_, read, BIT[kind.value] | guarded)


def _records(kind: Kind) -> list[int]:
    there = {
        state: bits(f"record_{state}", "record_there") | (BIT["record_kept"] if state in KEPT else 0)
        for state in STATES
    }
    timed = [there[state] | BIT["clock_over"] for state in TIMED] if kind is Kind.SYSTEM else []
    return [0, BIT["record_absent"], *there.values(), *timed]


def _authors(kind: Kind) -> list[int]:
    if kind is Kind.CITIZEN:
        return [0, bits("patient_document"), bits("patient_document", "author")]
    return [0, bits("patient_document"), bits("same_organisation"), bits("same_organisation", "author")]


def _things(kind: Kind) -> list[int]:
    brought = [bits("code_good"), bits("reason_given"), bits("thing_absent")]
    whom = [bits("thing_absent", "oneself"), bits("may_end")] if kind is Kind.CITIZEN else []
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


@cache
def _unmasked(kind: Kind) -> list[Group]:
    return [[BIT[kind.value]], _records(kind), _things(kind), subsets("agreement_needed"), *_callers(kind)]


def _callers(kind: Kind) -> list[Group]:
    if kind is Kind.PROFESSIONAL:
        return [list(_pro()), *(subsets(word) for word in ("blocked", "feeding_refused", "matrix"))]
    own = {
        Kind.CITIZEN: ("holder", "proxy", "carer", "disclosed"),
        Kind.HEALTH_FUND: ("feeding_refused",),
        Kind.SUPPORT: ("assisted",),
    }
    return [subsets(*own.get(kind, ()))]


def groups(rules: Iterable[Rule], action: str, kind: Kind) -> list[Group]:
    """Return the dimensions of the decisions on this action by this class of caller, masked to what is read."""
    return list(_masked(cares(rules, action, kind), kind))


@cache
def _masked(mask: int, kind: Kind) -> list[Group]:
    return [list(dict.fromkeys(words & mask for words in group)) for group in _unmasked(kind)]


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


def fitting(group: Group, rule: Rule) -> list[int]:
    """Return the alternatives of a group that a rule accepts, the plainest first."""
    whole = reduce(or_, group, 0)
    fits = [words for words in group if words & rule.must == whole & rule.must and not words & rule.must_not]
    return sorted(fits, key=int.bit_count)


def around(rule: Rule, dimensions: Sequence[Group]) -> list[list[int]]:
    """Return, group by group, the alternatives that a rule accepts; an empty one when the rule cannot fit."""
    held = reduce(or_, (words for group in dimensions for words in group), 0)
    return [fitting(group, rule) if rule.must & ~held == 0 else [] for group in dimensions]


def drawn(choices: Sequence[Group], count: int, chance: Random) -> Iterator[int]:
    """Yield states drawn at random; few states of the whole are allowed, most of those around a grant are."""
    return (sum(map(chance.choice, choices)) for _ in range(count if all(choices) else 0))


def whole(kind: Kind) -> list[Group]:
    """Return the dimensions of everything there is to say of a situation with this class of caller."""
    return list(_unmasked(kind))


def lifted(rules: Iterable[Rule], action: str, kind: Kind) -> list[dict[int, list[int]]]:
    """Return, group by group, what each masked alternative may be when everything is said."""
    mask, choices = cares(rules, action, kind), []
    for group in _unmasked(kind):
        choice: dict[int, list[int]] = {}
        for words in group:
            choice.setdefault(words & mask, []).append(words)
        choices.append(choice)
    return choices
