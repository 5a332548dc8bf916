"""`python -m tests.policies.second_reading`: the rules and policies/cedar/, written apart from the law, must agree."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from time import perf_counter
from typing import TypeVar

from cedarpy import PolicySet, is_authorized_batch

from chalicelib.access.actor import Kind
from chalicelib.access.facts import STATES
from chalicelib.access.rules import ACTIONS, Rule, compile_rules, judge
from chalicelib.access.words import BIT

from .situations import POLICIES
from .space import KINDS, THINGS, Group, around, bits, every, groups, lifted, size, whole
from .table import RULES

SMALL, BATCH, SAMPLED, PART = 70_000, 4_000, 1_000_000, 20_000
RECORDS = {**{BIT[f"record_{state}"]: state for state in STATES}, BIT["record_absent"]: "absent"}
DOCUMENTS = {BIT[f"thing_{state}"]: state for state in THINGS}
PLAIN = [
    (word, bit)
    for word, bit in BIT.items()
    if not (bit & KINDS or bit in RECORDS or bit in DOCUMENTS or bit & bits("record_kept", "record_there", "trusted"))
]
"""what Cedar is told by name; `trusted`, `record_kept` and `record_there` it says for itself"""
NAMES = {kind: "".join(part.title() for part in kind.value.split("_")) for kind in Kind}

_T = TypeVar("_T")
State = tuple[str, Kind, int]


def policies() -> PolicySet:
    """Return the second reading."""
    files = sorted((POLICIES / "cedar").glob("*.cedar"))
    return PolicySet.from_str("\n".join(file.read_text(encoding="utf-8") for file in files))


def question(state: State) -> dict[str, object]:
    """Return a state as Cedar is asked about it."""
    action, kind, words = state
    context: dict[str, object] = {word: True for word, bit in PLAIN if words & bit}
    context["record"] = next((name for bit, name in RECORDS.items() if words & bit), "unknown")
    context["thing"] = next((name for bit, name in DOCUMENTS.items() if words & bit), "something")
    principal = {"type": NAMES[kind], "id": "caller"}
    return {
        "principal": principal,
        "action": {"type": "Action", "id": action},
        "resource": {"type": "Record", "id": "record"},
        "context": context,
    }


@dataclass
class Agreement:
    """What asking both showed."""

    asked: int = 0
    allowed: int = 0
    errors: int = 0
    seconds: float = 0
    apart: list[str] = field(default_factory=list)

    def line(self, what: str) -> str:
        """Return what is printed."""
        speed = self.asked / self.seconds if self.seconds else 0
        return (
            f"second reading: {self.asked:,} {what}, {self.allowed:,} allowed, {len(self.apart)} apart, "
            f"{self.errors} errors, {self.seconds:.0f} s ({speed:,.0f} a second)"
        )


def compared(states: Iterable[State], rules: Sequence[Rule] = RULES) -> Agreement:
    """Ask the table and Cedar about each state. Cedar allows only when it says Allow and met no error."""
    found, book, second, start = Agreement(), compile_rules(rules), policies(), perf_counter()
    coming = iter(states)
    while batch := list(islice(coming, BATCH)):
        for state, answer in zip(batch, is_authorized_batch([*map(question, batch)], second, []), strict=True):
            decision = judge(book, state[2], state[0])
            allowed = answer.allowed and not answer.diagnostics.errors
            found.asked += 1
            found.allowed += allowed
            found.errors += bool(answer.diagnostics.errors)
            if allowed != decision.allowed:
                found.apart.append(f"{state[0]} {decision.rule}: {shown(state[2])}")
    found.seconds = perf_counter() - start
    return found


def shown(words: int) -> str:
    """Return the words that hold, for a person."""
    return " ".join(word for word, bit in BIT.items() if words & bit)


def small(most: int = SMALL, actions: Sequence[str] = ACTIONS) -> Iterator[State]:
    """Yield all states of each action and class of caller that has few; words that no rule reads are drawn."""
    chance = Random(0)
    for action in actions:
        for kind in Kind:
            if size(groups(RULES, action, kind)) <= most:
                choices = lifted(RULES, action, kind)
                for masked in every([list(choice) for choice in choices]):
                    yield action, kind, sum(chance.choice(choice[masked & _all(choice)]) for choice in choices)


def _all(choice: dict[int, list[int]]) -> int:
    found = 0
    for words in choice:
        found |= words
    return found


def sampled(count: int, seed: int) -> Iterator[State]:
    """Yield whole states: half drawn from all there are, half around a grant, where decisions are close."""
    chance, grants = Random(seed), [rule for rule in RULES if rule.decision.allowed]
    spaces: dict[Kind, list[Group]] = {kind: whole(kind) for kind in Kind}
    pools = [_pool(rule, spaces) for rule in grants]
    for _ in range(count // 2):
        kind = chance.choice([*Kind, Kind.CITIZEN, Kind.PROFESSIONAL, Kind.PROFESSIONAL])
        yield chance.choice(ACTIONS), kind, sum(map(chance.choice, spaces[kind]))
        actions, near = chance.choice(pools)
        kind, choices = chance.choice(near)
        yield chance.choice(actions), kind, _near(choices, chance)


def _near(choices: list[Group], chance: Random) -> int:
    """Draw a state near a grant, sometimes with little more than the grant asks for."""
    plain = chance.choice((0, 0.5, 0.8))
    return sum(group[0] if chance.random() < plain else chance.choice(group) for group in choices)


def _pool(rule: Rule, spaces: dict[Kind, list[Group]]) -> tuple[list[str], list[tuple[Kind, list[Group]]]]:
    """Return where to draw near a grant: one group fits it wholly or not at all, the others fit."""
    near = []
    for kind, space in spaces.items():
        fits = around(rule, space)
        if all(fits):
            near.append((kind, fits))
            near += [(kind, [*fits[:i], space[i], *fits[i + 1 :]]) for i in range(1, len(space))]
    return sorted(rule.actions), near


def added(parts: Iterable[Agreement]) -> Agreement:
    """Return what several processes found, as one."""
    whole_found = Agreement()
    for part in parts:
        whole_found.asked += part.asked
        whole_found.allowed += part.allowed
        whole_found.errors += part.errors
        whole_found.apart += part.apart
    return whole_found


def _small_part(actions: Sequence[str]) -> Agreement:
    return compared(small(actions=actions))


def _sampled_part(seed: int) -> Agreement:
    return compared(sampled(PART, seed))


def timed(work: Callable[[_T], Agreement], parts: Iterable[_T]) -> Agreement:
    """Compare the parts on all processors."""
    start = perf_counter()
    with ProcessPoolExecutor() as pool:
        found = added(pool.map(work, parts))
    found.seconds = perf_counter() - start
    return found


def main() -> int:
    """Print the agreement on all small sets of states and on a sample; return 1 when the readings part."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLED
    all_small = timed(_small_part, [[action] for action in ACTIONS])
    print(all_small.line(f"states, all those of the actions and callers that have at most {SMALL:,}"), flush=True)
    some = timed(_sampled_part, range(-(-count // PART)))
    print(some.line("whole states drawn"))
    apart = [*all_small.apart, *some.apart]
    print("\n".join(apart[:20]), end="\n" if apart else "")
    return 1 if apart or all_small.errors or some.errors else 0


if __name__ == "__main__":
    sys.exit(main())
