"""A consent collected at a consultation, and the care team: who may, for how long, and who is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.care import actions as care
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, Invalid
from chalicelib.vault.consult import consult
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO

from .confidential import Records

OUTSIDE = replace(DOCTOR, id="pro:810000000031", organisation="org:1750100150")
COLLEAGUE = replace(DOCTOR, id="pro:810000000032", organisation="org:1750100151")
OCCUPATIONAL = replace(DOCTOR, id="pro:810000000033", profession="10/SM25", organisation="org:1750100152")


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.mark.abuse("A03")
def test_a_consent_of_a_consultation_ends_by_itself(records: Records) -> None:
    with pytest.raises(AccessDenied):
        consult(records.host, OUTSIDE, records.record, records.document)
    until = care.collect(records.host, OUTSIDE, records.record)
    records.at(until, timedelta(seconds=-1))
    assert consult(records.host, OUTSIDE, records.record, records.document).data
    records.at(until)
    with pytest.raises(AccessDenied):
        consult(records.host, OUTSIDE, records.record, records.document)


@pytest.mark.abuse("A02")
def test_a_blocked_professional_collects_no_consent(records: Records) -> None:
    records.choose(lambda c: replace(c, blocked=frozenset({OUTSIDE.id})))
    with pytest.raises(AccessDenied):
        care.collect(records.host, OUTSIDE, records.record)


@pytest.mark.abuse("A11")
def test_an_occupational_physician_collects_no_consent_and_joins_no_team(records: Records) -> None:
    with pytest.raises(AccessDenied):
        care.collect(records.host, OCCUPATIONAL, records.record)
    records.choose(lambda c: replace(c, allowed=c.allowed | {OCCUPATIONAL.id}))
    with pytest.raises(AccessDenied):
        care.declare(records.host, OCCUPATIONAL, records.record, PHYSIO.id)


def test_a_member_declares_another_and_the_holder_is_told_who(records: Records) -> None:
    care.declare(records.host, DOCTOR, records.record, COLLEAGUE.id)
    assert consult(records.host, COLLEAGUE, records.record, records.document).data
    (declared,) = [e for e in history(records.host, HOLDER, records.record).entries if e.action == "team:declare"]
    assert (declared.actor, declared.about, declared.obligations) == (DOCTOR.id, COLLEAGUE.id, ["notify-change"])
    care.declare(records.host, COLLEAGUE, records.record, PHYSIO.id)
    assert gate(records.host, Ask(HOLDER, records.record, "choices:read")).choices.team == {COLLEAGUE.id, PHYSIO.id}


@pytest.mark.abuse("A02")
def test_a_block_is_stronger_than_the_team(records: Records) -> None:
    records.choose(lambda c: replace(c, blocked=frozenset({COLLEAGUE.id})))
    care.declare(records.host, DOCTOR, records.record, COLLEAGUE.id)
    with pytest.raises(AccessDenied):
        consult(records.host, COLLEAGUE, records.record, records.document)


@pytest.mark.parametrize("subject", [DOCTOR.id, DOCTOR.organisation])
def test_nobody_makes_their_own_permission_last(records: Records, subject: str) -> None:
    with pytest.raises(Invalid):
        care.declare(records.host, DOCTOR, records.record, subject)


@pytest.mark.abuse("A03")
def test_the_consent_of_one_consultation_or_a_deposit_grows_no_team(records: Records) -> None:
    care.collect(records.host, OUTSIDE, records.record)
    for actor in (OUTSIDE, LAB):
        with pytest.raises(AccessDenied):
            care.declare(records.host, actor, records.record, COLLEAGUE.id)
