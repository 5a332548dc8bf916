"""Every port call is killed before and after: nothing acknowledged is lost, nothing is done twice."""

import pytest

from .matrix import LONG, Tally, expected, in_memory

DOUBLES = 100


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Every single kill and a seeded sample of double ones; `python -m tests.crash.matrix --all` runs all."""
    found = in_memory(DOUBLES)
    print(found.line("crash"))
    return found


@pytest.mark.abuse("Q01", "Q07")
def test_no_kill_loses_doubles_or_releases_anything(tally: Tally) -> None:
    assert tally.wrong == []


def _steady(points: set[tuple[str, int, str]]) -> set[tuple[str, int, str]]:
    return {point for point in points if point[0] not in LONG}


def test_every_port_call_is_killed_on_both_sides(tally: Tally) -> None:
    # How many pages fifteen nights read depends on the shards of random ids: there the trace of the run itself counts.
    assert _steady(tally.reached) == _steady(expected())
    assert len(tally.reached) == 2 * tally.calls
    assert tally.failed > 0
