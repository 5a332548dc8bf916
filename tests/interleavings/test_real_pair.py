"""A share of the random schedules on the real pair; the rest is in `python -m tests.interleavings --all`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .real_pair import run

ROUNDS = 4


@pytest.mark.real
def test_nothing_is_wrong_in_random_schedules_on_the_real_pair(
    tmp_path: Path, record_property: Callable[..., None]
) -> None:
    line, wrong = run(tmp_path, ROUNDS)
    record_property("figure", line)
    assert not wrong
