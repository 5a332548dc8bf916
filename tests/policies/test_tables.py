"""The tables load strictly: what they do not say exactly, they do not say at all."""

import csv

import pytest

from chalicelib.access.matrix import CATEGORIES, BadPolicy, load_matrix
from chalicelib.access.rules import DEFAULT_DENY, load_rules

from .situations import POLICIES, ROOT

RULES_HEAD = "id,effect,actions,when,reason,law,obligations,sentence"
MATRIX_HEAD = "profession,category,effect,source"
GOOD = ["A", "deny", "document:read|document:list", "holder & !author", "R", "law", "notify-holder", "Phrase."]


def one_rule(**changed: str) -> list[str]:
    columns = RULES_HEAD.split(",")
    return [RULES_HEAD, ",".join(dict(zip(columns, GOOD, strict=True), **changed).values())]


def test_a_good_rule_loads() -> None:
    (rule,) = load_rules(one_rule())
    assert rule.actions == {"document:read", "document:list"}
    assert (rule.decision.rule, rule.decision.obligations) == ("A", ("notify-holder",))


@pytest.mark.parametrize(
    "changed",
    [
        {"effect": "maybe"},
        {"effect": ""},
        {"actions": "document:print"},
        {"actions": ""},
        {"actions": "document:read|"},
        {"effect": "allow", "actions": "*"},
        {"when": ""},
        {"when": "holder &"},
        {"when": "stranger"},
        {"when": "!!holder"},
        {"when": "! holder"},
        {"when": "holder | author"},
        {"when": "holder and author"},
        {"when": "holder & !holder"},
        {"when": "holder & holder"},
        {"reason": "because"},
        {"id": "a"},
        {"law": ""},
        {"sentence": ""},
        {"obligations": "notify-everybody"},
        {"sentence": "Une phrase, sans guillemets."},
    ],
    ids=str,
)
def test_a_rule_that_is_not_understood_does_not_load(changed: dict[str, str]) -> None:
    with pytest.raises(BadPolicy):
        load_rules(one_rule(**changed))


def test_two_rules_of_one_id_do_not_load() -> None:
    head, line = one_rule()
    with pytest.raises(BadPolicy):
        load_rules([head, line, line])


def test_a_rule_with_the_name_of_the_default_does_not_load() -> None:
    with pytest.raises(BadPolicy):
        load_rules(one_rule(id=DEFAULT_DENY.rule))


@pytest.mark.parametrize("head", ["id,effect", RULES_HEAD + ",note", RULES_HEAD.replace("law,", "")])
def test_other_columns_do_not_load(head: str) -> None:
    with pytest.raises(BadPolicy):
        load_rules([head, one_rule()[1]])


def full_profession(code: str) -> list[str]:
    return [f"{code},{category},allow,somewhere" for category in CATEGORIES]


@pytest.mark.parametrize(
    "lines",
    [
        full_profession("10")[1:],
        [*full_profession("10"), "10,BIOLOGIE,deny,somewhere"],
        [*full_profession("10"), "10,UNKNOWN,deny,somewhere"],
        [*full_profession("10")[1:], "10,SYNTHESE,perhaps,somewhere"],
        [*full_profession("10")[1:], "10,SYNTHESE,allow,"],
        [*full_profession("10")[1:], "10,SYNTHESE,allow"],
    ],
    ids=["missing cell", "doubled cell", "unknown category", "unknown effect", "no source", "short line"],
)
def test_a_matrix_that_is_not_complete_and_clear_does_not_load(lines: list[str]) -> None:
    with pytest.raises(BadPolicy):
        load_matrix([MATRIX_HEAD, *lines])


def shipped_cells() -> list[dict[str, str]]:
    return list(csv.DictReader((POLICIES / "access_matrix.csv").read_text().splitlines()))


def test_the_matrix_says_that_it_is_not_official() -> None:
    assert all(cell["source"].startswith("proposed, not official") for cell in shipped_cells())


def test_the_matrix_holds_every_social_role_and_refuses_it() -> None:
    social = {str(code) for code in (*range(41, 50), *range(51, 54), *range(300, 354))}
    found = {(cell["profession"], cell["effect"]) for cell in shipped_cells() if cell["profession"] in social}
    assert found == {(code, "deny") for code in social}


@pytest.mark.parametrize("name", ["access_matrix.csv", "access_rules.csv", "retention.csv"])
def test_the_function_ships_the_file_that_a_lawyer_reads(name: str) -> None:
    assert (ROOT / "chalicelib" / "access" / name).resolve() == POLICIES / name
