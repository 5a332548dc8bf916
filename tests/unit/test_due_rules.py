"""Prevention rules load strictly, and the schedules hold for any of them."""

import copy
import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.kernel.period import Period
from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Done, History, Person, Sent
from chalicelib.reminders.rules import Rule, load_rules, shipped_rules

ROOT = Path(__file__).parents[2]
ONCE: dict[str, Any] = {
    "id": "three_doses",
    "source": "a test",
    "valid_from": "2000-01-01",
    "confidence": "low",
    "conditions": [],
    "schedule": {
        "kind": "series",
        "doses": [
            {"n": 1, "from_age": "P2M", "until_age": "P2Y"},
            {"n": 2, "from_age": "P4M", "until_age": "P2Y", "after_earlier": "P2M"},
            {"n": 3, "from_age": "P11M", "until_age": "P2Y", "after_earlier": "P6M"},
        ],
    },
    "reason": {"fr": "raison", "en": "reason"},
}
OFTEN = {
    **ONCE,
    "id": "again",
    "schedule": {"kind": "repeated", "from_age": "P1Y", "until_age": "P9Y", "every": "P10M"},
}


def rules(*plain: dict[str, Any]) -> tuple[Rule, ...]:
    return load_rules(json.dumps(rule).encode() for rule in plain)


THREE, AGAIN = rules(ONCE, OFTEN)
EVERY = Period.parse("P10M")


def with_schedule(**changed: Any) -> dict[str, Any]:
    return {**OFTEN, "schedule": {**OFTEN["schedule"], **changed}}


def with_dose(number: int, **changed: Any) -> dict[str, Any]:
    rule = copy.deepcopy(ONCE)
    rule["schedule"]["doses"][number].update(changed)
    return rule


