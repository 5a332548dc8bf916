"""May they? One pure function over the tables in policies/ (default deny, prohibitions first)."""

from datetime import datetime
from pathlib import Path

from .actor import Actor
from .choices import Choices
from .facts import Facts
from .matrix import load_matrix
from .predicates import situation
from .rules import Decision, compile_rules, judge, load_rules
from .thing import Thing


def _lines(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


_MATRIX = load_matrix(_lines("access_matrix.csv"))
_BOOK = compile_rules(load_rules(_lines("access_rules.csv")))


def decide(facts: Facts, choices: Choices, actor: Actor, action: str, thing: Thing, now: datetime) -> Decision:
    """Return the one decision on this access; it always names the line of the table that made it."""
    return judge(_BOOK, situation(_MATRIX, facts, choices, actor, thing, now), action)
