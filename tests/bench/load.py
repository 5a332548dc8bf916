"""One client's latency and eight clients' operations a second, of the product and of the floor in turns."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from .floor import Floor

Step = Callable[[int], object]
CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, taken: Sequence[float]) -> "Times":
        """Return the two quantiles."""
        return cls(median(taken), quantiles(taken, n=20)[18])


def taken(call: Callable[[], object]) -> float:
    """Return what a call takes, in milliseconds."""
    start = perf_counter()
    call()
    return (perf_counter() - start) * 1000


def rate(steps: Sequence[Step], numbers: Sequence[int], seconds: float) -> float:
    """Return operations a second with one thread per step."""
    turns, done = count(), [0] * len(steps)
    ready, until = threading.Barrier(len(steps) + 1), [0.0]

    def work(mine: int) -> None:
        ready.wait()
        while perf_counter() < until[0]:
            steps[mine](numbers[next(turns) % len(numbers)])
            done[mine] += 1

    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(len(steps))]
    for thread in threads:
        thread.start()
    start = perf_counter()
    until[0] = start + seconds
    ready.wait()
    for thread in threads:
        thread.join()
    return sum(done) / (perf_counter() - start)


def _serve(pipe: Any, make: Callable[..., Floor], arguments: tuple[Any, ...], names: dict[int, str]) -> None:
    floor = make(*arguments)
    while (order := pipe.recv()) is not None:
        operation, numbers, seconds = order
        action = getattr(floor, operation)
        pipe.send(rate([lambda n: action(n, names[n])] * (CLIENTS // 2), numbers, seconds))


class TwoProcesses:
    """The floor with two processes of four threads."""

    def __init__(self, arguments: tuple[Any, ...], names: dict[int, str]) -> None:
        context = get_context("spawn")
        self._pipes = []
        self._processes = []
        for _ in range(2):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there, Floor, arguments, names), daemon=True)
            process.start()
            self._pipes.append(here)
            self._processes.append(process)

    def rate(self, operation: str, numbers: Sequence[int], seconds: float) -> float:
        """Return operations a second of both together."""
        for pipe in self._pipes:
            pipe.send((operation, numbers, seconds))
        return sum(float(pipe.recv()) for pipe in self._pipes)

    def stop(self) -> None:
        """End them."""
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.send(None)
            process.join()
