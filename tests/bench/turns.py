"""Product and floor in turns, so that what else the machine does weighs on both."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from .asked import Connection, Maker, Request
from .floor import Floor
from .load import CLIENTS, Times, TwoProcesses, rate, taken
from .processes import Behind
from .world import SHELVES, World

ALONE_ROUNDS, ALONE = 6, {"deposit": 12, "consult": 25, "listing": 30, "metadata": 40}
MANY_ROUNDS, SECONDS = 3, 1.5
_MOST_DEPOSITS = 180
"""a second, of eight clients: their requests are made before the clock starts"""


@dataclass(slots=True)
class Bench:
    """One instance under measurement."""

    base_url: str
    world: World
    maker: Maker
    floor: Floor
    processes: TwoProcesses
    behind: Behind
    turns: "itertools.count[int]"

    def alone(self, operation: str) -> tuple[Times, Times]:
        """Return what product and floor take with one client, request by request in turns."""
        ours: list[float] = []
        theirs: list[float] = []
        connection, floor = Connection(self.base_url), getattr(self.floor, operation)
        for _ in range(ALONE_ROUNDS):
            self.floor.level(self.world)
            numbers = self._numbers(ALONE[operation])
            for number, request in zip(numbers, self._requests(operation, numbers), strict=True):
                ours.append(taken(partial(connection.ask, request)))
                theirs.append(taken(partial(floor, number, self._document(number))))
        connection.close()
        return Times.of(ours), Times.of(theirs)

    def many(self, operation: str) -> tuple[float, float, float]:
        """Return operations a second of eight clients: product, floor in 8 threads, floor in 2 x 4."""
        floor, found = getattr(self.floor, operation), []
        for _ in range(MANY_ROUNDS):
            self.floor.level(self.world)
            numbers = self._numbers(SHELVES)
            threads = rate([lambda n: floor(n, self._document(n))] * CLIENTS, numbers, SECONDS)
            product = self._product(operation)
            found.append((product, threads, self.processes.rate(operation, numbers, SECONDS)))
        product, threads, processes = (median(column) for column in zip(*found, strict=True))
        return product, threads, processes

    def _product(self, operation: str) -> float:
        numbers = self._numbers(int(SECONDS * _MOST_DEPOSITS) if operation == "deposit" else SHELVES)
        requests = self._requests(operation, numbers)
        connections = [Connection(self.base_url) for _ in range(CLIENTS)]
        found = rate([_sender(one, requests) for one in connections], range(len(requests)), SECONDS)
        for connection in connections:
            connection.close()
        return found

    def _numbers(self, count: int) -> list[int]:
        return [next(self.turns) % SHELVES for _ in range(count)]

    def _requests(self, operation: str, numbers: Sequence[int]) -> list[Request]:
        make = getattr(self.maker, operation)
        return [make(self.world, number) for number in numbers]

    def _document(self, number: int) -> str:
        return self.world.newest[self.world.records[number]]


def _sender(connection: Connection, requests: Sequence[Request]) -> Callable[[int], object]:
    return lambda number: connection.ask(requests[number])
