"""What the tests of notices share."""

import pytest

from chalicelib.notices import batches, letters


@pytest.fixture
def few_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the number of calls, and so of kills, small."""
    for module in (batches, letters):
        monkeypatch.setattr(module, "SHARDS", 2)
