"""Which trait, place, act or sex makes which rule speak or fall silent: every word, one at a time."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.reminders.due import due
from chalicelib.reminders.model import Act, Person, Pregnancy

from .lives import raw, signed, words

AUTUMN, SPRING = date(2026, 11, 10), date(2026, 5, 5)
MAN, WOMAN = Person(date(1996, 2, 1), "M"), Person(date(1974, 2, 1), "F")
YOUNG_WOMAN, CHILD = Person(date(1999, 2, 1), "F"), Person(date(2025, 6, 1), "F")
ILE_DE_FRANCE = {"75", "77", "78", "91", "92", "93", "94", "95"}
PLAIN = sorted(word for word in words().risks if ":" not in word)
ADDS = {
    "chronic": {"influenza", "covid_autumn", "pneumococcal_adult"},
    "respiratory_or_cardiac": {"influenza", "covid_autumn", "pneumococcal_adult"},
    "immunocompromised": {"influenza", "covid_autumn", "pneumococcal_adult", "zoster"},
    "severe_obesity": {"influenza", "covid_autumn"},
    "care_home": {"covid_autumn"},
    "infant_contact": {"influenza", "covid_autumn"},
    "health_staff": {"influenza"},
}
SILENCES_AT_52 = {
    "high_risk_breast": {"breast_screening"},
    "high_risk_colorectal": {"colorectal_screening"},
    "high_risk_cervical": {"cervical_hpv"},
    "no_cervix": {"cervical_hpv"},
}


def rules(person: Person, on: date = AUTUMN, *codes: str, given: date = date(2020, 1, 1)) -> set[str]:
    history = tuple(Act(code, given) for code in codes)
    return {item.rule for item in due(person, history, signed(), on)}


@pytest.mark.parametrize("risk", PLAIN)
def test_a_trait_makes_the_rules_speak_that_name_it(risk):
    assert rules(replace(MAN, risks=frozenset({risk}))) - rules(MAN) == ADDS.get(risk, set())
    silent = rules(MAN) - rules(replace(MAN, risks=frozenset({risk})))
    assert silent == ({"measles_mumps_rubella"} if risk == "immunocompromised" else set())


@pytest.mark.parametrize("risk", PLAIN)
def test_a_trait_silences_the_screening_that_excludes_it(risk):
    assert rules(WOMAN) - rules(replace(WOMAN, risks=frozenset({risk}))) == SILENCES_AT_52.get(risk, set())
    young = rules(YOUNG_WOMAN) - rules(replace(YOUNG_WOMAN, risks=frozenset({risk})))
    assert young >= ({"cervical_cytology"} if risk in {"high_risk_cervical", "no_cervix"} else set())


def test_spring_is_for_the_immunocompromised_and_care_homes():
    assert {risk for risk in PLAIN if "covid_spring" in rules(replace(MAN, risks=frozenset({risk})), SPRING)} == {
        "immunocompromised",
        "care_home",
    }


def test_tuberculosis_risk_speaks_for_the_child_and_nobody_else_does():
    assert {risk for risk in PLAIN if "bcg" in rules(replace(CHILD, risks=frozenset({risk})))} == {"tuberculosis_risk"}


def test_places_make_two_rules_speak():
    for code in words().territories:
        there = rules(replace(CHILD, territory=code)) - rules(CHILD)
        expected = {"bcg"} if code in ILE_DE_FRANCE | {"973", "976"} else set()
        assert there == (expected | {"yellow_fever"} if code == "973" else expected), code


def test_live_vaccines_are_not_for_the_immunocompromised():
    child = replace(CHILD, territory="973")
    weak = replace(child, risks=frozenset({"immunocompromised"}))
    assert {"bcg", "measles_mumps_rubella", "yellow_fever"} <= rules(child)
    assert not {"bcg", "measles_mumps_rubella", "yellow_fever"} & rules(weak)


def test_a_pregnancy_adds_its_own_rules_and_the_seasons():
    mother = replace(YOUNG_WOMAN, pregnancies=(Pregnancy(date(2026, 3, 20)),))
    added = {"influenza", "covid_autumn", "pertussis_pregnancy", "rsv_pregnancy", "dental_maternity"}
    assert rules(mother) - rules(YOUNG_WOMAN) == added
    assert rules(YOUNG_WOMAN) - rules(mother) == {"measles_mumps_rubella"}


def test_only_women_are_screened_for_cancers_of_the_breast_and_the_cervix():
    by_sex = {sex: rules(replace(WOMAN, sex=sex)) for sex in "FMI"}
    assert by_sex["M"] == by_sex["I"] == by_sex["F"] - {"breast_screening", "cervical_hpv"}


def test_an_act_silences_only_the_rules_that_count_it():
    counted = {code: {rule for rule, one in raw().items() if code in one["counts"]} for code in words().acts}
    people = [replace(person, territory="973") for person in (MAN, WOMAN, CHILD, Person(date(1950, 1, 1), "F"))]
    for person in people:
        for code in words().acts:
            yesterday = date(2026, 11, 9)
            changed = rules(person) ^ rules(person, AUTUMN, code, given=yesterday)
            assert changed <= counted[code], code
            single = {rule for rule in rules(person) & counted[code] if not rule.startswith("child_exam")}
            # A dTP alone does not stand in for the pertussis of 25 years.
            single -= {"dtcap_25"} if code == "dtp" else set()
            assert not single & rules(person, AUTUMN, code, given=yesterday), code


def test_every_act_counts_for_some_rule_and_no_published_code_is_named_twice():
    counted = {code for one in raw().values() for code in one["counts"]}
    assert counted == set(words().acts)
    codes = [code for act in words().acts.values() for code in (*act.atc, *act.med)]
    assert not [one for one in codes for other in codes if one is not other and other.startswith(one)]
    assert len(codes) == 17 + 20
