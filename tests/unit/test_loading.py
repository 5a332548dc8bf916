"""How code is loaded: the collector stays away, and is back afterwards; what is made once is made once."""

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.kernel.loading import Once, undisturbed


def test_nothing_is_collected_while_modules_load() -> None:
    before = [generation["collections"] for generation in gc.get_stats()]
    with undisturbed():
        _kept = [[number] for number in range(200_000)]
        during = [generation["collections"] for generation in gc.get_stats()]
    assert during == before
    assert gc.isenabled()


def test_the_collector_is_back_when_loading_fails() -> None:
    with pytest.raises(ImportError), undisturbed():
        raise ImportError
    assert gc.isenabled()


def test_who_had_the_collector_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with undisturbed():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_loaded_is_never_looked_at_again() -> None:
    frozen = gc.get_freeze_count()
    with undisturbed():
        kept = [[number] for number in range(1000)]
    assert gc.get_freeze_count() >= frozen + len(kept)


def test_many_threads_at_once_are_given_the_same() -> None:
    together = Barrier(8)
    made = Once(object)

    def asked(_: int) -> object:
        together.wait()
        return made()

    with ThreadPoolExecutor(8) as pool:
        assert len({id(one) for one in pool.map(asked, range(8))}) == 1


def test_what_could_not_be_made_is_made_by_the_next_who_asks() -> None:
    answers = iter([None, 1])

    def make() -> int:
        if (found := next(answers)) is None:
            raise FileNotFoundError
        return found

    once = Once(make)
    with pytest.raises(FileNotFoundError):
        once()
    assert once() == 1
