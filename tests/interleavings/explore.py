"""Every schedule of some operations: depth first, replayed from the beginning, equal states only once.

A state is everything on which the rest can depend: the stores, what each operation has seen so far (its random bytes
are a function of that), and who had ended before whom began. From equal states lead equal schedules, so a state met
again adds the number of its schedules and is not walked again: the count is that of all schedules, none is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.hosts.memory.rows import MemoryRows
from chalicelib.kernel.host import Host

from .determined import determined
from .meaning import DESTROYED, State
from .observed import complaints, is_destroyed, left_of, record_of, state_of
from .operations import Operation, Stage
from .oracle import Done, explained
from .worlds import Snapshot, World, snapshot


@dataclass(frozen=True, slots=True)
class Scenario:
    """Operations that begin at the same moment on a prepared record."""

    name: str
    prepare: Callable[..., Stage]
    before: State
    operations: tuple[Operation, ...]
    backwards: bool = False


@dataclass(slots=True)
class Found:
    """What exploring one scenario gave: `wrong` counts schedules, `examples` holds some of them."""

    schedules: int = 0
    states: int = 0
    longest: int = 0
    wrong: int = 0
    examples: list[tuple[str, list[int]]] = field(default_factory=list)


class Explorer:
    """Walks all schedules of one scenario."""

    def __init__(self, scenario: Scenario, engine: type[MemoryRows] = MemoryRows) -> None:
        self._scenario, self._engine = scenario, engine
        self._known: dict[bytes, tuple[int, int]] = {}
        self._start: Snapshot
        self.found = Found()

    def run(self) -> Found:
        """Return the counts."""
        with determined():
            return self._run()

    def _run(self) -> Found:
        self._start = snapshot(self._scenario.prepare)
        self.found.schedules, self.found.wrong = self._from([], self._replayed([]))
        self.found.states = len(self._known)
        return self.found

    def _replayed(self, path: Sequence[int]) -> World:
        scenario = self._scenario
        world = World(self._start, scenario.operations, self._engine, backwards=scenario.backwards)
        for number in path:
            world.step(number)
        return world

    def _from(self, path: list[int], world: World) -> tuple[int, int]:
        state = world.state()
        if state not in self._known:
            self._known[state] = self._walk(path, world)
        return self._known[state]

    def _walk(self, path: list[int], world: World) -> tuple[int, int]:
        ready = world.ready()
        if not ready:
            self.found.longest = max(self.found.longest, len(path))
            return 1, self._judge(path, world)
        schedules = wrong = 0
        for number in ready:
            after = world if number == ready[0] else self._replayed(path)
            after.step(number)
            more, bad = self._from([*path, number], after)
            schedules, wrong = schedules + more, wrong + bad
        return schedules, wrong

    def _judge(self, path: list[int], world: World) -> int:
        reasons = judged(self._scenario, self._start.stage, world.history(), world.host())
        if reasons and len(self.found.examples) < 5:
            self.found.examples.append(("; ".join(reasons), path))
        return 1 if reasons else 0


def judged(scenario: Scenario, stage: Stage, history: Sequence[Done], host: Host) -> list[str]:
    """Return what is wrong with a finished run."""
    if is_destroyed(host, stage.record):
        wrong = left_of(host, stage.record)
        return wrong if explained(scenario.before, history, DESTROYED, []) else [*wrong, _unexplained(history)]
    record = record_of(host, stage.record)
    wrong = complaints(record, history)
    names = {name: document.draft.unique_id for name, document in record.documents.items()}
    told = [done if done.outcome[0] != "document" else _named(done, names) for done in history]
    journal = [entry.request for entry in record.entries if entry.effect == "allow"]
    if not explained(scenario.before, told, state_of(host, stage, record), journal):
        wrong.append(_unexplained(told))
    return wrong


def _unexplained(history: Sequence[Done]) -> str:
    return f"no order explains: {', '.join(map(_sentence, history))}"


def _sentence(done: Done) -> str:
    return f"{done.operation.name} {' '.join(done.outcome)} after {sorted(done.after)}"


def _named(done: Done, names: Mapping[str, str]) -> Done:
    return replace(done, outcome=("document", names.get(done.outcome[1], "lost")))
