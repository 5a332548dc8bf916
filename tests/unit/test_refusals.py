"""What nobody may know of is told as what is not there: the same answer, whatever keeps it back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.access import refusal
from chalicelib.access.gate import Ask, gate
from chalicelib.access.keyring import actor_key
from chalicelib.access.refusal import HOURLY_LIMIT
from chalicelib.access.thing import Thing
from chalicelib.consent import actions as consent
from chalicelib.kernel.errors import AccessDenied, CarnetError, TooMany
from chalicelib.vault import changes
from chalicelib.vault.announcing import SYSTEM
from chalicelib.vault.consult import consult
from chalicelib.vault.reading import read
from tests.cutting import cut
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO
from tests.unit.delegated import adult, filed

NOWHERE = "a" * 26
KEPT_BACK = ("hidden", "discreet", "gone", "disowned")
VERBS = {
    "read": read,
    "consult": consult,
    "delete": lambda host, actor, record, document: changes.delete(host, actor, record, document, None),
    "hide": changes.hide,
    "disown": changes.disown,
}
VACCINATION = Thing("profile", "vaccination", "CAR_VAC", LAB.id, LAB.organisation, "available")


@pytest.fixture
def world():
    host, record = adult()
    document = filed(host, record, LAB).id
    consent.allow(host, HOLDER, record, DOCTOR.id)
    return host, record, document


def keep_back(host, record, word, about, category="BIOLOGIE"):
    def chosen(choices):
        return replace(choices, **{word: frozenset({category if word == "discreet" else about})})

    gate(host, Ask(HOLDER, record, "choices:told", change=chosen))


def answer(act, *told):
    with pytest.raises(CarnetError) as caught:
        act(*told)
    return type(caught.value), caught.value.args


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("word", KEPT_BACK)
@pytest.mark.abuse("A21")
def test_an_allowed_doctor_cannot_tell_what_is_kept_back_from_what_never_was(world, word, verb):
    host, record, document = world
    keep_back(host, record, word, document)
    assert answer(VERBS[verb], host, DOCTOR, record, document) == answer(VERBS[verb], host, DOCTOR, record, NOWHERE)


@pytest.mark.parametrize("word", KEPT_BACK)
def test_a_stranger_is_told_the_same_of_what_is_kept_back_and_of_what_is_not(world, word):
    host, record, document = world
    before = answer(read, host, PHYSIO, record, document)
    keep_back(host, record, word, document)
    assert answer(read, host, PHYSIO, record, document) == before == answer(read, host, PHYSIO, record, NOWHERE)


@pytest.mark.parametrize("action", ["profile:read", "profile:hide", "profile:correct"])
@pytest.mark.parametrize("word", KEPT_BACK)
@pytest.mark.abuse("A21")
def test_an_entry_of_the_profile_that_is_kept_back_is_told_as_absent(world, word, action):
    host, record, _ = world
    keep_back(host, record, word, VACCINATION.id, VACCINATION.category)

    def asks(thing):
        gate(host, Ask(DOCTOR, record, action, thing=lambda _: thing))

    assert answer(asks, VACCINATION) == answer(asks, replace(VACCINATION, state="absent"))


def test_a_job_that_is_refused_by_the_thousand_is_never_told_to_come_again(world):
    host, record, _ = world
    gate(host, Ask(HOLDER, record, "record:close", turn="closed"))
    for _ in range(HOURLY_LIMIT + 1):
        with pytest.raises(AccessDenied):
            gate(host, Ask(SYSTEM, record, "reminder:arm"))


def counted(host):
    key = actor_key(host, PHYSIO.id)
    return {name: value for name, value in host.rows.get([key])[key].items() if name.startswith("refused")}


def test_the_count_of_a_callers_refusals_forgets_the_hours_that_are_over(world):
    host, record, document = world
    for pause in (1, 1, 24, 25, 168, 24 * 365):
        for _ in range(3):
            answer(read, host, PHYSIO, record, document)
        assert len(counted(host)) == 2
        assert counted(host)["refused"] == 3
        host.clock.advance(timedelta(hours=pause))


def test_who_was_refused_too_often_is_heard_again_in_the_next_hour(world, monkeypatch):
    monkeypatch.setattr(refusal, "HOURLY_LIMIT", 3)
    host, record, document = world
    for hour in range(3):
        told = [answer(read, host, PHYSIO, record, document)[0] for _ in range(5)]
        assert told == [AccessDenied] * 3 + [TooMany] * 2, hour
        host.clock.advance(timedelta(hours=1))


def test_of_two_who_begin_an_hour_at_once_none_is_told_to_come_again(world, monkeypatch):
    monkeypatch.setattr(refusal, "HOURLY_LIMIT", 2)
    host, record, document = world
    for number in range(6):
        host.clock.advance(timedelta(hours=1))
        calls = []
        met = cut(host, calls, (number, "before"), lambda: answer(read, host, PHYSIO, record, document))
        assert answer(read, met, PHYSIO, record, document)[0] is AccessDenied
        assert counted(host)["refused"] == (2 if number < len(calls) else 1)


def test_a_clock_that_is_behind_begins_no_hour_again(world):
    host, record, document = world
    answer(read, host, PHYSIO, record, document)
    host.clock.advance(timedelta(seconds=-3601))
    answer(read, host, PHYSIO, record, document)
    assert counted(host)["refused"] == 2


def test_a_refusal_that_is_not_the_first_of_its_hour_takes_one_call_to_count(world):
    host, record, document = world
    answer(read, host, PHYSIO, record, document)
    calls = []
    answer(read, replace(cut(host, calls, None), memo=host.memo), PHYSIO, record, document)
    assert calls == ["get", "update", "put"]
