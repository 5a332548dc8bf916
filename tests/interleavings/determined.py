"""Chance taken out: every operation draws its random bytes from a stream of its own name, sealing is remembered.

So an operation that saw the same answers stands at the same point with the same values, and two schedules that lead
there are one.
"""

import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from unittest.mock import patch

from chalicelib.kernel import parts
from chalicelib.vault import actions, store


class Stream:
    """Random bytes that depend on a name and on how many were drawn before."""

    def __init__(self, name: str) -> None:
        self._name, self._drawn = name, 0

    def draw(self, size: int) -> bytes:
        """Return the next bytes."""
        self._drawn += 1
        return hashlib.shake_256(f"{self._name} {self._drawn}".encode()).digest(size)


class Chance:
    """Where this process draws from now."""

    stream = Stream("nobody")

    def draw(self, size: int) -> bytes:
        """Return random bytes of whoever runs."""
        return self.stream.draw(size)


CHANCE = Chance()
_seal = lru_cache(maxsize=4096)(parts.seal_part)
_open = lru_cache(maxsize=4096)(parts.open_part)


@contextmanager
def determined() -> Iterator[None]:
    """Draw all random bytes of this process from CHANCE; seal and open the same part only once."""
    with (
        patch.object(os, "urandom", CHANCE.draw),
        patch.object(random, "_urandom", CHANCE.draw),
        patch.object(actions, "seal_part", _seal),
        patch.object(store, "open_part", _open),
    ):
        yield
