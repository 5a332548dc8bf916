"""The harness finds what it is for: each seeded mutant breaks a promise under some kill, the product under none."""

from functools import cache

import pytest

from .mutants import MUTANTS, violations, violations_with


@cache
def found_in_the_product(operation: str) -> list[str]:
    return violations(operation)


def caught(name: str, expected: str) -> None:
    assert found_in_the_product(MUTANTS[name].operation) == []
    assert any(expected in what for what in violations_with(name))


def test_a_journal_without_its_work_marker_is_caught() -> None:
    caught("no-outbox", "lost: 0 mails")


def test_a_row_before_its_object_is_caught() -> None:
    caught("commit-before-object", "lost: an acknowledged document")


def test_saying_relayed_before_sending_is_caught() -> None:
    caught("relayed-before-sent", "lost: 0 mails")


def test_a_message_deleted_before_its_effect_is_caught() -> None:
    caught("deleted-before-effect", "lost: 0 mails")


def test_a_consumer_that_does_not_look_whether_it_was_done_is_caught() -> None:
    caught("consumer-not-idempotent", "doubled: a mail was sent again")


def test_a_release_before_its_journal_entry_is_caught() -> None:
    caught("release-before-journal", "release without entry")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("new-name-at-every-try", "doubled: 2 Message-IDs"),
        ("no-sweep", "lost: an acknowledged document"),
        ("settled-twice", "doubled: two entries of one effect"),
        ("dropped-before-moved", "journal:"),
    ],
)
def test_other_ways_to_break_a_promise_are_caught_too(name: str, expected: str) -> None:
    caught(name, expected)
