"""Which reminders are due on which day, by the shipped rules."""

from datetime import date

import pytest

from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Done, History, Person, Sent
from chalicelib.reminders.rules import shipped_rules

RULES = shipped_rules()
BABY = Person(date(2026, 9, 22), "F")
FIFTY = Person(date(1976, 11, 22), "M")
VACCINES, SCREENING = "first_vaccines", "colorectal_screening"


def names(person: Person, day: str, history: History = ()) -> list[str]:
    return [found.rule for found in due(person, history, RULES, date.fromisoformat(day))]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-22", []),
        ("2026-11-21", []),
        ("2026-11-22", [VACCINES]),
        ("2028-09-21", [VACCINES]),
        ("2028-09-22", []),
    ],
)
def test_first_vaccines_are_due_from_two_months_until_two_years(day: str, expected: list[str]) -> None:
    assert names(BABY, day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-21", []),
        ("2026-11-22", [SCREENING]),
        ("2051-11-21", [SCREENING]),
        ("2051-11-22", []),
    ],
)
def test_colorectal_screening_is_due_from_fifty_through_seventy_four(day: str, expected: list[str]) -> None:
    assert names(FIFTY, day) == expected


def test_born_on_31_december_two_months_end_with_february() -> None:
    person = Person(date(2025, 12, 31), "M")
    assert (names(person, "2026-02-27"), names(person, "2026-02-28")) == ([], [VACCINES])


def test_born_on_29_february_fifty_years_are_reached_on_28_february() -> None:
    person = Person(date(1976, 2, 29), "F")
    assert (names(person, "2026-02-27"), names(person, "2026-02-28")) == ([], [SCREENING])


def test_every_sex_is_screened() -> None:
    assert all(names(Person(FIFTY.birth, sex), "2027-01-01") == [SCREENING] for sex in "FMI")


def test_what_was_sent_is_not_due_again() -> None:
    assert names(BABY, "2026-11-23", (Sent(VACCINES, 1, date(2026, 11, 22)),)) == []


def test_what_was_done_is_not_due() -> None:
    assert names(BABY, "2026-11-22", (Done(VACCINES, 1, date(2026, 11, 20)),)) == []


def test_the_history_of_another_rule_changes_nothing() -> None:
    assert names(BABY, "2026-11-22", (Sent(SCREENING, 1, date(2026, 11, 21)),)) == [VACCINES]


@pytest.mark.parametrize("event", [Sent(SCREENING, 1, date(2027, 3, 5)), Done(SCREENING, 1, date(2027, 3, 5))])
def test_screening_comes_back_two_years_after_the_last_reminder_or_test(event: Sent | Done) -> None:
    assert names(FIFTY, "2029-03-04", (event,)) == []
    assert names(FIFTY, "2029-03-05", (event,)) == [SCREENING]
    assert next_due(FIFTY, (event,), RULES, date(2027, 3, 5)) == date(2029, 3, 5)


def test_turns_missed_while_nothing_ran_are_not_made_up() -> None:
    (found,) = due(FIFTY, (Sent(SCREENING, 1, date(2026, 11, 22)),), RULES, date(2035, 1, 1))
    assert (found.cycle, found.window_end) == (date(2034, 11, 22), date(2036, 11, 22))


def test_a_reminder_names_its_turn_reason_and_source() -> None:
    (found,) = due(FIFTY, (), RULES, date(2027, 6, 1))
    assert (found.dose, found.cycle, found.window_end) == (1, date(2026, 11, 22), date(2028, 11, 22))
    assert found.reason_fr.startswith("De 50 à 74 ans")
    assert found.reason_en.startswith("From 50 to 74")
    assert "dépistage organisé" in found.source


def test_the_name_of_a_reminder_does_not_depend_on_the_day_it_is_found() -> None:
    days = [date(2026, 11, 22), date(2027, 2, 1), date(2028, 11, 21)]
    assert {due(FIFTY, (), RULES, day)[0].cycle for day in days} == {date(2026, 11, 22)}


def test_a_newborn_is_looked_at_again_at_two_months() -> None:
    assert next_due(BABY, (), RULES, date(2026, 9, 22)) == date(2026, 11, 22)


def test_after_the_first_vaccines_the_next_day_is_the_fiftieth_birthday() -> None:
    assert next_due(BABY, (Sent(VACCINES, 1, date(2026, 11, 22)),), RULES, date(2026, 11, 22)) == date(2076, 9, 22)


def test_at_seventy_five_there_is_no_next_day() -> None:
    assert next_due(FIFTY, (), RULES, date(2051, 11, 22)) is None


def test_a_reminder_that_nobody_sent_stays_due_tomorrow() -> None:
    assert next_due(BABY, (), RULES, date(2026, 11, 22)) == date(2026, 11, 23)
