"""The rules and a second reading of the law, in Cedar, agree; tests/policies/second_reading.py asks for more."""

from itertools import islice

import pytest
from cedarpy import PolicySet, is_authorized_batch

from chalicelib.access.actor import Kind
from chalicelib.access.rules import ACTIONS
from chalicelib.access.words import BIT

from .second_reading import NAMES, PLAIN, compared, policies, question, sampled, small
from .situations import POLICIES, cases
from .space import bits
from .table import RULES

SEED = 20261122
TEXT = "\n".join(file.read_text(encoding="utf-8") for file in sorted((POLICIES / "cedar").glob("*.cedar")))


def test_both_readings_agree_on_twenty_thousand_situations() -> None:
    found = compared(sampled(20_000, SEED))
    assert (found.apart[:3], found.errors) == ([], 0)
    assert found.asked == 20_000
    assert found.allowed > 2_000


def test_both_readings_agree_on_every_state_of_the_smallest_sets() -> None:
    found = compared(islice(small(most=60), 4_000))
    assert (found.apart[:3], found.errors) == ([], 0)
    assert found.asked > 1_000


@pytest.mark.parametrize("gone", ["HIDDEN", "GONE", "HOLDER_READS"])
def test_the_readings_part_when_a_rule_is_missing(gone: str) -> None:
    left = [rule for rule in RULES if rule.decision.rule != gone]
    drawn = sampled(12_000, SEED)
    assert any(compared(islice(drawn, 500), left).apart for _ in range(24))


def test_cedar_decides_every_case_as_its_folder_says() -> None:
    known = {name: case for name, case in cases().items() if case.action in ACTIONS}
    asked = [question((case.action, case.actor.kind, case.words())) for case in known.values()]
    answers = is_authorized_batch(asked, policies(), [])
    told = {
        name for name, answer in zip(known, answers, strict=True) if answer.allowed and not answer.diagnostics.errors
    }
    assert told == {name for name in known if name.startswith("ALLOW/")}


def test_every_policy_names_its_law() -> None:
    assert TEXT.count("@law(") == TEXT.count("@id(") == TEXT.count("permit (") + TEXT.count("forbid (")


def test_cedar_reads_only_words_that_it_is_told() -> None:
    told = {word for word, _ in PLAIN}
    read = {part.split()[0].strip("(){}&|!;") for part in TEXT.split("context has ")[1:]}
    assert read - {"hidden`)."} <= told
    assert {NAMES[kind] for kind in Kind} >= {part.split()[0].strip(",)") for part in TEXT.split("principal is ")[1:]}


def test_an_answer_with_an_error_is_not_an_allowance() -> None:
    state = ("document:list", Kind.CITIZEN, BIT["citizen"] | bits("holder", "record_open", "thing_absent"))
    broken = PolicySet.from_str(TEXT + "permit (principal, action, resource) when { context.nothing == 1 };")
    (answer,) = is_authorized_batch([question(state)], broken, [])
    assert answer.allowed
    assert answer.diagnostics.errors
    assert compared([state]).allowed == 1
    assert policies() is not None
