"""What the holder decides counts from the next request on, each decision alone, and repeating it changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.access.choices import Choices, Limit
from chalicelib.access.clocks import instant
from chalicelib.access.codes import new_code
from chalicelib.access.gate import Ask, gate
from chalicelib.access.room import with_room
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding
from chalicelib.consent.changing import Wish
from chalicelib.consent.views import choices_view
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound, Stale
from chalicelib.vault import changes
from chalicelib.vault.consult import consult
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO, STRANGER
from tests.unit.delegated import adult, filed

OCCUPATIONAL = replace(DOCTOR, id="pro:899700000001", profession="10/SM25", organisation="org:1750100140")
REGULATOR = replace(DOCTOR, id="pro:899700000002", organisation="org:1750100141", regulator=True)


@pytest.fixture
def world():
    host, record = adult()
    return host, record, filed(host, record, LAB).id, Wish(HOLDER, record)


def reads(host, record, document, actor=DOCTOR):
    try:
        return consult(host, actor, record, document).data == b"un texte"
    except (AccessDenied, NotFound):
        return False


def found(host, record):
    return consent.read(host, HOLDER, record).choices


@pytest.mark.parametrize("subject", [DOCTOR.id, DOCTOR.organisation, "prof:10"])
def test_a_person_an_organisation_or_a_profession_is_allowed_blocked_and_forgotten(world, subject):
    host, record, document, _ = world
    assert not reads(host, record, document)
    consent.allow(host, HOLDER, record, subject)
    assert reads(host, record, document)
    consent.block(host, HOLDER, record, subject)
    assert not reads(host, record, document)
    consent.withdraw(host, HOLDER, record, subject)
    assert found(host, record).blocked == frozenset()
    assert not reads(host, record, document)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(categories=frozenset({"BIOLOGIE"})), True),
        (Limit(categories=frozenset({"CERT_MED"})), False),
        (Limit(documents=frozenset({"a" * 26})), False),
        (Limit(until="2020-01-01"), False),
        (Limit(ends="2026-11-02T08:59:59+00:00"), False),
        (Limit(ends="2026-11-02T10:00:00+00:00"), True),
    ],
)
def test_a_permission_reaches_as_far_as_its_limit(world, limit, expected):
    host, record, document, _ = world
    consent.allow(host, HOLDER, record, DOCTOR.id, limit=limit)
    assert reads(host, record, document) is expected
    consent.allow(host, HOLDER, record, DOCTOR.id)
    assert reads(host, record, document)  # the newer permission replaces the limit
    assert found(host, record).limits == {}


def test_until_my_appointment_ends_by_itself(world):
    host, record, document, _ = world
    appointment = host.clock.now() + timedelta(hours=2)
    consent.allow(host, HOLDER, record, DOCTOR.id, limit=Limit(ends=instant(appointment)))
    host.clock.set(appointment - timedelta(seconds=1))
    assert reads(host, record, document)
    host.clock.set(appointment)
    assert not reads(host, record, document)


@pytest.mark.abuse("A11")
def test_an_occupational_physician_reads_only_with_the_separate_express_consent(world):
    host, record, _, wish = world
    document = filed(host, record, LAB, "certificate", code="CERT_DECL").id
    consent.allow(host, HOLDER, record, OCCUPATIONAL.id)
    deciding.team(host, wish, OCCUPATIONAL.organisation, member=True)
    assert not reads(host, record, document, OCCUPATIONAL)
    deciding.express(host, wish, OCCUPATIONAL.id, given=True)
    assert reads(host, record, document, OCCUPATIONAL)
    deciding.express(host, wish, OCCUPATIONAL.id, given=False)
    assert not reads(host, record, document, OCCUPATIONAL)


@pytest.mark.abuse("A11")
def test_express_consent_to_one_occupational_physician_is_to_nobody_else(world):
    host, record, document, wish = world
    deciding.express(host, wish, OCCUPATIONAL.id, given=True)
    consent.allow(host, HOLDER, record, OCCUPATIONAL.organisation)
    assert not reads(host, record, document, replace(OCCUPATIONAL, id="pro:899700000009"))


@pytest.mark.parametrize("subject", [LAB.id, LAB.organisation, "cat:BIOLOGIE"])
def test_deposits_are_refused_for_a_legitimate_reason_and_accepted_again(world, subject):
    host, record, _, wish = world
    deciding.refuse(host, wish, subject, "dispute")
    with pytest.raises(AccessDenied):
        filed(host, record, LAB, "second", "autre")
    deciding.accept(host, wish, subject)
    filed(host, record, LAB, "second", "autre")


@pytest.mark.parametrize("ground", ["because", "heir_rights"])
def test_no_other_reason_refuses_a_deposit(world, ground):
    host, _, _, wish = world
    with pytest.raises(Invalid):
        deciding.refuse(host, wish, LAB.id, ground)


def test_a_category_that_nobody_knows_is_no_refusal_that_would_protect_from_nothing(world):
    host, record, _, wish = world
    with pytest.raises(Invalid) as told:
        deciding.refuse(host, wish, "cat:BIOLOGY", "dispute")
    assert told.value.fields == {"/id": "is no category of the access matrix"}
    assert consent.read(host, HOLDER, record).choices.refused == frozenset()
    deciding.accept(host, wish, "cat:BIOLOGY")  # one that a later matrix no longer has can be withdrawn


def test_each_emergency_switch_moves_alone(world):
    host, record, _, wish = world
    for name in ("regulation", "break_glass", "hidden"):
        deciding.switch(host, wish, name, on=False)
    seen = []
    for name in ("regulation", "break_glass", "hidden"):
        deciding.switch(host, wish, name, on=True)
        seen.append(choices_view(found(host, record), 1).switches.model_dump())
        deciding.switch(host, wish, name, on=False)
    off = {"regulation": False, "break_glass": False, "hidden": False}
    assert seen == [{**off, name: True} for name in off]


def test_the_regulation_switch_shuts_the_regulator_out(world):
    host, record, document, wish = world
    assert reads(host, record, document, REGULATOR)
    deciding.switch(host, wish, "regulation", on=False)
    assert not reads(host, record, document, REGULATOR)


def test_the_third_switch_shows_hidden_documents_in_an_emergency_only(world):
    host, record, document, wish = world
    changes.hide(host, HOLDER, record, document)
    assert not reads(host, record, document, REGULATOR)
    deciding.switch(host, wish, "hidden", on=True)
    assert reads(host, record, document, REGULATOR)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    assert not reads(host, record, document)


def test_the_treating_physician_is_named_and_removed(world):
    host, record, document, wish = world
    deciding.physician(host, wish, DOCTOR.id)
    assert reads(host, record, document)
    deciding.physician(host, wish, "")
    assert not reads(host, record, document)


def test_a_designated_professional_sees_what_is_hidden_and_only_if_they_may_read(world):
    host, record, document, wish = world
    changes.hide(host, HOLDER, record, document)
    deciding.designate(host, wish, DOCTOR.id, sees=True)
    assert not reads(host, record, document)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    assert reads(host, record, document)
    deciding.designate(host, wish, DOCTOR.id, sees=False)
    assert not reads(host, record, document)


def test_the_care_team_grows_and_shrinks(world):
    host, record, document, wish = world
    deciding.team(host, wish, DOCTOR.organisation, member=True)
    assert reads(host, record, document)
    deciding.team(host, wish, DOCTOR.organisation, member=False)
    assert not reads(host, record, document)


def test_a_discreet_category_is_hidden_until_one_document_is_shown(world):
    host, record, document, wish = world
    consent.allow(host, HOLDER, record, DOCTOR.id)
    deciding.discreet(host, wish, "BIOLOGIE", on=True)
    assert not reads(host, record, document)
    changes.show(host, HOLDER, record, document)
    assert reads(host, record, document)
    changes.hide(host, HOLDER, record, document)
    assert not reads(host, record, document)


def test_the_holder_is_told_of_accesses_by_wish(world):
    host, record, _, wish = world
    consent.allow(host, HOLDER, record, DOCTOR.id)
    ask = Ask(DOCTOR, record, "document:list")
    assert "notify-access" not in gate(host, ask).decision.obligations
    deciding.told(host, wish, accesses=True)
    assert "notify-access" in gate(host, ask).decision.obligations


def test_every_decision_repeated_changes_nothing(world):
    host, record, _, wish = world
    acts = [
        lambda: consent.allow(host, HOLDER, record, "pro:1"),
        lambda: consent.block(host, HOLDER, record, "pro:2"),
        lambda: deciding.express(host, wish, "pro:3", given=True),
        lambda: deciding.refuse(host, wish, "pro:4", "dispute"),
        lambda: deciding.switch(host, wish, "regulation", on=False),
        lambda: deciding.physician(host, wish, "pro:5"),
        lambda: deciding.designate(host, wish, "pro:6", sees=True),
        lambda: deciding.team(host, wish, "pro:7", member=True),
        lambda: deciding.discreet(host, wish, "BIOLOGIE", on=True),
        lambda: deciding.told(host, wish, accesses=True),
    ]
    for act in acts:
        act()
        once = found(host, record)
        act()
        assert found(host, record) == once


def test_a_decision_on_an_older_state_of_mind_is_refused(world):
    host, record, _, _ = world
    version = consent.read(host, HOLDER, record).facts.policy_version
    consent.block(host, HOLDER, record, "pro:1", version=version)
    with pytest.raises(Stale):
        consent.allow(host, HOLDER, record, "pro:1", version=version)
    assert "pro:1" in found(host, record).blocked


def test_nobody_else_decides(world):
    host, record, _, _ = world
    for actor in (STRANGER, DOCTOR, PHYSIO):
        with pytest.raises((AccessDenied, NotFound)):
            deciding.switch(host, Wish(actor, record), "regulation", on=False)
    assert found(host, record).opposed == frozenset()


def test_there_is_room_for_so_many_decisions_and_taking_back_always_works():
    full = Choices(team=frozenset(f"pro:{number}" for number in range(5000)))
    more = replace(full, allowed=frozenset({"pro:more"}))
    with pytest.raises(Conflict):
        with_room(full, more)
    fewer = replace(more, team=more.team - {"pro:1", "pro:2"})
    assert with_room(more, fewer) is fewer


def test_a_block_is_never_refused_for_lack_of_room():
    full = Choices(blocked=frozenset(f"pro:{number}" for number in range(5000)), hidden=frozenset({"x" * 300_000}))
    more = replace(full, blocked=full.blocked | {"pro:more"})
    assert with_room(full, more) is more
    teamed = replace(full, team=frozenset({"pro:1"}))
    out = replace(full, dismissed=frozenset({"pro:1"}))
    assert with_room(teamed, out) is out
    housed = replace(full, dismissed=frozenset({"pro:2"}))  # who was of the team by their house
    assert with_room(full, housed) is housed
    with pytest.raises(Conflict):
        with_room(full, replace(full, team=frozenset({"pro:more"})))


@pytest.mark.abuse("T07")
def test_an_assisted_agent_is_shown_no_document_and_no_reference_of_a_code():
    choices = Choices(
        codes={"d" * 20: new_code("activation", "activation", datetime(2026, 11, 2, 9, tzinfo=UTC))},
        hidden=frozenset({"a" * 26}),
        shown=frozenset({"b" * 26}),
        limits={"pro:1": Limit(documents=frozenset({"c" * 26}))},
    )
    text = choices_view(choices, 1, assisted=True).model_dump_json()
    assert not any(letter * 20 in text for letter in "abcd")
    assert "d" * 20 in choices_view(choices, 1).model_dump_json()
    assert "c" * 26 in choices_view(choices, 1).model_dump_json()


def test_a_moment_is_written_in_utc():
    assert instant(datetime(2026, 11, 2, 9, tzinfo=UTC)) == "2026-11-02T09:00:00+00:00"


@pytest.mark.parametrize("word", ["team", "express", "designated", "emergencies", "consents"])
def test_lifting_a_block_gives_nothing_back(word):
    host, record = adult()
    held = {DOCTOR.id: "9999-12-31"} if word in ("emergencies", "consents") else frozenset({DOCTOR.id})
    gate(host, Ask(HOLDER, record, "choices:told", change=lambda choices: replace(choices, **{word: held})))
    consent.block(host, HOLDER, record, DOCTOR.id)
    consent.withdraw(host, HOLDER, record, DOCTOR.id)
    assert not getattr(consent.read(host, HOLDER, record).choices, word)
