"""Documents end with the right person: traits compared, "not mine" heard, rectification asked and answered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.access.vigilance import Traits
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from chalicelib.vault import actions, changes, rectification, replacing
from chalicelib.vault.consult import consult
from chalicelib.vault.intake import sweep
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from chalicelib.vault.reading import Filter, listing, read
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB, STRANGER, person

PLENTY = Quotas(10**6, 10**6)
SAME = Traits(person().ins, person().oid, "Éxemple", "camille", person().birth_date, "F")


def deposit(world: World, patient: Traits | None = None, unique: str = "1.2.3") -> str:
    draft = Draft(type="11502-2", title="t", media="text/plain", size=3, sha256="", unique_id=unique)
    found = actions.deposit(world.host, Filing(LAB, world.record, draft, patient=patient), b"abc", PLENTY)
    world.work()
    return found.id


def test_traits_that_agree_whatever_accents_and_case_let_the_document_in():
    world = World().activate()
    deposit(world, SAME)
    assert len(listing(world.host, HOLDER, world.record, Filter()).documents) == 1


@pytest.mark.abuse("U08")
@pytest.mark.parametrize(
    "wrong",
    [
        {"ins": "155081416802559"},
        {"oid": "1.2.250.1.213.1.4.8"},
        {"family_name": "AUTRE"},
        {"given_name": "Dominique"},
        {"birth_date": date(1955, 8, 15)},
        {"sex": "M"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_one_trait_of_somebody_else_refuses_the_deposit_and_is_not_told(wrong: dict):
    world = World().activate()
    told = []
    for traits in (replace(SAME, **wrong), Traits(family_name="AUTRE")):
        with pytest.raises(Invalid) as caught:
            deposit(world, traits)
        told.append((caught.value.detail, caught.value.fields))
    assert told[0] == told[1]
    assert told[0][1] == {}
    assert listing(world.host, HOLDER, world.record, Filter()).documents == ()


@pytest.mark.abuse("U08")
def test_a_replacement_is_held_to_the_same():
    world = World().activate()
    document = deposit(world)
    draft = Draft(type="11502-2", title="t", media="text/plain", size=3, sha256="", unique_id="1.2.4")
    filing = Filing(LAB, world.record, draft, patient=replace(SAME, sex="M"))
    with pytest.raises(Invalid):
        replacing.replace(world.host, filing, document, b"abd", None, PLENTY)


@pytest.mark.abuse("U08")
@pytest.mark.parametrize("status", ["PROVISOIRE", "RECUPEREE", "VALIDEE"])
def test_an_identity_that_is_not_qualified_receives_nothing(status: str):
    world = World(person().model_copy(update={"status": status})).activate()
    with pytest.raises(Invalid):
        deposit(world)


def test_a_disowned_document_is_read_by_nobody_from_the_next_request():
    world = World().activate()
    world.decide(allowed=frozenset({DOCTOR.id}))
    document = deposit(world)
    changes.disown(world.host, HOLDER, world.record, document)
    for who in (HOLDER, DOCTOR, LAB):
        with pytest.raises((NotFound, AccessDenied)):
            read(world.host, who, world.record, document)
        with pytest.raises((NotFound, AccessDenied)):
            consult(world.host, who, world.record, document)
    assert listing(world.host, DOCTOR, world.record, Filter()).documents == ()
    assert listing(world.host, HOLDER, world.record, Filter()).documents == ()


def test_the_depositor_of_a_disowned_document_is_told_by_its_status():
    world = World().activate()
    document = deposit(world)
    changes.disown(world.host, HOLDER, world.record, document)
    assert "notify-depositor" in world.journal()[-1].obligations
    assert actions.existing(world.host, LAB, world.record, document).state == "disowned"


def test_nobody_else_disowns_and_nobody_their_own():
    world = World().activate()
    document = deposit(world)
    for who in (LAB, DOCTOR, STRANGER):
        with pytest.raises((NotFound, AccessDenied)):
            changes.disown(world.host, who, world.record, document)
    draft = Draft(type="11502-2", title="t", media="text/plain", size=3, sha256="", unique_id="9.9")
    mine = actions.deposit(world.host, Filing(HOLDER, world.record, draft), b"abc", PLENTY).id
    with pytest.raises((NotFound, AccessDenied)):
        changes.disown(world.host, HOLDER, world.record, mine)


def test_a_rectification_is_asked_answered_by_the_author_and_stands_in_the_history():
    world = World().activate()
    document = deposit(world)
    made = rectification.ask(world.host, HOLDER, world.record, document, "mauvaise date")
    with pytest.raises((NotFound, AccessDenied)):
        rectification.answer(world.host, DOCTOR, world.record, document, made.id, "corrected", "non")
    with pytest.raises(NotFound):
        rectification.answer(world.host, HOLDER, world.record, document, made.id, "corrected", "oui")
    rectification.answer(world.host, LAB, world.record, document, made.id, "refused", "la date est juste")
    for who in (HOLDER, LAB):
        (found,) = rectification.listing(world.host, who, world.record, document)
        assert (found.wish, found.outcome, found.words) == ("mauvaise date", "refused", "la date est juste")
    with pytest.raises(Conflict):
        rectification.answer(world.host, LAB, world.record, document, made.id, "corrected", "si")
    done = [(e.kind, e.detail["step"]) for e in history(world.host, HOLDER, world.record).entries if "step" in e.detail]
    assert done == [("professional", "answered"), ("citizen", "asked")]
    assert "mauvaise" not in repr(world.journal())


def test_a_rectification_asked_and_answered_again_is_one_and_gives_the_same_answer():
    world = World().activate()
    document = deposit(world)
    made = rectification.ask(world.host, HOLDER, world.record, document, "mauvaise date")
    world.clock.advance(timedelta(minutes=1))
    assert rectification.ask(world.host, HOLDER, world.record, document, "mauvaise date") == made

    def answer():
        return rectification.answer(world.host, LAB, world.record, document, made.id, "refused", "la date est juste")

    done = answer()
    world.clock.advance(timedelta(minutes=1))
    assert answer() == done
    assert rectification.listing(world.host, HOLDER, world.record, document) == [done]
    assert [entry.action for entry in world.journal()].count("record:rectify") == 2


def test_the_author_at_another_organisation_sees_no_rectification():
    world = World().activate()
    elsewhere = replace(LAB, organisation="org:1750100199")
    world.decide(allowed=frozenset({LAB.id}))
    document = deposit(world)
    rectification.ask(world.host, HOLDER, world.record, document, "mauvaise date")
    with pytest.raises(NotFound):
        rectification.listing(world.host, elsewhere, world.record, document)


def test_an_allowed_reader_who_is_not_the_author_sees_no_rectification():
    world = World().activate()
    world.decide(allowed=frozenset({DOCTOR.id}))
    document = deposit(world)
    rectification.ask(world.host, HOLDER, world.record, document, "mauvaise date")
    with pytest.raises(NotFound):
        rectification.listing(world.host, DOCTOR, world.record, document)


def test_a_document_deleted_before_its_checks_is_not_looked_at_for_ever():
    world = World().activate()
    draft = Draft(type="11502-2", title="t", media="text/plain", size=3, sha256="", unique_id="7")
    document = actions.deposit(world.host, Filing(LAB, world.record, draft), b"abc", PLENTY).id
    changes.delete(world.host, LAB, world.record, document, None)
    for _ in range(3):
        world.work()
        world.clock.advance(timedelta(minutes=5))
    assert sweep(world.host) == 0
