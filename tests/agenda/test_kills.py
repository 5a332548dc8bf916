"""Killed before or after any port call, and once more in the second try: the next try finishes, once."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pytest

from chalicelib.agenda import links
from chalicelib.agenda.feed import feed
from chalicelib.agenda.model import WORDS, words_sort
from chalicelib.kernel.errors import CarnetError, NotFound
from chalicelib.kernel.host import Host
from tests.cutting import Killed, cut, each_call
from tests.people import HOLDER

from .world import World

KEY = "abcdefgh"
Step = Callable[[World], object]


def kills(make: Callable[[], World], step: Step) -> Iterator[World]:
    """Yield a world after each single kill and each kill of the second try, finished by one more try."""
    world, calls = make(), list[str]()
    world.host = cut(world.host, calls, None)
    step(world)
    assert len(calls) > 3
    for number, side in each_call(calls):
        for second in (None, 2, number, number + 1):
            world = make()
            healthy = world.host
            for at in (number, second):
                if at is not None:
                    world.host = cut(healthy, [], (at, side))
                    _try(world, step)
            world.host = healthy
            _try(world, step)
            yield world


def _try(world: World, step: Step) -> None:
    try:
        step(world)
    except (Killed, CarnetError):
        return


def words_left(world: World) -> int:
    return sum(sk.startswith(WORDS) for _, sk in world.rows())


def with_entry() -> World:
    world = World()
    world.plan("2026-12-01T10:00", key=KEY)
    return world


@pytest.mark.abuse("Q07")
def test_an_appointment_is_planned_once() -> None:
    for world in kills(World, lambda w: w.plan("2026-12-01T10:00", key=KEY)):
        (entry,) = world.listed()
        assert (entry.line.version, entry.words.title) == (1, "Consultation CANARI")


@pytest.mark.abuse("Q07")
def test_a_tenth_reminder_is_one_and_an_eleventh_none() -> None:
    def nine() -> World:
        world = World()
        for hour in range(9):
            world.remind(f"2026-12-01T{hour + 8:02}:00")
        return world

    for world in kills(nine, lambda w: w.remind("2026-12-01T20:00", key=KEY)):
        assert len(world.listed()) == 10


@pytest.mark.abuse("Q07")
def test_a_change_is_whole_and_loses_nothing() -> None:
    def change(world: World) -> None:
        entry = world.plan("2026-12-01T10:00", key=KEY)
        world.revise(entry, "2026-12-02T10:00", note="deux", expected=1)

    for world in kills(with_entry, change):
        (entry,) = world.listed()
        assert (entry.line.version, entry.line.day, entry.words.note) == (2, date(2026, 12, 2), "deux")


def test_between_any_two_calls_a_reader_finds_the_old_entry_or_the_new_one() -> None:
    calls: list[str] = []
    world = with_entry()
    entry = world.listed()[0]
    world.host = cut(world.host, calls, None)
    world.revise(entry, "2026-12-02T10:00", note="deux")
    seen = set()
    for place in each_call(calls, ["after"]):
        world = with_entry()
        healthy, entry = world.host, world.listed()[0]
        world.host = cut(healthy, [], place)
        _try(world, lambda w, entry=entry: w.revise(entry, "2026-12-02T10:00", note="deux"))
        world.host = healthy
        (shown,) = world.listed()
        seen.add((shown.line.day, shown.words.note))
    assert seen == {(date(2026, 12, 1), ""), (date(2026, 12, 2), "deux")}


@pytest.mark.abuse("Q07")
def test_a_removed_entry_is_gone_and_its_words_with_the_next_change() -> None:
    for world in kills(with_entry, lambda w: [w.remove(one.id) for one in w.listed()]):
        assert world.listed() == []
        world.mark("hpv", "NOT_DONE")
        assert words_left(world) == 1


def words_named(world: World) -> list[str]:
    return sorted(words_sort(entry, line.words) for entry, line in world.book().lines.items())


@pytest.mark.abuse("Q07")
def test_whatever_two_killed_changes_left_only_the_words_that_the_book_names_are_there_after_a_third() -> None:
    def change(world: World) -> None:
        (entry,) = world.listed()
        world.revise(entry, "2026-12-02T10:00", note="deux")

    tried = 0
    for world in killed(with_entry, change, change):
        (entry,) = world.listed()
        world.revise(entry, "2026-12-03T10:00", note="trois")
        assert sorted(sk for _, sk in world.rows() if sk.startswith(WORDS)) == words_named(world)
        assert [one.words.note for one in world.listed()] == ["trois"]
        tried += 1
    assert tried > 50


def test_words_about_to_be_named_are_not_taken_for_left_over() -> None:
    """Stop one writer before each of its calls, and let another one plan and change from end to end."""
    calls: list[str] = []
    world = with_entry()
    world.host = cut(world.host, calls, None)
    world.remind("2026-12-05T08:00")
    for place in each_call(calls, ["before"]):
        world = with_entry()
        healthy = world.host

        def other(world: World = world, healthy: Host = healthy) -> None:
            there = World.__new__(World)
            there.__dict__.update(world.__dict__, host=healthy)
            there.revise(there.plan("2026-12-06T08:00"), "2026-12-07T08:00", note="autre")

        world.host = cut(healthy, [], place, other)
        world.remind("2026-12-05T08:00")
        world.host = healthy
        assert len(world.listed()) == 3
        assert sorted(sk for _, sk in world.rows() if sk.startswith(WORDS)) == words_named(world)


def killed(make: Callable[[], World], first: Step, second: Step) -> Iterator[World]:
    """Yield a world after every kill of one change and, in the next one, every kill of that."""
    calls: list[str] = []
    world = make()
    world.host = cut(world.host, calls, None)
    first(world)
    for one, other in product(each_call(calls, ["after"]), repeat=2):
        world = make()
        healthy = world.host
        for place, step in ((one, first), (other, second)):
            world.host = cut(healthy, [], place)
            _try(world, step)
        world.host = healthy
        yield world


@pytest.mark.abuse("Q07")
def test_a_sent_appointment_is_one_whatever_is_repeated() -> None:
    for world in kills(World, lambda w: w.push("2026-12-01T10:00")):
        (entry,) = world.listed()
        assert (entry.line.version, entry.words.title) == (1, "Consultation CANARI")


@pytest.mark.abuse("Q07")
def test_what_was_done_elsewhere_is_in_the_history_before_the_agenda_says_so() -> None:
    for world in kills(World, lambda w: w.mark("hpv", "DONE", date(2025, 3, 1))):
        assert world.kept.acts == {("hpv", date(2025, 3, 1))}
        assert [one.line.status for one in world.listed()] == ["DONE"]
    calls: list[str] = []
    world = World()
    world.host = cut(world.host, calls, None)
    world.mark("hpv", "DONE", date(2025, 3, 1))
    for place in each_call(calls, ["after"]):
        world = World()
        healthy = world.host
        world.host = cut(healthy, [], place)
        _try(world, lambda w: w.mark("hpv", "DONE", date(2025, 3, 1)))
        world.host = healthy
        assert world.kept.acts or "DONE" not in {one.line.status for one in world.listed()}


@pytest.mark.abuse("Q07")
def test_what_is_taken_back_left_the_history_before_the_agenda_says_so() -> None:
    def done() -> World:
        world = World()
        world.mark("hpv", "DONE", date(2025, 3, 1))
        return world

    def take_back(world: World) -> None:
        world.mark("hpv", "NOT_DONE")

    for world in kills(done, take_back):
        assert (world.kept.acts, [one.line.status for one in world.listed()]) == (set(), ["NOT_DONE"])
    for world in killed(done, take_back, lambda _: None):
        assert [one.line.status for one in world.listed()] == ["DONE"] or not world.kept.acts


@pytest.mark.abuse("Q07")
def test_a_link_is_one_and_works() -> None:
    def share(world: World) -> None:
        links.share(world.host, HOLDER, world.record, in_words=False, key=KEY)

    for world in kills(World, share):
        (link,) = links.links(world.host, HOLDER, world.record)
        again = links.share(world.host, HOLDER, world.record, in_words=False, key=KEY)
        assert again.reference == link.reference
        assert feed(links.follow(world.host, again.reference, again.secret))
        assert 1 <= [one.action for one in world.journal()].count("calendar:share") <= 2


@pytest.mark.abuse("Q07")
def test_a_revoked_link_is_dead_and_stays_so() -> None:
    def shared() -> World:
        world = World()
        world.link = links.share(world.host, HOLDER, world.record, in_words=False, key=KEY)
        return world

    def revoke(world: World) -> None:
        links.revoke(world.host, HOLDER, world.record, world.link.reference)

    for world in kills(shared, revoke):
        with pytest.raises(NotFound):
            links.follow(world.host, world.link.reference, world.link.secret)
        assert links.links(world.host, HOLDER, world.record) == []


@pytest.mark.abuse("Q07")
def test_a_look_at_the_calendar_stands_once_in_the_journal() -> None:
    def shared() -> World:
        world = World()
        world.link = links.share(world.host, HOLDER, world.record, in_words=False, key=KEY)
        return world

    for world in kills(shared, lambda w: links.follow(w.host, w.link.reference, w.link.secret)):
        assert [one.action for one in world.journal()].count("calendar:read") == 1
