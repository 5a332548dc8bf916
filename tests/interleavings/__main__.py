"""Explore the scenarios: `python -m tests.interleavings [--all]`; the last line says how many schedules are wrong."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from chalicelib.access.gate import TRIES

from .explore import Explorer
from .real_pair import run
from .scenarios import CORE, MINDS, MORE, backwards

ROUNDS = 30
BOUND = f"no bound on retries beside the gate's own {TRIES}"


def main(*, everything: bool) -> int:
    """Print a line for each scenario; return how many schedules are wrong."""
    chosen = [*CORE, *map(backwards, CORE)]
    if everything:
        chosen += [*MINDS, *MORE, *map(backwards, (*MINDS, *MORE))]
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
    return wrong + (on_real_stores() if everything else 0)


def on_real_stores() -> int:
    """Run the random schedules; return how many are wrong."""
    with TemporaryDirectory() as folder:
        line, wrong = run(Path(folder), ROUNDS)
    print(line, *wrong, sep="\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(1 if main(everything="--all" in sys.argv) else 0)
