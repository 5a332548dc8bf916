"""The engine says what the slow reference says, who never saw its data: two thousand lives, more in `make prove`."""

from dataclasses import replace

import pytest

from . import agreement
from .agreement import compared, disagreement
from .reference_lives import lives

SEED = 4


def test_the_engine_and_the_slow_reference_agree_about_two_thousand_lives():
    dues, others = compared(SEED, 0, 2_000)
    assert others == []
    assert dues > 6_000


def test_the_lives_are_the_same_however_they_are_shared_out():
    assert list(lives(SEED, 20)) == [*lives(SEED, 7), *lives(SEED, 13, 7)]


@pytest.mark.parametrize("rule", ["influenza", "measles_mumps_rubella", "prevention_checkup"])
def test_a_rule_that_only_one_of_the_two_follows_is_a_disagreement(rule, monkeypatch):
    converted = agreement.as_person
    monkeypatch.setattr(
        agreement, "as_person", lambda person: replace(converted(person), opted_out=person.opted_out | {rule})
    )
    said = [said for _, said in map(disagreement, lives(SEED, 300)) if said]
    assert said
    assert all(one.startswith(f"engine [], reference [('{rule}', ") for one in said)
