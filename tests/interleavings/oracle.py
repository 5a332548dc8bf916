"""Is there an order, consistent with real time and with the journal, that explains every answer and the final state?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from .meaning import State, carried_out
from .operations import Operation, Outcome

JOURNALED = frozenset(
    {
        *("consult", "list", "hide", "show", "block", "allow", "revoke", "use", "void"),
        *("emergency", "close", "erase", "keep", "reveal", "announce"),
    }
)
"""verbs that take effect at the very write that journals them: their order is the journal's"""


@dataclass(frozen=True, slots=True)
class Done:
    """One operation as it was seen from outside: `after` names those that had ended before it began."""

    operation: Operation
    outcome: Outcome
    after: frozenset[str]


def explained(before: State, history: Sequence[Done], after: State, journal: Sequence[str]) -> bool:
    """Tell whether some order does. `journal` gives request ids in the order of the entries."""
    orders = (order for order in permutations(history) if _in_time(order) and _in_journal(order, journal))
    return any(_fits(before, order, after) for order in orders)


def _in_time(order: Sequence[Done]) -> bool:
    seen: set[str] = set()
    for done in order:
        if not done.after <= seen:
            return False
        seen.add(done.operation.name)
    return True


def _in_journal(order: Sequence[Done], journal: Sequence[str]) -> bool:
    names = [done.operation.name for done in order if done.operation.verb in JOURNALED]
    places = [journal.index(name) for name in names if name in journal]
    return all(one < next_one for one, next_one in pairwise(places))


def _fits(before: State, order: Sequence[Done], after: State) -> bool:
    state = before
    for done in order:
        state, outcome = carried_out(state, done.operation)
        if outcome != done.outcome:
            return False
    return state == after
