"""A set of rules loads whole or not at all; what nobody answers for reminds nobody."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.reminders.compiled import compiled
from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Person
from chalicelib.reminders.rules import read_set, shipped_set
from chalicelib.reminders.words import FILES

from .lives import POLICIES, SHIPPED, acts, named, raw, signed, tables

ROOT = Path(__file__).parents[2]
Change = Callable[[dict[str, Any]], Any]


def load(rules: dict[str, dict[str, Any]], **replaced: bytes) -> Any:
    words = {**tables(), **{f"{name}.csv": content for name, content in replaced.items()}}
    return read_set([json.dumps(list(rules.values())).encode()], words)


def changed(rule: str, change: Change) -> dict[str, dict[str, Any]]:
    rules = copy.deepcopy(raw())
    change(rules[rule])
    return rules


def put(*path: Any) -> Change:
    *way, last, value = path

    def change(rule: dict[str, Any]) -> None:
        at: Any = rule
        for step in way:
            at = at[step]
        at[last] = value

    return change


SERIES = ("lines", 0, "schedule")
BAD: dict[str, tuple[str, Change]] = {
    "an unknown predicate": ("bcg", put("who", [{"if": "smokes"}])),
    "prose instead of a predicate": ("bcg", put("who", ["children exposed to tuberculosis"])),
    "prose inside a predicate": ("bcg", put("who", 0, "note", "or whoever the doctor thinks of")),
    "a predicate without its words": ("bcg", put("unless", [{"if": "risk", "one_of": []}])),
    "an unknown risk": ("bcg", put("unless", [{"if": "risk", "one_of": ["asthma"]}])),
    "an unknown territory": ("yellow_fever", put("who", [{"if": "territory", "one_of": ["999"]}])),
    "an unknown act": ("bcg", put("counts", ["bcg", "tuberculosis_vaccine"])),
    "an act that a predicate does not know": ("hpv", put("lines", 1, "who", 0, "one_of", ["cervarix"])),
    "no act that counts": ("bcg", put("counts", [])),
    "an unknown sex": ("breast_screening", put("who", [{"if": "sex", "one_of": ["female"]}])),
    "a nested any": ("bcg", put("who", [{"if": "any", "of": [[{"if": "any", "of": []}]]}])),
    "an age that ends before it begins": ("bcg", put("who", [{"if": "age", "from_age": "P9Y", "until_age": "P2Y"}])),
    "an unknown schedule": ("bcg", put(*SERIES, "kind", "when_convenient")),
    "an unknown campaign": ("influenza", put(*SERIES, "campaign", "measles")),
    "an age in words": ("bcg", put(*SERIES, "until", "15 years")),
    "an age as a number": ("bcg", put(*SERIES, "until", 15)),
    "a second dose without its interval": ("hexavalent", put(*SERIES, "doses", [{"age": "P2M"}, {"age": "P4M"}])),
    "a first dose with an interval": ("bcg", put(*SERIES, "doses", [{"after": "P4M"}])),
    "a dose after the end": ("bcg", put(*SERIES, "doses", [{"age": "P16Y"}])),
    "no dose": ("bcg", put(*SERIES, "doses", [])),
    "a wait after what does not count": ("breast_screening", put(*SERIES, "waits", [{"act": "fit", "wait": "P2Y"}])),
    "a turn of no length": ("breast_screening", put(*SERIES, "every", "P0Y")),
    "age windows out of order": ("prevention_checkup", put(*SERIES, "visits", 0, "until_age", "P46Y")),
    "a pregnancy that begins nowhere": ("pertussis_pregnancy", put("lines", [{"schedule": {"kind": "pregnancy"}}])),
    "a week after any term": ("pertussis_pregnancy", put(*SERIES, "from_week", 50)),
    "an unknown field": ("bcg", put("note", "x")),
    "no source": ("bcg", lambda rule: rule.pop("source")),
    "an empty source": ("bcg", put("source", "")),
    "a sentence in one language": ("bcg", put("reason", {"fr": "raison"})),
    "an unknown confidence": ("bcg", put("confidence", "certain")),
    "no place for a signature": ("bcg", lambda rule: rule.pop("signed_by")),
    "a date that is none": ("bcg", put("valid_from", "2025-02-30")),
    "an end of validity before its beginning": ("bcg", put("valid_until", "2024-12-31")),
    "no line": ("bcg", put("lines", [])),
    "an id with a space": ("bcg", put("id", "b c g")),
    "an id that no contraindication names": ("bcg", put("id", "bcg_2")),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_rule_that_cannot_be_evaluated_does_not_load(what):
    rule, change = BAD[what]
    with pytest.raises(ValueError, match=r"validation error|contraindication"):
        load(changed(rule, change))


def test_two_rules_of_one_id_do_not_load():
    one = json.dumps(raw()["bcg"]).encode()
    with pytest.raises(ValueError, match="twice"):
        read_set([one, one], tables())


@pytest.mark.parametrize("content", [b"", b"{", b"[]x", b"null", b"\xff\xfe", b'"bcg"', b"[1]"])
def test_a_file_that_is_no_rule_does_not_load(content):
    with pytest.raises(ValueError, match=r"\w"):
        read_set([content, *(json.dumps(rule).encode() for rule in raw().values())], tables())


ACTS, RISKS = (tables()[name].decode() for name in ("acts.csv", "risks.csv"))
SEASONS = tables()["seasons.csv"].decode()
BAD_TABLES = {
    "an act twice": ("acts", ACTS + ACTS.splitlines()[1] + "\n"),
    "a cell too many": ("acts", ACTS + "a,test,,,b,c,d,e\n"),
    "a cell too few": ("acts", ACTS + "a,test,,,b,c\n"),
    "an act of an unknown kind": ("acts", ACTS + "a,potion,,,b,c,d\n"),
    "an act without a source": ("acts", ACTS + "a,test,,,b,c,\n"),
    "another column": ("acts", ACTS.replace("source", "origin", 1)),
    "an act that rules count is gone": ("acts", "\n".join(line for line in ACTS.splitlines() if "bcg" not in line)),
    "an open quotation mark": ("acts", ACTS + 'a,test,,,"b,c,d\n'),
    "a risk that rules ask for is gone": ("risks", RISKS.replace("no_cervix", "no_neck")),
    "a contraindication of no rule": ("risks", RISKS + "contraindicated:leeches,a,b,c\n"),
    "a rule whose contraindication is gone": ("risks", RISKS.replace("contraindicated:bcg,", "bcg_no,")),
    "a campaign that rules name is gone": ("seasons", SEASONS.replace("rsv_senior", "rsv")),
    "two lines for one season": ("seasons", SEASONS + "influenza,2030,,10-14,02-28,assumed,x\n"),
    "a day that does not exist": ("seasons", SEASONS + "other,2030,2030,02-30,03-01,assumed,x\n"),
    "29 February in a common year": ("seasons", SEASONS + "other,2030,2030,10-14,02-29,assumed,x\n"),
    "a status in prose": ("seasons", SEASONS + "other,2030,2030,10-14,02-28,probably,x\n"),
    "a last year before the first": ("seasons", SEASONS + "other,2030,2029,10-14,02-28,assumed,x\n"),
    "no text": ("territories", ""),
}


@pytest.mark.parametrize("what", BAD_TABLES)
def test_a_table_that_is_not_understood_stops_the_set(what):
    name, content = BAD_TABLES[what]
    with pytest.raises(ValueError, match=r"\w"):
        load(raw(), **{name: content.encode()})


def test_a_table_that_is_missing_stops_the_set():
    with pytest.raises(ValueError, match="missing"):
        read_set([], {name: content for name, content in tables().items() if name != "seasons.csv"})


def test_the_unchanged_set_loads_and_keeps_its_version():
    found = read_set([path.read_bytes() for path in POLICIES.glob("*.json")], tables())
    assert found.version == shipped_set().version == SHIPPED.version
    assert len(found.rules) == 51


def test_the_version_changes_with_any_word_of_a_rule_or_a_table():
    versions = {
        load(raw()).version,
        load(changed("bcg", put("reason", "en", "Another sentence."))).version,
        load(changed("bcg", put("signed_by", "A. Officer"))).version,
        load(raw(), seasons=SEASONS.replace("10-14", "10-15", 1).encode()).version,
        load(raw(), acts=ACTS.replace("Vaccin BCG", "Vaccin B.C.G.").encode()).version,
    }
    assert len(versions) == 5


def test_every_file_of_the_policies_is_shipped():
    files = {path.name for path in POLICIES.iterdir()}
    links = {path.name: path.resolve() for path in (ROOT / "chalicelib" / "reminders").iterdir() if path.is_symlink()}
    assert links == {name: POLICIES / name for name in files}
    assert set(FILES) < files


def test_what_is_not_of_high_confidence_is_off_until_signed():
    off = {rule.id for rule in SHIPPED.by_id.values() if not any(line.rule.id == rule.id for line in SHIPPED.lines)}
    assert off == {
        "rotavirus",
        "meningococcal_acwy_infant",
        "hepatitis_b_catchup",
        "covid_spring",
        "yellow_fever",
        "rsv_pregnancy",
    }
    child = Person(date(2027, 3, 10), "F", "973")
    assert "meningococcal_acwy_infant/1" not in named(child, (), "2027-10-01")
    assert "meningococcal_acwy_infant/1" in named(child, (), "2027-10-01", signed())


def test_a_medical_officer_signs_one_rule_by_one_word_of_its_data():
    rules = compiled(load(changed("yellow_fever", put("signed_by", "Dr A. Officer"))))
    child = Person(date(2027, 3, 10), "F", "973")
    assert "yellow_fever/1" in named(child, (), "2028-04-01", rules)
    assert "rotavirus/1" not in named(child, (), "2027-05-20", rules)


def test_a_blank_name_signs_nothing():
    rules = compiled(load(changed("yellow_fever", put("signed_by", "  "))))
    assert all(line.rule.id != "yellow_fever" for line in rules.lines)


def test_signing_a_rule_does_not_sign_a_line_that_has_its_own_place():
    rules = compiled(load(changed("hpv", put("signed_by", "Dr A. Officer"))))
    assert len([line for line in rules.lines if line.rule.id == "hpv"]) == 1


def test_preterm_children_get_a_fourth_dose_only_once_that_is_signed():
    child, past = Person(date(2027, 3, 10), "F", "", frozenset({"preterm"})), acts("pneumococcal@2027-05-11")
    assert "pneumococcal_infant/2" not in named(child, past, "2027-06-12")
    assert "pneumococcal_infant/2" in named(child, past, "2027-06-12", signed())
    assert "pneumococcal_infant/2" in named(child, past, "2027-07-12")


def test_nobody_is_reminded_before_a_rule_is_valid_or_after():
    rules = compiled(load(changed("bcg", lambda rule: rule.update(valid_from="2026-06-01", valid_until="2026-09-01"))))
    child = Person(date(2026, 1, 1), "F", "973")
    on = [
        day
        for day in ("2026-05-31", "2026-06-01", "2026-08-31", "2026-09-01")
        if "bcg/1" in named(child, (), day, rules)
    ]
    assert on == ["2026-06-01", "2026-08-31"]
    only_bcg = compiled(load(changed("bcg", put("valid_from", "2026-06-01"))))
    assert next_due(child, (), only_bcg, date(2026, 5, 31)) == date(2026, 6, 1)


def test_the_law_is_a_sentence_for_whom_it_obliges_and_no_condition():
    young, old = Person(date(2027, 3, 10), "F"), Person(date(2017, 12, 31), "F")
    obliged = next(item for item in due(young, (), SHIPPED, date(2028, 4, 1)) if item.rule == "measles_mumps_rubella")
    free = next(item for item in due(old, (), SHIPPED, date(2028, 4, 1)) if item.rule == "measles_mumps_rubella")
    assert ("obligatoire" in obliged.reason_fr, "mandatory" in obliged.reason_en) == (True, True)
    assert ("obligatoire" in free.reason_fr, "mandatory" in free.reason_en) == (False, False)
    past_two = [item.reason_en for item in due(young, (), signed(), date(2029, 4, 1)) if "acwy" in item.rule]
    assert past_two
    assert not any("mandatory" in reason for reason in past_two)


def test_every_sentence_is_one_that_a_holder_understands():
    for rule in raw().values():
        for said in (rule["reason"], *(line["reason"] for line in rule["lines"] if "reason" in line)):
            assert said["fr"].endswith(".")
            assert said["en"].endswith(".")
            assert "_" not in said["fr"] + said["en"]
