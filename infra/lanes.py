"""One lane of the worker: the same step again and again, slower while there is nothing to do or nobody answers."""

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.kernel.errors import CarnetError

SLOWEST_AFTER_FAILURE = 10.0
"""seconds"""


@dataclass(frozen=True, slots=True)
class Lane:
    """`step` returns whether there was work; pauses between idle steps grow from `quickest` to `slowest` seconds."""

    name: str
    step: Callable[[], bool]
    quickest: float
    slowest: float

    def run(self, stopping: threading.Event) -> None:
        """Step until told to stop. What our ports raise slows the lane down; anything else ends it."""
        pause = self.quickest
        while not stopping.wait(pause):
            pause = self._next(pause)

    def _next(self, pause: float) -> float:
        try:
            return self.quickest if self.step() else min(pause * 2, self.slowest)
        except CarnetError as error:
            log(self.name, type(error).__name__)
            return min(max(pause, 0.1) * 2, SLOWEST_AFTER_FAILURE)


def log(lane: str, code: str) -> None:
    """Write one line without any data of a person."""
    print(json.dumps({"source": "worker", "lane": lane, "code": code}), file=sys.stderr, flush=True)