@pytest.mark.parametrize(
    "plain",
    [
        {**ONCE, "conditions": [{"condition": "pregnant"}]},
        {**ONCE, "conditions": [{"condition": "sex", "one_of": []}]},
        {**ONCE, "conditions": [{"condition": "sex", "one_of": ["female"]}]},
        {**ONCE, "conditions": [{"condition": "born_from", "day": "soon"}]},
        {**ONCE, "conditions": ["risk"]},
        {**ONCE, "note": "an unknown field"},
        {**ONCE, "valid_from": "2025"},
        {**ONCE, "confidence": "certain"},
        {**ONCE, "id": "Three doses"},
        {**ONCE, "source": ""},
        {**ONCE, "reason": {"fr": "raison"}},
        {key: value for key, value in ONCE.items() if key != "source"},
        with_schedule(kind="seasonal"),
        with_schedule(every="2 years"),
        with_schedule(every=24),
        with_schedule(until_age="P1Y"),
        with_dose(0, n=2),
        with_dose(0, after_earlier="P1M"),
        with_dose(1, after_earlier=None),
        with_dose(2, until_age="P11M"),
    ],
)
def test_a_rule_that_cannot_be_evaluated_does_not_load(plain: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        rules(plain)


def test_two_rules_of_one_id_do_not_load() -> None:
    with pytest.raises(ValueError, match="twice"):
        rules(ONCE, ONCE)


def test_conditions_choose_the_people() -> None:
    conditions = [
        {"condition": "sex", "one_of": ["F"]},
        {"condition": "born_from", "day": "2018-01-01"},
        {"condition": "territory", "one_of": ["973", "976"]},
    ]
    (rule,) = rules({**ONCE, "conditions": conditions})
    assert rule.concerns(Person(date(2018, 1, 1), "F", "976"))
    others = (
        ("2017-12-31", "F", "976"),
        ("2018-01-01", "M", "976"),
        ("2018-01-01", "F", "75"),
        ("2018-01-01", "F", ""),
    )
    assert not any(rule.concerns(Person(date.fromisoformat(birth), sex, place)) for birth, sex, place in others)


def test_nobody_is_reminded_before_the_rule_is_valid() -> None:
    (rule,) = rules({**ONCE, "valid_from": "2026-06-01"})
    person = Person(date(2026, 1, 1), "F")
    assert due(person, (), (rule,), date(2026, 5, 31)) == []
    assert next_due(person, (), (rule,), date(2026, 3, 1)) == date(2026, 6, 1)


def test_a_late_child_gets_one_dose_at_a_time_with_the_interval_between() -> None:
    person, day = Person(date(2026, 1, 1), "F"), date(2026, 12, 1)
    (first,) = due(person, (), (THREE,), day)
    history: History = (Sent("three_doses", 1, day),)
    assert (first.dose, due(person, history, (THREE,), date(2027, 1, 31))) == (1, [])
    assert [found.dose for found in due(person, history, (THREE,), date(2027, 2, 1))] == [2]


def test_a_dose_done_closes_the_earlier_ones() -> None:
    person = Person(date(2026, 1, 1), "F")
    history: History = (Done("three_doses", 2, date(2026, 5, 10)),)
    assert next_due(person, history, (THREE,), date(2026, 5, 10)) == date(2026, 12, 1)


def test_every_file_of_the_policies_is_shipped() -> None:
    files = {path.name for path in (ROOT / "policies" / "prevention").glob("*.json")}
    links = {path.name: path.resolve() for path in (ROOT / "chalicelib" / "reminders").glob("*.json")}
    assert links == {name: ROOT / "policies" / "prevention" / name for name in files}
    assert {rule.id for rule in shipped_rules()} == {name.removesuffix(".json") for name in files}


BIRTHS = st.dates(date(1930, 1, 1), date(2030, 1, 1))
AGES = st.integers(0, 12 * 366)
PEOPLE = st.builds(Person, BIRTHS, st.sampled_from("FMI"))
BOTH = (THREE, AGAIN)


def lived(person: Person, until: int) -> list[tuple[str, int, date]]:
    """Run the schedule as the nights do: jump to each due day, send, remember."""
    sent: list[tuple[str, int, date]] = []
    day: date | None = next_due(person, (), BOTH, person.birth)
    while day and (day - person.birth).days <= until:
        sent += [(found.rule, found.dose, day) for found in due(person, history_of(sent), BOTH, day)]
        day = next_due(person, history_of(sent), BOTH, day)
    return sent


def history_of(sent: list[tuple[str, int, date]]) -> History:
    return tuple(Sent(*event) for event in sent)


@given(PEOPLE, AGES)
def test_nothing_is_due_before_the_youngest_age_or_after_the_oldest(person: Person, age: int) -> None:
    day = person.birth + timedelta(age)
    for found in due(person, (), BOTH, day):
        youngest = Period.parse({"three_doses": "P2M", "again": "P1Y"}[found.rule]).after(person.birth)
        oldest = Period.parse({"three_doses": "P2Y", "again": "P9Y"}[found.rule]).after(person.birth)
        assert youngest <= found.window_start <= day < found.window_end <= oldest


@given(PEOPLE)
def test_nobody_is_reminded_twice_within_the_interval(person: Person) -> None:
    days = [day for rule, _, day in lived(person, 12 * 366) if rule == "again"]
    assert all(EVERY.after(one) <= other for one, other in pairwise(days))


@given(PEOPLE)
def test_each_dose_is_reminded_of_once_and_in_order(person: Person) -> None:
    doses = [dose for rule, dose, _ in lived(person, 12 * 366) if rule == "three_doses"]
    assert doses == ([1, 2, 3] if person.birth >= date(2000, 1, 1) else doses)
    assert doses == sorted(set(doses))


EVENTS = st.lists(
    st.builds(
        lambda kind, event, age: (kind, event, age),
        st.sampled_from([Done, Sent]),
        st.sampled_from([("three_doses", 1), ("three_doses", 2), ("again", 1)]),
        st.integers(60, 9 * 366),
    ),
    max_size=3,
)


@example(Person(date(1991, 10, 1), "F"), [], 2615)  # a turn that ends before its rule begins to be valid
@given(PEOPLE, EVENTS, AGES)
def test_the_next_day_is_the_first_later_day_on_which_something_is_due(
    person: Person, events: list[tuple[Any, tuple[str, int], int]], age: int
) -> None:
    history: History = tuple(kind(*what, person.birth + timedelta(days)) for kind, what, days in events)
    after = person.birth + timedelta(age)
    found = next_due(person, history, BOTH, after)
    days = [after + timedelta(n) for n in range(1, 400)]
    first = next((day for day in days if due(person, history, BOTH, day)), None)
    assert first == (found if found and found <= days[-1] else None)
