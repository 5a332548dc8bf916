"""The harness finds what it is for: each seeded mutant breaks a promise under some kill, the product under none."""

from collections.abc import Iterator
from concurrent.futures import Future
from functools import cache

import pytest

from .mutants import MUTANTS, processes, violations, violations_with

Found = dict[str, Future[list[str]]]


@pytest.fixture(scope="module")
def found() -> Iterator[Found]:
    """What the kills find in each mutant, two processes at a time."""
    with processes() as pool:
        yield {name: pool.submit(violations_with, name) for name in MUTANTS}


@cache
def found_in_the_product(operation: str) -> list[str]:
    return violations(operation)


def caught(found: Found, name: str, expected: str) -> None:
    assert found_in_the_product(MUTANTS[name].operation) == []
    assert any(expected in what for what in found[name].result())


def test_a_journal_without_its_work_marker_is_caught(found: Found) -> None:
    caught(found, "no-outbox", "lost: 0 mails")


def test_a_row_before_its_object_is_caught(found: Found) -> None:
    caught(found, "commit-before-object", "lost: an acknowledged document")


def test_saying_relayed_before_sending_is_caught(found: Found) -> None:
    caught(found, "relayed-before-sent", "lost: 0 mails")


def test_a_message_deleted_before_its_effect_is_caught(found: Found) -> None:
    caught(found, "deleted-before-effect", "lost: 0 mails")


def test_a_consumer_that_does_not_look_whether_it_was_done_is_caught(found: Found) -> None:
    caught(found, "consumer-not-idempotent", "doubled: a mail was sent again")


def test_a_release_before_its_journal_entry_is_caught(found: Found) -> None:
    caught(found, "release-before-journal", "release without entry")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("new-name-at-every-try", "doubled: 2 Message-IDs"),
        ("no-sweep", "lost: an acknowledged document"),
        ("settled-twice", "doubled: two entries of one effect"),
        ("dropped-before-moved", "journal:"),
    ],
)
def test_other_ways_to_break_a_promise_are_caught_too(found: Found, name: str, expected: str) -> None:
    caught(found, name, expected)
