"""Who represents the holder: invited with a code, until majority or the judge's day, revoked from the next request."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.access.clocks import comes_of_age
from chalicelib.access.delegation import bound, hints
from chalicelib.access.gate import Ask, gate
from chalicelib.access.refusal import refusals
from chalicelib.consent import actions as consent
from chalicelib.consent import delegating
from chalicelib.consent.changing import Wish
from chalicelib.hosts.memory import MemoryClock
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from tests.people import HOLDER, STRANGER, person
from tests.unit.delegated import CARER, FATHER, MOTHER, accepts, adult, child


def both():
    host, record = child()
    accepts(host, FATHER, delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme"), "proxy")
    return host, record


def test_who_activates_an_adults_record_is_the_holder_and_a_childs_a_parent():
    host, record = child()
    found = consent.read(host, MOTHER, record).choices
    assert (found.holder, found.proxies[MOTHER.id].kind) == ("", "parent")
    assert found.proxies[MOTHER.id].ends == "2032-05-05T22:00:00+00:00"
    now = host.clock.now()
    assert bound(found, person(), STRANGER, now).holder == STRANGER.id


def test_a_holder_who_was_taken_for_a_parent_represents_nobody_any_more():
    host, record = child()
    found = consent.read(host, MOTHER, record).choices
    minor = replace(found, proxies={HOLDER.id: found.proxies[MOTHER.id]})
    grown = bound(minor, person(), HOLDER, host.clock.now())
    assert (grown.holder, grown.proxies) == (HOLDER.id, {})


def test_a_second_holder_is_not_bound():
    host, record = adult()
    found = consent.read(host, HOLDER, record).choices
    with pytest.raises(Conflict):
        bound(found, person(), STRANGER, host.clock.now())


def test_the_second_parent_is_invited_accepts_and_decides():
    host, record = both()
    assert [(one.record, one.role) for one in consent.mine(host, FATHER)] == [(record, "proxy")]
    consent.block(host, FATHER, record, "pro:1")
    assert "pro:1" in consent.read(host, MOTHER, record).choices.blocked


def test_who_refuses_becomes_nothing_and_the_code_is_spent():
    host, record = child()
    issued = delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme")
    accepts(host, FATHER, issued, "proxy", accepted=False)
    with pytest.raises(NotFound):
        accepts(host, FATHER, issued, "proxy")
    assert set(consent.read(host, MOTHER, record).choices.proxies) == {MOTHER.id}


@pytest.mark.abuse("T09")
def test_a_code_works_once_and_only_for_what_it_was_made_for():
    host, record = child()
    issued = delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme")
    with pytest.raises(NotFound):
        accepts(host, FATHER, issued, "carer")
    accepts(host, FATHER, issued, "proxy")
    with pytest.raises(NotFound):
        accepts(host, STRANGER, issued, "proxy")


def test_accepting_twice_is_accepting_once():
    host, record = child()
    issued = delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme")
    assert accepts(host, FATHER, issued, "proxy") == accepts(host, FATHER, issued, "proxy") == record
    assert set(consent.read(host, FATHER, record).choices.proxies) == {MOTHER.id, FATHER.id}


def test_five_wrong_tries_spend_an_invitation():
    host, record = child()
    issued = delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme")
    wrong = delegating.Answer(issued.reference, "0000-0000-0000", "proxy")
    for _ in range(5):
        with pytest.raises(NotFound):
            delegating.answer(host, STRANGER, wrong)
    with pytest.raises(NotFound):
        accepts(host, FATHER, issued, "proxy")


def test_an_invitation_ends_after_six_weeks():
    host, record = child()
    issued = delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme")
    host.clock.advance(timedelta(weeks=6, days=2))
    with pytest.raises(NotFound):
        accepts(host, FATHER, issued, "proxy")


def test_a_third_parent_is_not_invited():
    host, record = both()
    with pytest.raises(Conflict):
        delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Tiers")


@pytest.mark.parametrize("kind", ["curatelle", "sauvegarde", "voisin"])
def test_who_only_assists_represents_nobody_and_is_told_why(kind):
    host, record = adult()
    with pytest.raises(Invalid) as refused:
        delegating.invite_proxy(host, Wish(HOLDER, record), kind, "X", date(2030, 1, 1))
    assert refused.value.fields["/kind"]


@pytest.mark.parametrize("until", [None, date(2020, 1, 1)])
def test_a_judges_mandate_has_its_end(until):
    host, record = adult()
    with pytest.raises(Invalid):
        delegating.invite_proxy(host, Wish(HOLDER, record), "tutelle", "X", until)


def test_a_guardian_represents_until_the_judges_day():
    host, record = adult()
    issued = delegating.invite_proxy(host, Wish(HOLDER, record), "tutelle", "X", date(2027, 1, 10))
    accepts(host, FATHER, issued, "proxy")
    host.clock.set(datetime(2027, 1, 9, 22, 59, tzinfo=UTC))
    consent.read(host, FATHER, record)
    host.clock.set(datetime(2027, 1, 9, 23, 0, tzinfo=UTC))
    with pytest.raises(NotFound):
        consent.read(host, FATHER, record)


@pytest.mark.abuse("A23")
@pytest.mark.parametrize("until", [date(2032, 5, 6), date(2040, 1, 1)])
def test_no_mandate_that_a_parent_names_outlasts_the_childhood(until):
    host, record = child()
    accepts(host, FATHER, delegating.invite_proxy(host, Wish(MOTHER, record), "tutelle", "Côme", until), "proxy")
    host.clock.set(datetime(2032, 5, 5, 21, 59, tzinfo=UTC))
    consent.read(host, FATHER, record)
    host.clock.set(datetime(2032, 5, 5, 22, 0, tzinfo=UTC))
    for parent in (FATHER, MOTHER):
        with pytest.raises(NotFound):
            consent.read(host, parent, record)


def test_an_adult_has_no_parents_here():
    host, record = adult()
    with pytest.raises(Conflict):
        delegating.invite_proxy(host, Wish(HOLDER, record), "parent", "X")


@pytest.mark.abuse("A23")
@pytest.mark.parametrize("birth", [date(2008, 12, 1), date(2008, 2, 29), date(2009, 7, 14)])
def test_a_parents_access_ends_at_midnight_in_paris_on_the_eighteenth_birthday(birth):
    midnight = datetime.fromisoformat(comes_of_age(birth))
    host, record = child(birth, MemoryClock(midnight - timedelta(days=30)))
    host.clock.set(midnight - timedelta(seconds=1))
    consent.read(host, MOTHER, record)
    host.clock.set(midnight)
    for act in (
        lambda: consent.read(host, MOTHER, record),
        lambda: consent.block(host, MOTHER, record, "pro:1"),
        lambda: delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "X"),
    ):
        with pytest.raises(NotFound):
            act()
    refused = len(list(refusals(host, record, host.clock.now())))
    assert consent.mine(host, MOTHER) == []
    assert len(list(refusals(host, record, host.clock.now()))) == refused  # asking who one is, is no try


@pytest.mark.abuse("A24")
def test_a_guardian_whom_the_holder_revokes_is_denied_from_the_next_request():
    host, record = adult()
    issued = delegating.invite_proxy(host, Wish(HOLDER, record), "tutelle", "X", date(2030, 1, 1))
    accepts(host, FATHER, issued, "proxy")
    delegating.revoke(host, Wish(HOLDER, record), "proxy", FATHER.id)
    with pytest.raises(NotFound):
        consent.read(host, FATHER, record)
    assert list(hints(host, FATHER)) == []


@pytest.mark.abuse("A24")
def test_a_delegate_appoints_nobody_and_is_told_so():
    host, record = both()
    for parent in (MOTHER, FATHER):
        with pytest.raises(AccessDenied) as refused:
            delegating.invite_carer(host, Wish(parent, record), "X")
        assert refused.value.reason == "DELEGATE_APPOINTS_NOBODY"


@pytest.mark.abuse("A25")
def test_one_parent_does_not_end_the_others_right_but_may_leave():
    host, record = both()
    with pytest.raises(NotFound):
        delegating.revoke(host, Wish(MOTHER, record), "proxy", FATHER.id)
    consent.read(host, FATHER, record)
    delegating.revoke(host, Wish(MOTHER, record), "proxy", MOTHER.id)
    with pytest.raises(NotFound):
        consent.read(host, MOTHER, record)
    assert set(consent.read(host, FATHER, record).choices.proxies) == {FATHER.id}


@pytest.mark.abuse("A25")
def test_two_parents_who_disagree_both_keep_their_right_and_the_last_word_counts():
    host, record = both()
    consent.allow(host, MOTHER, record, "pro:1")
    consent.block(host, FATHER, record, "pro:1")
    found = consent.read(host, MOTHER, record).choices
    assert ("pro:1" in found.blocked, "pro:1" in found.allowed) == (True, False)
    assert {*found.proxies} == {MOTHER.id, FATHER.id}


def test_a_repeated_request_with_its_key_invites_once():
    host, record = child()
    wish = Wish(MOTHER, record)
    first, second = (delegating.invite_proxy(host, wish, "parent", "Côme", key="visit-0001") for _ in range(2))
    assert (first.reference, first.text) == (second.reference, second.text)
    assert len(consent.read(host, MOTHER, record).choices.codes) == 1


@pytest.mark.abuse("T05")
def test_a_key_used_for_another_invitation_is_refused_and_is_each_callers_own():
    host, record = child()
    delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme", key="visit-0001")
    with pytest.raises(Invalid):
        delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Autre", key="visit-0001")
    host2, other = adult()
    one = delegating.invite_carer(host2, Wish(HOLDER, other), "Hector", "visit-0001")
    accepts(host2, CARER, one, "carer")
    with pytest.raises(AccessDenied):
        delegating.invite_carer(host2, Wish(CARER, other), "Hector", "visit-0001")


def test_a_key_repeated_after_the_code_was_used_gives_no_new_code():
    host, record = child()
    issued = delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme", key="visit-0001")
    accepts(host, FATHER, issued, "proxy")
    with pytest.raises(Conflict):
        delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme", key="visit-0001")


@pytest.mark.abuse("A25")
def test_a_minor_with_a_login_does_not_send_the_parents_away():
    host, record = child()
    minor = replace(STRANGER, id="citizen:lubin")
    gate(host, Ask(MOTHER, record, "choices:told", change=lambda choices: replace(choices, holder=minor.id)))
    with pytest.raises(NotFound):
        delegating.revoke(host, Wish(minor, record), "proxy", MOTHER.id)
    consent.read(host, MOTHER, record)
