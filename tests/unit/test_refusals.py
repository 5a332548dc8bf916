"""What nobody may know of is told as what is not there: the same answer, whatever keeps it back."""

from dataclasses import replace

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.access.refusal import HOURLY_LIMIT
from chalicelib.access.thing import Thing
from chalicelib.consent import actions as consent
from chalicelib.kernel.errors import AccessDenied, CarnetError
from chalicelib.vault import changes
from chalicelib.vault.announcing import SYSTEM
from chalicelib.vault.consult import consult
from chalicelib.vault.reading import read
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
