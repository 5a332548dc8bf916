"""What is due has a name, a reason and a source; the day to look again is named in advance."""

from datetime import date

import pytest

from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Act, Person, Pregnancy

from .lives import SHIPPED, acts, day, named

BABY = Person(date(2026, 9, 22), "F")
FIFTY = Person(date(1976, 11, 22), "M")


def test_a_child_of_two_months_is_told_of_both_vaccines_and_the_examination():
    assert named(BABY, (), "2026-11-21") == ["child_exam_03/1"]
    assert named(BABY, (), "2026-11-22") == ["child_exam_04/1", "hexavalent/1", "pneumococcal_infant/1"]


def test_a_man_of_fifty_two_is_told_of_the_screening_and_what_was_never_recorded():
    assert named(FIFTY, (), "2028-12-01") == ["colorectal_screening/1", "dtp_45/1"]
    assert named(FIFTY, acts("fit@2027-01-10", "dtp@2021-12-01"), "2028-12-01") == []


def test_a_reminder_names_its_turn_its_reason_and_its_source():
    found = next(item for item in due(FIFTY, (), SHIPPED, date(2027, 6, 1)) if item.rule == "colorectal_screening")
    assert (found.dose, found.cycle) == (1, "2026-11-22")
    assert (found.start, found.end) == (date(2026, 11, 22), date(2028, 11, 22))
    assert found.reason_fr.startswith("De 50 à 74 ans")
    assert found.reason_en.startswith("From 50 to 74")
    assert "dépistage organisé" in found.source


@pytest.mark.parametrize(
    ("rule", "cycles"),
    [
        ("influenza", {"2026-27"}),
        ("colorectal_screening", {"2026-11-22"}),
        ("dtp_45", {""}),
        ("pertussis_pregnancy", {"2026-06-01"}),
    ],
)
def test_the_name_of_a_reminder_does_not_depend_on_the_day_on_which_it_is_found(rule, cycles):
    person = Person(FIFTY.birth, "F", risks=frozenset({"chronic"}), pregnancies=(Pregnancy(date(2026, 6, 1)),))
    days = [date(2026, 11, 22), date(2026, 12, 24), date(2027, 1, 30)]
    found = [item for today in days for item in due(person, (), SHIPPED, today) if item.rule == rule]
    assert len(found) == 3
    assert {item.cycle for item in found} == cycles


def test_the_day_to_look_again_is_the_one_on_which_something_new_begins():
    assert next_due(BABY, (), SHIPPED, date(2026, 9, 22)) == date(2026, 9, 30)
    assert next_due(BABY, (), SHIPPED, date(2026, 10, 22)) == date(2026, 11, 22)


def test_what_is_due_already_is_no_reason_to_look_again_tomorrow():
    assert "hexavalent/1" in named(BABY, (), "2026-11-22")
    assert next_due(BABY, (), SHIPPED, date(2026, 11, 22)) == date(2026, 12, 22)


def test_at_a_great_age_only_the_seasons_and_the_booster_come_back():
    person = Person(date(1940, 3, 1), "M")
    assert next_due(person, (), SHIPPED, date(2040, 3, 1)) == date(2040, 10, 14)
    assert next_due(person, (), SHIPPED, date(2045, 2, 1)) == date(2045, 3, 1)


def test_an_act_to_come_changes_what_is_due_from_its_day_on():
    later = (Act("hexavalent", date(2026, 12, 1)),)
    assert "hexavalent/1" in named(BABY, later, "2026-11-30")
    assert not [name for name in named(BABY, later, "2026-12-01") if name.startswith("hexavalent")]
    past = (*later, Act("pneumococcal", date(2026, 12, 2)))
    assert next_due(BABY, past, SHIPPED, date(2027, 1, 23)) == date(2027, 2, 1)


def test_before_the_birth_nothing_is_due():
    assert due(BABY, (), SHIPPED, date(2026, 9, 21)) == []
    assert next_due(BABY, (), SHIPPED, date(2020, 1, 1)) == BABY.birth


def test_an_unknown_code_of_the_history_is_no_act_of_any_rule():
    assert named(FIFTY, (Act("from_the_future", day("2027-01-01")),), "2028-12-01") == named(FIFTY, (), "2028-12-01")


def test_two_results_of_one_day_count_as_the_abnormal_one():
    woman = Person(date(2002, 9, 1), "F")
    seen = acts("cytology@2027-10-05/normal", "cytology@2028-10-06/normal", "cytology@2028-10-06/abnormal")
    assert "cervical_cytology/3" not in named(woman, seen, "2031-11-01")
    assert "cervical_cytology/3" in named(woman, seen[:2], "2031-11-01")
