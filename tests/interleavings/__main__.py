"""Explore the scenarios: `python -m tests.interleavings [--all]`; the last line says how many schedules are wrong."""

import sys
from time import perf_counter

from .explore import Explorer
from .scenarios import CORE, MORE, backwards


def main(*, everything: bool) -> int:
    """Print a line for each scenario; return how many schedules are wrong."""
    chosen = [*CORE, *map(backwards, CORE)]
    if everything:
        chosen += [*MORE, *map(backwards, MORE)]
    schedules = wrong = 0
    for scenario in chosen:
        begun = perf_counter()
        found = Explorer(scenario).run()
        seconds = perf_counter() - begun
        print(
            f"{scenario.name}: {found.schedules} schedules through {found.states} states,"
            f" at most {found.longest} port calls, {found.wrong} wrong, {seconds:.1f} s",
            flush=True,
        )
        for reasons, path in found.examples:
            print("   ", reasons, "".join(map(str, path)))
        schedules, wrong = schedules + found.schedules, wrong + found.wrong
    print(f"interleavings: {len(chosen)} scenarios, {schedules} schedules, {wrong} wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(everything="--all" in sys.argv) else 0)
