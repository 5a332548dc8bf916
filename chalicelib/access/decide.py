"""May they? One pure function over the tables in policies/ (default deny, prohibitions first)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from .actor import Actor
from .choices import Choices
from .clocks import instant
from .facts import Facts
from .matrix import BadPolicy, Matrix, load_matrix, rows_of
from .predicates import situation, words_of, words_shared
from .rules import DEFAULT_DENY, Book, Decision, compile_rules, judge, load_rules
from .thing import Thing
from .words import BIT

FEEDING = ("no_authorisation", "explicit_agreement")
_BY_WISH = "notify-access"
_UNSEEN = BIT["withheld"]
_KEPT = 1 << 16


@dataclass(frozen=True, slots=True)
class Tables:
    """What decisions are made from: one matrix, one book of rules, and the words that hold in the whole deployment."""

    matrix: Matrix
    book: Book
    everywhere: int = 0
    judged: dict[tuple[int, str], tuple[Decision, Decision]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """what the book says of a situation, found once: of the words that hold, never of a record or a person; for who
    wants to be told of every access to what they see, and for who does not"""

    def decide(
        self, facts: Facts, choices: Choices, actor: Actor, action: str, thing: Thing, now: datetime
    ) -> Decision:
        """Return the one decision on this access; it always names the line of the table that made it."""
        words = situation(self.matrix, facts, choices, actor, thing, now)
        return self._decision(words, action, choices)

    def decider(
        self, facts: Facts, choices: Choices, actor: Actor, action: str, now: datetime
    ) -> Callable[[Thing], Decision]:
        """Return what decides on one thing after the other, as `decide` does: what they share is looked at once."""
        at = instant(now)
        shared = words_shared(facts, choices, actor, at)
        return lambda thing: self._decision(shared | words_of(self.matrix, choices, actor, thing, at), action, choices)

    def _decision(self, words: int, action: str, choices: Choices) -> Decision:
        words |= self.everywhere
        wished, unwished = self.judged.get((words, action)) or self._judge(words, action)
        return wished if "accesses" in choices.told else unwished

    def _judge(self, words: int, action: str) -> tuple[Decision, Decision]:
        if len(self.judged) >= _KEPT:
            self.judged.clear()
        decision = judge(self.book, words, action)
        unwished = _unwished(decision)
        wished = unwished if words & _UNSEEN else decision  # it would tell of a document before its announcement
        found = self.judged[words, action] = wished, unwished
        return found


@cache
def _unwished(decision: Decision) -> Decision:
    """Return the decision without what follows only when the holder asked for it."""
    return replace(decision, obligations=tuple(one for one in decision.obligations if one != _BY_WISH))


def load_feeding(lines: Iterable[str]) -> int:
    """Read policies/feeding.csv: whether a deposit needs the holder's agreement. Raise BadPolicy."""
    (*rows,) = rows_of(lines, ["rule", "source"])
    if len(rows) != 1 or rows[0]["rule"] not in FEEDING or not rows[0]["source"]:
        raise BadPolicy(f"one rule out of {FEEDING}, with its source")
    return BIT["agreement_needed"] if rows[0]["rule"] == "explicit_agreement" else 0


def shipped() -> Tables:
    """Return the tables that lie beside this file."""
    return Tables(
        load_matrix(_lines("access_matrix.csv")),
        compile_rules(load_rules(_lines("access_rules.csv"))),
        load_feeding(_lines("feeding.csv")),
    )


def _lines(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


@cache
def laws() -> Mapping[str, str]:
    """Return the law behind every line of the shipped table of rules."""
    shown = {rule.decision.rule: rule.decision.law for rule in load_rules(_lines("access_rules.csv"))}
    return {**shown, DEFAULT_DENY.rule: DEFAULT_DENY.law}


_shipped = shipped()
decide, decider = _shipped.decide, _shipped.decider
