"""The words mean what they say: situations built from words give these words back, and none beside them."""

from random import Random

import pytest

from chalicelib.access.actor import Kind
from chalicelib.access.decide import shipped
from chalicelib.access.predicates import BIT, situation
from chalicelib.access.rules import ACTIONS

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
