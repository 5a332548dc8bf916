"""A share of the same schedules on ExtendDB and SeaweedFS; `python -m tests.crash.matrix --real 300` runs the proof."""

import pytest

from .matrix import on_the_real_pair

SHARE = 16


@pytest.mark.real
def test_no_kill_loses_doubles_or_releases_anything_on_the_real_pair() -> None:
    tally = on_the_real_pair(SHARE)
    print(tally.line("crash on the real pair"))
    assert tally.wrong == []
    assert tally.single + tally.double >= SHARE
