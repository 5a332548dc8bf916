"""Explore the scenarios: `python -m tests.interleavings [--minds] [--all]`; the last line says how many are wrong.

`--share` leaves out the reads in the opposite order; `--minds` adds changes of mind, of the clock, of who acts, and
the end of a record; `--all` everything there is.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from chalicelib.access.gate import TRIES

from .explore import Explorer, Scenario
from .real_pair import run
from .scenarios import CORE, ENDS, MINDS, MORE, backwards

ROUNDS = 30
LEAST = (20, 100_000)
"""scenarios and schedules: with fewer, `--all` has not shown what it is for"""
BOUND = f"no bound on retries beside the gate's own {TRIES}"


def chosen_by(flags: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that the flags ask for."""
    more = (*MINDS, *ENDS, *MORE) if "--all" in flags else (*MINDS, *ENDS) if "--minds" in flags else ()
    once = [*CORE, *more]
    if "--share" in flags:
        return once
    return [*once, *map(backwards, once if "--all" in flags else CORE)]


def main(flags: Sequence[str] = ()) -> int:
    """Print a line for each scenario; return how many schedules are wrong, one more when `--all` were too few."""
    chosen = chosen_by(flags)
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
    print(f"interleavings: {len(chosen)} scenarios, {schedules:,} schedules, {wrong} wrong; {BOUND}")
    return wrong + (on_real_stores() + too_few(len(chosen), schedules) if "--all" in flags else 0)


def too_few(scenarios: int, schedules: int) -> int:
    """Return 1, and say so, when less was explored than was promised."""
    few = scenarios < LEAST[0] or schedules < LEAST[1]
    if few:
        print(f"interleavings: fewer than {LEAST[0]} scenarios or {LEAST[1]:,} schedules")
    return int(few)


def on_real_stores() -> int:
    """Run the random schedules; return how many are wrong."""
    with TemporaryDirectory() as folder:
        line, wrong = run(Path(folder), ROUNDS)
    print(line, *wrong, sep="\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
