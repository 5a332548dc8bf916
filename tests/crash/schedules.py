"""One schedule: an operation, where it dies, whether its client tries again, where that dies too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from chalicelib.access.opening import records_of
from chalicelib.kernel.errors import CarnetError, ConditionFailed, Unavailable
from chalicelib.kernel.host import Host
from tests.cutting import each_call
from tests.people import HOLDER

from .cases import Case
from .checks import Outcome
from .invariants import broken, history_kept, mails
from .operations import Operation
from .recovery import forget, recover
from .watch import FAILURES, SIDES, Killed, Meter, Point, Process
from .worlds import Snapshot, World, memory_world, snapshot

EFFECTS = frozenset(
    f"{port}.{call}"
    for port, calls in {
        "rows": ("put", "put_many", "update", "delete"),
        "blobs": ("put", "delete"),
        "queue": ("send", "receive", "delete"),
        "mail": ("send",),
    }.items()
    for call in calls
)
"""calls that change a store: a kill beside any other is a kill beside the one before, as far as stores can tell"""


Empty = Callable[[], World]
"""makes empty stores"""
NEVER, AT_ONCE, LATER = "never", "at once", "after recovery"


@dataclass(frozen=True)
class Schedule:
    """`first` kills the operation, `second` whatever runs after it: the client's next tries and the recovery."""

    operation: Operation
    first: Point | None = None
    second: Point | None = None
    retry: str = NEVER

    def __str__(self) -> str:
        """Name the schedule so that it can be found again."""
        second = f", then {self.second}" if self.second else ""
        return f"{self.operation.name} killed at {self.first}{second}, client tries again {self.retry}"


@dataclass(frozen=True)
class Result:
    """What was wrong, which kills never came, and the calls of both stages in order."""

    wrong: tuple[str, ...]
    missed: tuple[Point, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


@cache
def prepared(operation: Operation) -> tuple[Snapshot, Case]:
    """Return the state that an operation begins with, made once."""
    world = memory_world()
    case = operation.prepare(world)
    return snapshot(world, *([case.record] if case.record else [])), case


def run(schedule: Schedule, empty: Empty = memory_world) -> Result:
    """Play a schedule on fresh stores and say what does not hold afterwards."""
    operation = schedule.operation
    before, case = prepared(operation)
    world = before.fill(empty())
    kept = {record: [sealed for sealed, _ in world.journal(record)] for record in world.records}
    first, second = Meter(schedule.first), Meter(schedule.second)
    act, recovery = partial(_act, operation, case), partial(recover, nights=operation.nights)
    done, answer = attempt(world, first, act)
    if schedule.retry == LATER:
        _until_done(world, second, recovery)
    if schedule.retry != NEVER and not done:
        done, answer = True, _until_done(world, second, act)
    _until_done(world, second, recovery)
    missed = tuple(meter.kill for meter in (first, second) if meter.kill and not meter.fired)
    answers = () if answer is None else (answer,)
    wrong = _wrong(operation, before, world, case, answers, must=done or not operation.retried)
    wrong += ["journal: entries of before are gone" for record in kept if not history_kept(world, record, kept[record])]
    return Result(tuple(wrong), missed, tuple(first.trace), tuple(second.trace))


def _act(operation: Operation, case: Case, host: Host) -> object:
    return operation.act(host, case)


def attempt(world: World, meter: Meter, step: Callable[[Host], object]) -> tuple[bool, object]:
    """Run a step in a process of its own; tell whether it lived, and what it answered."""
    forget()
    try:
        return True, step(Process(world, meter).host())
    except (Killed, Unavailable):
        return False, None
    except (CarnetError, ConditionFailed) as error:  # nothing of this makes a request wrong that was right
        world.wrong.append(f"refused: {type(error).__name__}")
        return True, None


def _until_done(world: World, meter: Meter, step: Callable[[Host], object]) -> object:
    done = False
    while not done:
        done, answer = attempt(world, meter, step)
    return answer


def _wrong(
    op: Operation, before: Snapshot, world: World, case: Case, answers: tuple[object, ...], *, must: bool
) -> list[str]:
    forget()
    host = world.host()
    if op.name == "open":
        world.records = tuple(record for record in records_of(host, HOLDER) if world.facts(record).state == "open")
    wrong = [*broken(world, before)]
    try:
        wrong += op.check(Outcome(world, host, case, answers, must, mails(world, before)))
    except CarnetError as error:
        wrong.append(f"lost: {type(error).__name__} where something should be read")
    return wrong


@cache
def trace(operation: Operation, empty: Empty = memory_world) -> tuple[str, ...]:
    """Return the port calls of an operation that nobody kills."""
    return run(Schedule(operation), empty).first


def pairs(operation: Operation, empty: Empty = memory_world) -> list[Point]:
    """Return every (call, side) of an operation."""
    return each_call(trace(operation, empty), SIDES)


def failures(operation: Operation, empty: Empty = memory_world) -> list[Point]:
    """Return every way in which an effect fails while the process lives on; a failed read has none."""
    effects = [number for number, call in enumerate(trace(operation, empty)) if call in EFFECTS]
    return [(number, side) for number in effects for side in FAILURES]


def retries(operation: Operation) -> tuple[str, ...]:
    """Return the ways in which a client may behave afterwards; what repeats by itself has no client."""
    return (NEVER, AT_ONCE, LATER) if operation.retried else (NEVER,)


def doubles(single: Schedule, second: tuple[str, ...]) -> Iterator[Schedule]:
    """Yield the same kill followed by one beside every effect of what came after it."""
    for number, call in enumerate(second):
        if call in EFFECTS:
            for side in SIDES:
                yield Schedule(single.operation, single.first, (number, side), single.retry)
