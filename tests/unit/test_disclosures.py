"""Heirs, court experts and court decisions: two agents of the legal desk, never one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.delegation import hint, hints
from chalicelib.access.gate import Ask, gate
from chalicelib.consent import actions as consent
from chalicelib.consent import delegating, disclosing
from chalicelib.consent.changing import Wish
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from chalicelib.vault.consult import consult
from chalicelib.vault.reading import Filter, listing
from tests.enrolment.world import World
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, STRANGER, SUPPORT
from tests.unit.delegated import FATHER, MOTHER, accepts, adult, child, filed

ONE = Actor(Kind.LEGAL, "staff:11", "Agent ONZE")
TWO = Actor(Kind.LEGAL, "staff:12", "Agent DOUZE")
EXPERT = replace(DOCTOR, id="pro:899700000077", organisation="org:1750100177")


@pytest.fixture
def world():
    host, record = adult()
    return host, record, filed(host, record, LAB).id


def dead(host, record):
    gate(host, Ask(ENROLMENT, record, "record:decease", turn="deceased"))


def reads(host, actor, record, document):
    try:
        return consult(host, actor, record, document).data == b"un texte"
    except (AccessDenied, NotFound):
        return False


@pytest.mark.abuse("A27")
def test_an_heir_reads_the_record_of_the_dead_once_two_agents_agreed_and_for_a_month(world):
    host, record, document = world
    dead(host, record)
    assert not reads(host, HOLDER, record, document)
    proposed = disclosing.propose(host, Wish(ONE, record), STRANGER.id, "heir_rights")
    assert not reads(host, STRANGER, record, document)
    disclosing.confirm(host, Wish(TWO, record), proposed.name)
    assert reads(host, STRANGER, record, document)
    assert [(one.record, one.role) for one in consent.mine(host, STRANGER)] == [(record, "heir")]
    host.clock.advance(timedelta(days=40))
    assert not reads(host, STRANGER, record, document)


@pytest.mark.abuse("T09")
def test_one_agent_alone_opens_nothing(world):
    host, record, document = world
    proposed = disclosing.propose(host, Wish(ONE, record), EXPERT.id, "court_expert")
    for act in (
        lambda: disclosing.confirm(host, Wish(ONE, record), proposed.name),
        lambda: disclosing.confirm(host, Wish(TWO, record), "0" * 20),
    ):
        with pytest.raises(AccessDenied):
            act()
    assert not reads(host, EXPERT, record, document)


def test_repeating_the_proposal_as_the_second_agent_does_not_make_the_first_the_second(world):
    host, record, _ = world
    first = disclosing.propose(host, Wish(ONE, record), EXPERT.id, "court_expert")
    assert disclosing.propose(host, Wish(TWO, record), EXPERT.id, "court_expert") == first
    with pytest.raises(AccessDenied):
        disclosing.confirm(host, Wish(ONE, record), first.name)


def test_a_court_expert_reads_within_the_matrix_and_for_a_month(world):
    host, record, document = world
    proposed = disclosing.propose(host, Wish(ONE, record), EXPERT.id, "court_expert")
    disclosing.confirm(host, Wish(TWO, record), proposed.name)
    disclosing.confirm(host, Wish(TWO, record), proposed.name)  # again: nothing changes
    assert reads(host, EXPERT, record, document)
    host.clock.advance(timedelta(days=40))
    assert not reads(host, EXPERT, record, document)


@pytest.mark.abuse("A25")
def test_the_holder_is_told_of_each_proposal_that_was_confirmed_and_once_of_each():
    world, told = World().activate(), []
    for subject, days in ((EXPERT, 0), (LAB, 0), (EXPERT, 1), (EXPERT, 40)):
        world.clock.advance(timedelta(days=days))
        proposed = disclosing.propose(world.host, Wish(ONE, world.record), subject.id, "court_expert")
        for _ in range(2):
            disclosing.confirm(world.host, Wish(TWO, world.record), proposed.name)
            world.work()
        told.append(sum("Le droit d'une personne" in mail.get_content() for mail in world.host.mail.sent))
    assert told == [1, 2, 2, 3]


def test_a_proposal_nobody_confirms_lapses(world):
    host, record, _ = world
    proposed = disclosing.propose(host, Wish(ONE, record), EXPERT.id, "court_expert")
    host.clock.advance(timedelta(days=40))
    with pytest.raises(AccessDenied):
        disclosing.confirm(host, Wish(TWO, record), proposed.name)


def test_there_are_no_heirs_of_the_living(world):
    host, record, _ = world
    with pytest.raises(Conflict):
        disclosing.propose(host, Wish(ONE, record), STRANGER.id, "heir_memory")


@pytest.mark.parametrize(
    ("subject", "ground"),
    [(STRANGER.id, "court_expert"), (EXPERT.id, "heir_memory"), (EXPERT.id, "dispute"), ("", "heir_memory")],
)
def test_the_ground_fits_whom_it_is_for(world, subject, ground):
    host, record, _ = world
    dead(host, record)
    with pytest.raises(Invalid):
        disclosing.propose(host, Wish(ONE, record), subject, ground)


def test_nobody_but_the_legal_desk_proposes_or_confirms(world):
    host, record, _ = world
    proposed = disclosing.propose(host, Wish(ONE, record), EXPERT.id, "court_expert")
    for actor in (SUPPORT, HOLDER, EXPERT, STRANGER, ENROLMENT):
        with pytest.raises((AccessDenied, NotFound)):
            disclosing.propose(host, Wish(actor, record), EXPERT.id, "court_expert")
        with pytest.raises((AccessDenied, NotFound)):
            disclosing.confirm(host, Wish(actor, record), proposed.name)


@pytest.mark.abuse("A25")
def test_a_parent_whose_right_a_court_ended_is_out_and_no_invitation_brings_them_back():
    host, record = child()
    wish = Wish(MOTHER, record)
    accepts(host, FATHER, delegating.invite_proxy(host, wish, "parent", "Côme"), "proxy")
    proposed = disclosing.propose(host, Wish(ONE, record), FATHER.id, "court_ends_mandate")
    consent.read(host, FATHER, record)
    disclosing.confirm(host, Wish(TWO, record), proposed.name)
    with pytest.raises(NotFound):
        consent.read(host, FATHER, record)
    again = delegating.invite_proxy(host, wish, "parent", "Côme")
    with pytest.raises(NotFound):
        accepts(host, FATHER, again, "proxy")
    assert set(consent.read(host, MOTHER, record).choices.proxies) == {MOTHER.id}


@pytest.mark.parametrize("killed", [False, True])
def test_confirming_again_that_a_court_ended_a_mandate_changes_nothing_and_opens_nothing(killed):
    host, record = child()
    accepts(host, FATHER, delegating.invite_proxy(host, Wish(MOTHER, record), "parent", "Côme"), "proxy")
    proposed = disclosing.propose(host, Wish(ONE, record), FATHER.id, "court_ends_mandate")
    disclosing.confirm(host, Wish(TWO, record), proposed.name)
    before = consent.read(host, MOTHER, record).choices
    if killed:  # before the hint was taken away
        hint(host, FATHER.id, record, "proxy")
    disclosing.confirm(host, Wish(TWO, record), proposed.name)
    assert consent.read(host, MOTHER, record).choices == before
    assert list(hints(host, FATHER)) == []
    with pytest.raises((AccessDenied, NotFound)):
        disclosing.confirm(host, Wish(ONE, record), proposed.name)
    dead(host, record)
    with pytest.raises((AccessDenied, NotFound)):
        listing(host, FATHER, record, Filter())


def test_a_court_ends_only_what_is_there(world):
    host, record, _ = world
    with pytest.raises(Conflict):
        disclosing.propose(host, Wish(ONE, record), FATHER.id, "court_ends_mandate")


def test_a_guardian_is_not_revoked_by_another_guardian():
    host, record = adult()
    other = replace(FATHER, id="citizen:tuteur2")
    for guardian in (FATHER, other):
        issued = delegating.invite_proxy(host, Wish(HOLDER, record), "tutelle", "X", date(2030, 1, 1))
        accepts(host, guardian, issued, "proxy")
    with pytest.raises(NotFound):
        delegating.revoke(host, Wish(other, record), "proxy", FATHER.id)
