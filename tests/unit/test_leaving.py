"""Leaving a delegation and answering an invitation, asked for again after a lost answer."""

from datetime import date, timedelta

import pytest

from chalicelib.access.delegation import hint, hints
from chalicelib.access.facts import facts_key
from chalicelib.consent import actions as consent
from chalicelib.consent import delegating
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import life
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, NotFound
from tests.people import DOCTOR, ENROLMENT, HOLDER, STRANGER
from tests.unit.delegated import CARER, FATHER, MOTHER, accepts, adult, child, helped

_UNTIL = date(2040, 1, 1)


def _row(host, record):
    key = facts_key(record)
    return host.rows.get([key])[key]


def _leaves(host, record, who, role):
    delegating.revoke(host, Wish(who, record), role, who.id)


def test_leaving_again_is_answered_like_the_first_time_and_changes_nothing():
    host, record = helped()
    _leaves(host, record, CARER, "carer")
    after = _row(host, record)
    for _ in range(3):
        host.clock.advance(timedelta(days=1))
        _leaves(host, record, CARER, "carer")
    assert _row(host, record) == after


def test_a_parent_leaves_again_and_nothing_changes():
    host, record = child()
    accepts(host, FATHER, delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme"), "proxy")
    _leaves(host, record, FATHER, "proxy")
    after = _row(host, record)
    _leaves(host, record, FATHER, "proxy")
    assert _row(host, record) == after


def test_whoever_is_still_a_carer_leaves_the_mandate_again():
    host, record = helped()
    accepts(host, CARER, delegating.invite_proxy(host, Wish(HOLDER, record), "tutelle", "H", _UNTIL), "proxy")
    for _ in range(2):
        _leaves(host, record, CARER, "proxy")
    choices = consent.read(host, HOLDER, record).choices
    assert (set(choices.proxies), set(choices.carers)) == (set(), {CARER.id})
    assert len(list(hints(host, CARER))) == 1


def test_leaving_cut_off_before_the_hint_went_is_finished_by_asking_again():
    host, record = helped()
    _leaves(host, record, CARER, "carer")
    hint(host, CARER.id, record, "carer")  # as a kill leaves it
    _leaves(host, record, CARER, "carer")
    assert list(hints(host, CARER)) == []


def test_an_heir_who_leaves_what_they_are_not_in_still_finds_the_record():
    host, record = helped()
    life.decease(host, ENROLMENT, record)
    hint(host, STRANGER.id, record, "heir")
    _leaves(host, record, STRANGER, "carer")
    assert [one.role for one in hints(host, STRANGER)] == ["heir"]


def test_who_leaves_what_they_are_not_in_learns_not_even_whether_there_is_a_record():
    host, record = adult()
    before = _row(host, record)
    for at in (record, "a" * 26):
        for role in ("carer", "proxy"):
            _leaves(host, at, STRANGER, role)
    assert _row(host, record) == before
    with pytest.raises(NotFound):  # somebody else's is none of theirs
        delegating.revoke(host, Wish(STRANGER, record), "carer", CARER.id)
    with pytest.raises(AccessDenied):  # who is no citizen acts for nobody, and is told so
        _leaves(host, record, DOCTOR, "carer")


@pytest.mark.parametrize("turn", [(life.close, HOLDER), (life.suspend, ENROLMENT), (life.decease, ENROLMENT)])
def test_who_still_helps_is_not_told_that_they_left(turn):
    host, record = helped()
    turn[0](host, turn[1], record)
    with pytest.raises((AccessDenied, NotFound)):
        _leaves(host, record, CARER, "carer")


def _invited(host, record):
    return delegating.invite_carer(host, Wish(HOLDER, record), "Hector")


@pytest.mark.parametrize("accepted", [False, True])
def test_an_invitation_answered_again_gets_the_same_answer_and_changes_nothing(accepted):
    host, record = adult()
    issued = _invited(host, record)
    assert accepts(host, CARER, issued, "carer", accepted=accepted) == record
    after = _row(host, record)
    for _ in range(3):
        host.clock.advance(timedelta(hours=1))
        assert accepts(host, CARER, issued, "carer", accepted=accepted) == record
    assert _row(host, record) == after


def test_a_refusal_is_found_again_by_who_refused_only_and_with_the_code():
    host, record = adult()
    issued = _invited(host, record)
    accepts(host, CARER, issued, "carer", accepted=False)
    with pytest.raises(NotFound):
        accepts(host, STRANGER, issued, "carer", accepted=False)
    with pytest.raises(NotFound):
        accepts(host, CARER, issued, "proxy", accepted=False)
    with pytest.raises(NotFound):
        delegating.answer(host, CARER, delegating.Answer(issued.reference, "0000-0000-0000", "carer", accepted=False))
    assert accepts(host, CARER, issued, "carer", accepted=False) == record


@pytest.mark.parametrize("first", [False, True])
def test_who_answered_does_not_answer_otherwise_with_the_same_code(first):
    host, record = adult()
    issued = _invited(host, record)
    accepts(host, CARER, issued, "carer", accepted=first)
    with pytest.raises(NotFound):
        accepts(host, CARER, issued, "carer", accepted=not first)
    assert (CARER.id in consent.read(host, HOLDER, record).choices.carers) is first


def test_an_acceptance_sent_again_does_not_bring_back_who_left():
    host, record = adult()
    issued = _invited(host, record)
    accepts(host, CARER, issued, "carer")
    _leaves(host, record, CARER, "carer")
    with pytest.raises(NotFound):
        accepts(host, CARER, issued, "carer")
    assert consent.read(host, HOLDER, record).choices.carers == {}


def test_each_answer_stands_in_the_history_once():
    host, record = adult()
    refused, taken = _invited(host, record), _invited(host, record)
    for _ in range(2):
        accepts(host, CARER, refused, "carer", accepted=False)
        accepts(host, CARER, taken, "carer")
    told = history(host, HOLDER, record).entries
    assert [entry.action for entry in told].count("carer:accept") == 2
