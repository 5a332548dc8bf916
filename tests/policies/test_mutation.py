"""What counts as killed: a mutant that a named test caught, not one whose run died or never ended."""

import os
from collections.abc import Callable

import pytest

from . import mutation
from .mutation import UNNAMED, score


def ended(monkeypatch: pytest.MonkeyPatch, does: Callable[[int], object]) -> str:
    """Return what is said of a process that does this with the pipe."""
    monkeypatch.setattr(mutation, "SECONDS", 1)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        does(writer)
        os._exit(0)
    os.close(writer)
    return mutation._ended(child, reader)


def test_a_test_that_failed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, lambda told: os.write(told, b"test_words.test_one")) == "test_words.test_one"


def test_a_mutant_that_no_test_noticed_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, lambda told: os.write(told, b"-")) == ""


def test_a_run_that_died_or_never_ended_names_no_test(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, lambda _told: os._exit(3)) == UNNAMED
    assert ended(monkeypatch, lambda _told: os.read(os.pipe()[0], 1)) == UNNAMED


def test_only_named_kills_make_the_score() -> None:
    found = score(["test_words.test_one[a]", "test_words.test_one[b]", UNNAMED, UNNAMED, ""])
    assert (found.tried, found.named, found.unnamed, found.percent) == (5, 2, 2, 40)
    assert found.tests == {"test_words.test_one"}
