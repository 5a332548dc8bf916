"""How code is loaded in a function that starts for one request: without the collector, and once."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the collector away while modules load: all it would find, again and again, is what stays for good.

    It took a sixth of a start (docs/performance.md). What was loaded is never looked at afterwards either.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


class Once(Generic[T]):
    """What is made when it is first asked for, once, whatever threads ask."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._made, self._making = make, list[T](), Lock()

    def __call__(self) -> T:
        """Return it."""
        with self._making:
            if not self._made:
                self._made.append(self._make())
        return self._made[0]
