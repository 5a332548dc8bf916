"""A call that happens when its result is asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """Do the call at the first `result()`, and give the same answer ever after."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._answers: list[T] = []

    def result(self) -> T:
        """Return what the call returned, or raise what it raised."""
        if not self._answers:
            self._answers.append(self._call())
        return self._answers[0]
