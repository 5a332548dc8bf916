"""Carers (aidants): three for one person, five people for one carer; they read, add and change, and decide nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.access.caring import take_place
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding, delegating, handing
from chalicelib.consent.changing import Wish
from chalicelib.enrolment.actions import open_
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, Conflict, NotFound
from chalicelib.vault import changes, reading
from chalicelib.vault.consult import consult
from tests.people import ENROLMENT, HOLDER, LAB, STRANGER, person
from tests.unit.delegated import CARER, accepts, adult, filed, helped


def others(count):
    return [replace(CARER, id=f"citizen:carer{number}") for number in range(count)]


def opened(host, number):
    holder = replace(HOLDER, id=f"citizen:holder{number}")
    record, _ = open_(host, ENROLMENT, person(ins=f"2550814168{number:05d}"), holder.id)
    return holder, record


def test_a_carer_reads_adds_and_changes_the_persons_documents():
    host, record = helped()
    report = filed(host, record, LAB)
    assert consult(host, CARER, record, report.id).data == b"un texte"
    mine = filed(host, record, CARER, "v")
    changes.delete(host, CARER, record, mine.id, None)
    page = reading.listing(host, CARER, record, reading.Filter())
    assert [shown.document.id for shown in page.documents] == [report.id]
    assert [(one.record, one.role) for one in consent.mine(host, CARER)] == [(record, "carer")]


def test_a_carer_decides_nothing_and_is_told_why():
    host, record = helped()
    wish = Wish(CARER, record)
    for act in (
        lambda: consent.read(host, CARER, record),
        lambda: consent.allow(host, CARER, record, "pro:1"),
        lambda: deciding.switch(host, wish, "regulation", on=False),
        lambda: handing.hand_over(host, wish),
        lambda: handing.print_card(host, wish),
        lambda: delegating.invite_carer(host, wish, "X"),
        lambda: delegating.invite_proxy(host, wish, "tutelle", "X"),
        lambda: history(host, CARER, record),
        lambda: changes.hide(host, CARER, record, filed(host, record, LAB).id),
    ):
        with pytest.raises(AccessDenied) as refused:
            act()
        assert refused.value.reason == "CARER_LIMITS"


@pytest.mark.abuse("A24")
def test_a_revoked_carer_is_denied_from_the_next_request():
    host, record = helped()
    report = filed(host, record, LAB)
    consult(host, CARER, record, report.id)
    delegating.revoke(host, Wish(HOLDER, record), "carer", CARER.id)
    with pytest.raises(NotFound):
        consult(host, CARER, record, report.id)
    delegating.revoke(host, Wish(HOLDER, record), "carer", CARER.id)  # again: nothing changes
    assert consent.mine(host, CARER) == []


def test_a_carer_leaves_and_sends_nobody_else_away():
    host, record = helped()
    (second,) = others(1)
    accepts(host, second, delegating.invite_carer(host, Wish(HOLDER, record), "B"), "carer")
    with pytest.raises(AccessDenied) as refused:
        delegating.revoke(host, Wish(CARER, record), "carer", second.id)
    assert refused.value.reason == "CARER_LIMITS"
    delegating.revoke(host, Wish(CARER, record), "carer", CARER.id)
    assert set(consent.read(host, HOLDER, record).choices.carers) == {second.id}


def test_nobody_helps_themselves():
    host, record = adult()
    with pytest.raises(Conflict):
        accepts(host, HOLDER, delegating.invite_carer(host, Wish(HOLDER, record), "moi"), "carer")


def test_a_person_has_three_carers_invited_ones_included():
    host, record = adult()
    wish = Wish(HOLDER, record)
    issued = [delegating.invite_carer(host, wish, "X") for _ in range(3)]
    with pytest.raises(Conflict):
        delegating.invite_carer(host, wish, "X")
    for carer, code in zip(others(3), issued, strict=True):
        accepts(host, carer, code, "carer")
    with pytest.raises(Conflict):
        delegating.invite_carer(host, wish, "X")
    assert len(consent.read(host, HOLDER, record).choices.carers) == 3


def helps(host, count):
    for number in range(count):
        holder, record = opened(host, number)
        accepts(host, CARER, delegating.invite_carer(host, Wish(holder, record), "Hector"), "carer")


def test_a_carer_helps_five_people_and_a_sixth_is_refused():
    host, _ = adult()
    helps(host, 5)
    holder, record = opened(host, 9)
    issued = delegating.invite_carer(host, Wish(holder, record), "Hector")
    with pytest.raises(Conflict):
        accepts(host, CARER, issued, "carer")
    assert len(consent.mine(host, CARER)) == 5


def test_a_place_is_free_again_once_the_record_no_longer_names_the_carer():
    host, _ = adult()
    helps(host, 5)
    (first,) = [one.record for one in consent.mine(host, CARER)][:1]
    delegating.revoke(host, Wish(CARER, first), "carer", CARER.id)
    host.clock.advance(timedelta(hours=2))
    holder, record = opened(host, 9)
    accepts(host, CARER, delegating.invite_carer(host, Wish(holder, record), "Hector"), "carer")
    assert len(consent.mine(host, CARER)) == 5


class Racing:
    """Rows where somebody else takes a place just before ours is written."""

    def __init__(self, inner, first):
        self.inner, self.first = inner, first

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def update(self, key, change, when):
        if self.first and key[1] == "0cares":
            self.first.pop()()
        self.inner.update(key, change, when)


def test_two_who_take_the_last_place_at_once_are_not_both_let_in():
    host, _ = adult()
    records = [opened(host, number)[1] for number in range(6)]
    for record in records[:4]:
        take_place(host, CARER.id, record)
    racing = replace(host, rows=Racing(host.rows, [lambda: take_place(host, CARER.id, records[4])]))
    with pytest.raises(Conflict):
        take_place(racing, CARER.id, records[5])


def test_a_place_that_was_just_taken_is_not_given_away():
    host, _ = adult()
    records = [opened(host, number)[1] for number in range(6)]
    for record in records[:5]:
        take_place(host, CARER.id, record)
    with pytest.raises(Conflict):
        take_place(host, CARER.id, records[5])
    take_place(host, CARER.id, records[0])  # its own again


def test_places_of_vain_tries_come_back():
    host, _ = adult()
    records = [opened(host, number)[1] for number in range(6)]
    for record in records[:5]:
        take_place(host, CARER.id, record)  # killed before the record named the carer
    host.clock.advance(timedelta(hours=2))
    take_place(host, CARER.id, records[5])


def test_a_stranger_learns_nothing_from_an_invitation_without_its_code():
    host, record = adult()
    issued = delegating.invite_carer(host, Wish(HOLDER, record), "X")
    for reference in (issued.reference, "0" * 20):
        with pytest.raises(NotFound):
            delegating.answer(host, STRANGER, delegating.Answer(reference, "0000-0000-0000", "carer"))
