"""A share of the same schedules on ExtendDB and SeaweedFS; `python -m tests.crash.matrix --real 300` runs the proof.

Here two kills of each operation that issue 2 names; there of every operation.
"""

import pytest

from .matrix import on_the_real_pair
from .operations import OPERATIONS

NAMED = {
    *("open", "deposit", "part", "intake", "settle", "flush"),
    *("relay", "consult", "hide", "replace", "delete", "remind"),
}
SHARE = 2 * len(NAMED)


@pytest.mark.real
def test_no_kill_loses_doubles_or_releases_anything_on_the_real_pair() -> None:
    tally = on_the_real_pair(SHARE, [one for one in OPERATIONS if one.name in NAMED])
    print(tally.line("crash on the real pair"))
    assert tally.wrong == []
    assert {operation for operation, _, _ in tally.reached} == NAMED
    assert tally.single + tally.double >= SHARE
