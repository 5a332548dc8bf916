"""Measure one decision: `python -m tests.policies.bench` prints p50 and p99 over every case, in microseconds.

Once over the situations, each by the median of its rounds, which says what the function takes; and once over all calls,
of which the slowest hundredth are those that the machine interrupted.
"""

import gc
from collections.abc import Callable
from functools import partial
from statistics import median, quantiles
from time import perf_counter_ns

from chalicelib.access.rules import Decision

from .situations import cases

ROUNDS = 200


def microseconds(ask: Callable[[], Decision]) -> float:
    """Return what one decision took, without building its arguments."""
    start = perf_counter_ns()
    ask()
    return (perf_counter_ns() - start) / 1000


def first(ask: partial[Decision]) -> float:
    """Return what it took while nothing was remembered of earlier decisions."""
    known = ask.func.__self__.judged
    known.clear()
    taken = microseconds(ask)
    assert known, "nothing was judged"
    return taken


def main() -> None:
    """Print the figures; the first round warms up."""
    asks = [case.prepared() for case in cases().values()]
    gc.freeze()  # as infra/serve.py does
    rounds = [[microseconds(ask) for ask in asks] for _ in range(ROUNDS + 1)][1:]
    situations = [median(taken) for taken in zip(*rounds, strict=True)]
    print(f"decide: {len(asks)} situations, {_cuts(situations)}, slowest {max(situations):.1f} us (aim: p99 10 us)")
    news = [[first(ask) for ask in asks] for _ in range(ROUNDS // 10)]
    print(f"   met for the first time in a process: {_cuts([median(taken) for taken in zip(*news, strict=True)])}")
    calls = [one for taken in rounds for one in taken]
    print(f"   all {len(calls)} calls, with what else the machine did meanwhile: {_cuts(calls)}")


def _cuts(taken: list[float]) -> str:
    cuts = quantiles(taken, n=100)
    return f"p50 {cuts[49]:.1f} us, p99 {cuts[98]:.1f} us"


if __name__ == "__main__":
    main()
