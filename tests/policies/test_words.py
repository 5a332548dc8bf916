"""The words mean what they say: situations built from words give these words back, and none beside them."""

from random import Random

import pytest

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.decide import shipped
from chalicelib.access.facts import Facts
from chalicelib.access.predicates import situation
from chalicelib.access.rules import ACTIONS
from chalicelib.access.thing import RECORD, Thing
from chalicelib.access.words import BIT

from .space import bits, cares, groups, some
from .table import RULES
from .worlds import NOW, world

EVERYWHERE = BIT["agreement_needed"]
TABLES = shipped()
SHARE = 12


def happens(words: int) -> bool:
    """Tell whether a state can happen: a known profession in the organisation that deposited is an exercice."""
    return bool(words & bits("in_exercice") or not words & bits("same_organisation") or not words & WITH_PROFESSION)


WITH_PROFESSION = bits("occupational", "matrix")


@pytest.mark.parametrize("kind", list(Kind))
def test_a_situation_built_from_words_has_these_words_and_no_other(kind: Kind) -> None:
    chance = Random(3)
    wrong = [
        (action, {word for word, bit in BIT.items() if (found ^ words) & mask & bit})
        for action in ACTIONS
        for mask in [cares(RULES, action, kind) & ~EVERYWHERE]
        for words in {words & mask for words in some(groups(RULES, action, kind), SHARE, chance)}
        if happens(words)
        for found in [situation(TABLES.matrix, *world(words, mask), NOW)]
        if (found ^ words) & mask
    ]
    assert not wrong[:3]


def holds(word: str, facts: Facts, choices: Choices, actor: Actor, thing: Thing) -> bool:
    return bool(situation(TABLES.matrix, facts, choices, actor, thing, NOW) & BIT[word])


@pytest.mark.parametrize(("kind", "told"), [(Kind.SYSTEM, True), (Kind.CITIZEN, False), (Kind.PROFESSIONAL, False)])
def test_only_machines_are_told_that_a_clock_has_run_out(kind: Kind, told: bool) -> None:
    closed = Facts("r", "closed", turned="2001-01-01T00:00:00+00:00")
    assert holds("clock_over", closed, Choices(), Actor(kind, "somebody:1"), RECORD) is told


def test_a_record_as_a_whole_bears_no_mark_of_a_document() -> None:
    marked = Choices("citizen:1", hidden=frozenset({""}), gone=frozenset({""}), disowned=frozenset({""}))
    reader = Actor(Kind.CITIZEN, "citizen:1")
    assert not any(holds(word, Facts("r", "open"), marked, reader, RECORD) for word in ("hidden", "gone", "disowned"))


@pytest.mark.parametrize(("depositor", "ours"), [("org:1", True), ("org:2", False), ("", False)])
def test_what_was_deposited_for_nobody_is_of_nobodys_organisation(depositor: str, *, ours: bool) -> None:
    reader = Actor(Kind.PROFESSIONAL, "pro:1", organisation="org:1" if depositor else "")
    thing = Thing("document", "d", author="pro:2", organisation=depositor)
    assert holds("same_organisation", Facts("r", "open"), Choices(), reader, thing) is ours
