"""The tables and a second, plain reading of the law give the same answer in every small world."""

from chalicelib.access.decide import decide
from chalicelib.access.matrix import load_matrix
from chalicelib.access.predicates import situation
from chalicelib.access.rules import ACTIONS

from .oracle import may
from .situations import POLICIES
from .worlds import NOW, worlds

MATRIX = load_matrix((POLICIES / "access_matrix.csv").read_text().splitlines())
DISTINCT = {(situation(MATRIX, *world, NOW), world[2].profession): world for world in worlds()}


def test_two_readings_of_the_law_agree() -> None:
    apart = [
        (action, world, decision)
        for world in DISTINCT.values()
        for action in ACTIONS
        if (decision := decide(*world[:3], action, world[3], NOW)).allowed != may(*world[:3], action, world[3])
    ]
    assert not apart[:3]


def test_there_are_worlds_enough() -> None:
    assert len(DISTINCT) > 10_000
