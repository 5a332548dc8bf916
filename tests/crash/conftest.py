"""Thousands of schedules: what the product logs about them is not kept, here only."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _without_logs() -> Iterator[None]:
    log = logging.getLogger("chalicelib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)
