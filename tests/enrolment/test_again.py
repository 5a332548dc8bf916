"""A turn asked for again after a lost answer: the same answer, and nothing turned, no clock begun, nobody told anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import jobs
from chalicelib.access.rules import ALREADY
from chalicelib.consent.actions import mine
from chalicelib.enrolment import life, support
from chalicelib.enrolment.life import State
from chalicelib.kernel.errors import CarnetError, NotFound
from tests.enrolment.clocked import child
from tests.enrolment.racing import races
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, SUPPORT, person

BORN = person().birth_date
Verb = Callable[[World], State]


def _mine(turn: Callable[..., State]) -> Verb:
    return lambda world: turn(world.host, HOLDER, world.record)


def _by_enrolment(turn: Callable[..., State]) -> Verb:
    return lambda world: turn(world.host, ENROLMENT, world.record)


VERBS: dict[str, Verb] = {
    "close": _mine(life.close),
    "reopen": _mine(life.reopen),
    "erase": _mine(life.erase),
    "keep": _mine(life.keep),
    "resume": _mine(life.resume),
    "suspend": _by_enrolment(life.suspend),
    "decease": _by_enrolment(life.decease),
    "support:close": lambda w: support.close(w.host, SUPPORT, w.reference, BORN),
    "support:oppose": lambda w: support.oppose(w.host, SUPPORT, w.reference, w.text, BORN),
    "oppose": lambda w: life.oppose(w.host, w.reference, w.text)[0],
    "activate": lambda w: life.activate(w.host, HOLDER, w.reference, w.text),
}
BEFORE = {
    "close": ("activate",),
    "reopen": ("activate", "close"),
    "erase": ("activate", "close"),
    "keep": ("activate", "close", "erase"),
    "resume": ("activate", "suspend"),
    "suspend": ("activate",),
    "decease": ("activate",),
    "support:close": ("activate",),
    "support:oppose": (),
    "oppose": (),
    "activate": (),
}
"""verb -> what has to come before it"""
TOLD = {"erase": 1, "suspend": 1, "support:close": 1, "support:oppose": 1}
"""verb -> notices; nobody is told of their own gesture but of an erasure, and of a death no notice goes out"""


class Written(World):
    """A world that remembers its code, as whoever has the letter does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.text = self.code

    text: str


def lived(name: str) -> Written:
    world = Written()
    for verb in BEFORE[name]:
        VERBS[verb](world)
    world.work()
    return world


def turned(world: World) -> tuple[State, int, object]:
    """Return all that a turn may change."""
    return life.state_of(world.host, world.record), world.opened()[1].policy_version, world.choices()


@pytest.mark.parametrize("name", VERBS)
def test_a_turn_asked_for_again_gives_the_same_answer_and_changes_nothing(name: str):
    world, ask = lived(name), VERBS[name]
    before, sent = len(world.journal()), len(world.host.mail.sent)
    first = ask(world)
    world.work()
    after = turned(world)
    assert len(world.host.mail.sent) - sent == TOLD.get(name, 0)
    for days in (0, 1, 20):
        world.clock.advance(timedelta(days=days))
        assert ask(world) == first
        assert jobs.minute(world.host)["relayed"] == 0  # nothing follows
    assert turned(world) == after
    first_entry, *others = [entry for entry in world.journal()[before:] if entry.action.split(":")[1] in name]
    assert [entry.obligations for entry in others] == [[]] * (0 if name == "activate" else 3)
    assert first_entry.rule not in {entry.rule for entry in others}
    assert len(world.host.mail.sent) - sent == TOLD.get(name, 0)


@pytest.mark.parametrize("name", ["close", "reopen", "erase", "keep", "resume"])
def test_a_parent_is_answered_the_same_again_too(name: str):
    world = child(BORN.replace(year=2015), World().start)
    for verb in BEFORE[name][1:]:
        VERBS[verb](world)
    first = VERBS[name](world)
    after = turned(world)
    world.clock.advance(timedelta(days=3))
    assert VERBS[name](world) == first
    assert turned(world) == after


@pytest.mark.parametrize("name", ["close", "reopen", "erase", "keep", "resume", "suspend", "decease"])
def test_the_same_turn_asked_for_twice_at_once_happens_once(name: str):
    for world, *told in races(lambda: lived(name), VERBS[name], VERBS[name]):
        assert told == ["done", "done"]
        mine = [entry for entry in world.journal() if entry.action == f"record:{name}"]
        assert sum(entry.reason != ALREADY for entry in mine) == 1
        (first, *_) = mine
        assert life.state_of(world.host, world.record).since[:19] == first.at[:19]


@pytest.mark.abuse("T07")
def test_asking_again_at_the_help_desk_takes_both_factors():
    for name, wrong in (
        ("support:close", lambda w: support.close(w.host, SUPPORT, w.reference, BORN.replace(year=1990))),
        ("support:oppose", lambda w: support.oppose(w.host, SUPPORT, w.reference, w.text, BORN.replace(year=1990))),
        ("support:oppose", lambda w: support.oppose(w.host, SUPPORT, w.reference, "0000-0000-0000", BORN)),
    ):
        world = lived(name)
        VERBS[name](world)
        with pytest.raises(NotFound):
            wrong(world)


@pytest.mark.parametrize("name", VERBS)
def test_a_turn_asked_for_many_times_does_not_run_out_of_tries(name: str):
    world = lived(name)
    assert len({VERBS[name](world) for _ in range(9)}) == 1


def _asked(world: World, name: str) -> State | None:
    try:
        return VERBS[name](world)
    except CarnetError:
        return None


STEPS = st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 3), st.integers(0, 60))


@given(st.sampled_from(sorted(VERBS)), st.lists(STEPS, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_sequence_of_repeated_turns_changes_a_clock(begin: str, steps: list[tuple[str, int, int]]):
    once, often = lived(begin), lived(begin)
    for name, times, hours in steps:
        told = _asked(once, name)
        said = _asked(often, name)
        for _ in range(times if said else 0):
            often.clock.advance(timedelta(hours=hours))
            assert _asked(often, name) == said
        once.clock.set(often.clock.now())
        one, many = (life.state_of(world.host, world.record) for world in (once, often))
        assert (one.state, one.since, one.until) == (many.state, many.since, many.until)
        assert (told is None) == (said is None)


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        (("activate",), {"record:close"}),
        (("activate", "close"), {"record:reopen", "record:erase"}),
        (("activate", "close", "erase"), {"record:keep"}),
    ],
)
def test_nobody_is_offered_a_turn_that_is_done_already(before: tuple[str, ...], offered: set[str]):
    world = Written()
    for verb in before:
        VERBS[verb](world)
    (one,) = mine(world.host, HOLDER)
    assert {action for action in one.may if action.startswith("record:")} == offered | {"record:look"}
