"""Every port call is killed before and after: nothing acknowledged is lost, nothing is done twice."""

import pytest

from .matrix import Tally, expected, in_memory

DOUBLES = 300


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Every single kill and a seeded sample of double ones; `python -m tests.crash.matrix --all` runs all."""
    found = in_memory(DOUBLES)
    print(found.line("crash"))
    return found


@pytest.mark.abuse("Q01", "Q07")
def test_no_kill_loses_doubles_or_releases_anything(tally: Tally) -> None:
    assert tally.wrong == []


def test_every_port_call_is_killed_on_both_sides(tally: Tally) -> None:
    assert tally.reached == expected()
    assert len(tally.reached) == 2 * tally.calls
    assert tally.failed > 0
