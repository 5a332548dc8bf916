"""Measure one decision: `python -m tests.policies.bench` prints p50 and p99 over every case, in microseconds."""

import gc
from collections.abc import Callable
from statistics import quantiles
from time import perf_counter_ns

from chalicelib.access.rules import Decision

from .situations import cases

ROUNDS = 200


def microseconds(ask: Callable[[], Decision]) -> float:
    """Return what one decision took, without building its arguments."""
    start = perf_counter_ns()
    ask()
    return (perf_counter_ns() - start) / 1000


def main() -> None:
    """Print the figures; the first round warms up."""
    asks = [case.prepared() for case in cases().values()]
    gc.freeze()  # as infra/serve.py does
    taken = [microseconds(ask) for _ in range(ROUNDS + 1) for ask in asks][len(asks) :]
    cuts = quantiles(taken, n=100)
    print(f"decide: {len(taken)} decisions, p50 {cuts[49]:.1f} us, p99 {cuts[98]:.1f} us")


if __name__ == "__main__":
    main()
