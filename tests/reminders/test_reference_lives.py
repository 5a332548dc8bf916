from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise

from . import reference_lives as told
from .reference import RULES, expected
from .reference_lives import lives


@cache
def many():
    return list(lives(seed=1, count=1500))


def test_the_same_seed_gives_the_same_lives():
    assert list(lives(7, 20)) == list(lives(7, 20)) != list(lives(8, 20))


def test_every_life_is_possible():
    for person, history, today in many():
        assert told.FIRST_BIRTH <= person.birth <= min(told.LAST_BIRTH, today)
        assert told.FIRST_TODAY <= today <= told.LAST_TODAY
        assert len(history) <= 40
        assert all(person.birth <= act.on <= today for act in history)
        assert all(one.ended is None or one.began < one.ended for one in person.pregnancies)
        assert person.pregnancies == () or person.sex != "M"


def test_every_kind_of_life_is_told():
    people = [person for person, _, _ in many()]
    assert {person.sex for person in people} == {"F", "M", "I"}
    assert {person.territory for person in people} == set(told.TERRITORIES)
    assert set(told.RISKS) <= {risk for person in people for risk in person.risks}
    assert any(person.opted_out for person in people)
    assert any("contraindicated:" in risk for person in people for risk in person.risks)
    assert sum((person.birth.month, person.birth.day) == (2, 29) for person in people) > 20
    assert {len(history) for _, history, _ in many()} == set(range(41))
    assert {act.result for _, history, _ in many() for act in history} == {"", "normal", "abnormal"}


def test_the_vocabulary_of_the_lives_is_the_one_of_the_reference():
    assert set(told.RULES) == set(RULES)
    assert len(told.RULES) == len(RULES) == 51


def test_histories_are_out_of_order_doubled_and_early_often_enough():
    histories = [history for _, history, _ in many() if len(history) > 5]
    disorder = [history for history in histories if any(one.on > other.on for one, other in pairwise(history))]
    doubled = [history for history in histories if len({(act.code, act.on) for act in history}) < len(history)]
    assert len(disorder) > len(histories) / 4
    assert len(doubled) > len(histories) / 20


def test_every_rule_is_due_and_changes_overnight_often_enough():
    due, changed = Counter(), Counter()
    for person, history, today in lives(seed=2, count=2500):
        now = expected(person, history, today)
        before = expected(person, history, today - timedelta(days=1))
        due.update(rule for rule, _ in now)
        changed.update({rule for rule, _ in now ^ before})
    assert [rule for rule in RULES if due[rule] < 5] == []
    assert [rule for rule in RULES if changed[rule] < 1] == []
    assert changed.total() > 400


def test_the_order_of_a_history_and_what_is_written_twice_change_nothing():
    for person, history, today in many()[:300]:
        assert expected(person, history, today) == expected(person, history[::-1] + history, today)
