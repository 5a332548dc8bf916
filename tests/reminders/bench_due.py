"""`python -m tests.reminders.bench_due`: how long the whole rule set takes for one person, warm."""

import statistics
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter_ns

from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Act, History, Person, Pregnancy

from .lives import SHIPPED, signed

TODAY = date(2027, 11, 27)
RISKS = frozenset({"chronic", "respiratory_or_cardiac"})


def people() -> list[tuple[str, Person, History]]:
    """Return one person of each sort: what is due to them differs."""
    born = {years: date(2027 - years, 3, 5) for years in (0, 1, 6, 12, 26, 34, 52, 68, 82)}
    infant = tuple(Act(code, TODAY - timedelta(60)) for code in ("hexavalent", "pneumococcal", "menb", "child_exam_05"))
    pregnant = (Pregnancy(TODAY - timedelta(weeks=33)),)
    old = tuple(Act(code, date(year, 11, 3)) for year in range(2015, 2027) for code in ("influenza", "covid"))
    return [
        ("8 months", Person(born[0], "F", "973"), infant),
        ("20 months", Person(born[1], "M", "75", frozenset({"preterm"})), ()),
        ("6 years", Person(born[6], "F", "35"), infant),
        ("12 years", Person(born[12], "M", "59"), ()),
        ("26 years", Person(born[26], "F", "13"), (Act("cytology", date(2026, 5, 1), "normal"),)),
        ("34 years, pregnant", Person(born[34], "F", "13", RISKS, pregnant), ()),
        ("52 years", Person(born[52], "F", "2A"), (Act("fit", date(2025, 5, 1)), Act("mammography", date(2026, 5, 1)))),
        ("68 years, at risk", Person(born[68], "F", "13", RISKS), (*old, Act("dtp", date(2024, 5, 1)))),
        ("82 years, at risk", Person(born[82], "M", "13", RISKS), old),
    ]


def timed(function: Callable[[], object]) -> float:
    """Return the microseconds of one call: the lowest of several medians, so that the neighbours count little."""
    return min(median(function) for _ in range(5))


def median(function: Callable[[], object], times: int = 100) -> float:
    """Return the median microseconds of one call."""
    found = []
    for _ in range(times):
        start = perf_counter_ns()
        function()
        found.append(perf_counter_ns() - start)
    return statistics.median(found) / 1000


def main() -> None:
    """Print a line for each person, the slowest last."""
    slowest = {"due": 0.0, "next_due": 0.0}
    for rules, how in ((SHIPPED, "as shipped"), (signed(), "all signed")):
        print(f"{len(rules.by_id)} rules, {len(rules.lines)} lines in force ({how}); median microseconds of one call")
        for name, person, history in people():
            one = timed(lambda p=person, h=history, r=rules: due(p, h, r, TODAY))
            two = timed(lambda p=person, h=history, r=rules: next_due(p, h, r, TODAY))
            slowest = {"due": max(one, slowest["due"]), "next_due": max(two, slowest["next_due"])}
            count = len(due(person, history, rules, TODAY))
            print(f"  {name:20} due {one:6.1f}  next_due {two:6.1f}  ({count} due)")
    print(f"slowest: due {slowest['due']:.1f} µs, next_due {slowest['next_due']:.1f} µs")


if __name__ == "__main__":
    main()
