"""Entries of the profile: who writes and reads which section, versions, hiding, deleting, the same request again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound, Stale
from chalicelib.profile import actions
from chalicelib.profile.words import SECTIONS
from tests.people import DOCTOR, HOLDER, INSURER, LAB, PHYSIO, STRANGER, SUPPORT
from tests.profile.one_of_each import ONE_OF_EACH
from tests.profile.world import CARER, PARENT, adult, dose, draft, listed, minor, note

OPEN_TO_CARE = ["advance_directives", "contacts", "organ_donation", "prevention", "trusted_person", "vaccinations"]


def full() -> Any:
    world = adult()
    for section, members in ONE_OF_EACH.items():
        note(world, section, **members)
    return world


def test_the_holder_writes_every_section_and_reads_it_back():
    world = full()
    assert set(ONE_OF_EACH) == set(SECTIONS) - {"measures"}
    assert listed(world, HOLDER) == sorted(ONE_OF_EACH)


def test_professionals_see_vaccinations_prevention_entourage_and_wishes_and_nothing_else():
    world = full()
    assert listed(world, DOCTOR) == OPEN_TO_CARE
    world.decide(allowed=frozenset({DOCTOR.id, PHYSIO.id}))
    assert listed(world, PHYSIO) == ["prevention", "vaccinations"]  # the matrix keeps wishes from this profession


@pytest.mark.parametrize("who", [STRANGER, LAB, INSURER, SUPPORT])
def test_nobody_else_lists_the_profile(who: Any):
    with pytest.raises((AccessDenied, NotFound)):
        listed(full(), who)


def test_a_list_of_some_sections_is_given_page_by_page_without_a_gap():
    world = full()
    for day in range(1, 6):
        note(world, "vaccinations", **dose(on=date(2020, 1, day)))
    seen: list[str] = []
    cursor, wanted = "", frozenset({"vaccinations", "allergies", "habits"})
    while page := actions.listing(world.host, HOLDER, world.record, wanted, cursor, 2):
        seen += [one.entry.id for one in page.entries]
        cursor = page.cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 8


def test_a_professional_notes_a_vaccination_that_the_holder_hides_but_does_not_rewrite():
    world = adult()
    made = note(world, "vaccinations", LAB, **dose()).entry
    for change in (
        lambda: actions.change(world.host, HOLDER, world.record, made.id, draft("vaccinations", **dose("hpv")), None),
        lambda: actions.delete(world.host, HOLDER, world.record, made.id, None),
    ):
        with pytest.raises(AccessDenied):
            change()
    actions.hide(world.host, HOLDER, world.record, made.id)
    assert listed(world, DOCTOR) == []
    assert actions.read(world.host, LAB, world.record, made.id).hidden is True
    actions.show(world.host, HOLDER, world.record, made.id)
    assert actions.read(world.host, DOCTOR, world.record, made.id).hidden is None


def test_only_the_author_corrects_for_the_same_organisation():
    world = adult()
    made = note(world, "vaccinations", LAB, **dose()).entry
    corrected = draft("vaccinations", **dose("hpv"))
    for other in (DOCTOR, replace(LAB, organisation="org:9")):
        with pytest.raises((AccessDenied, NotFound)):
            actions.change(world.host, other, world.record, made.id, corrected, None)
    assert actions.change(world.host, LAB, world.record, made.id, corrected, 1).entry.version == 2
    actions.delete(world.host, LAB, world.record, made.id, 2)
    assert listed(world, HOLDER) == []


@pytest.mark.parametrize("section", ["allergies", "blood_group", "trusted_person", "targets"])
def test_a_professional_writes_no_other_section(section: str):
    with pytest.raises(Invalid):
        note(adult(), section, DOCTOR, **ONE_OF_EACH[section])


@pytest.mark.parametrize("section", ["trusted_person", "advance_directives"])
def test_wishes_of_adults_are_not_for_minors_and_not_for_those_who_act_for_somebody(section: str):
    with pytest.raises(Invalid):
        note(minor(), section, **ONE_OF_EACH[section])
    with pytest.raises(Invalid):
        note(minor(date(1990, 1, 1)), section, PARENT, **ONE_OF_EACH[section])
    assert note(minor(date(1990, 1, 1)), section, **ONE_OF_EACH[section])


def test_a_carer_completes_the_profile_and_neither_hides_nor_chooses():
    world = minor()
    made = note(world, "allergies", CARER, label="Arachide").entry
    assert made.by.name == CARER.name
    with pytest.raises(AccessDenied):
        actions.hide(world.host, CARER, world.record, made.id)


def test_every_version_is_kept_and_says_who_wrote_it():
    world = minor()
    made = note(world, "allergies", label="Arachide").entry
    actions.change(world.host, PARENT, world.record, made.id, draft("allergies", label="Arachides"), 1)
    found = actions.versions(world.host, HOLDER, world.record, made.id)
    assert [(one.entry.version, one.entry.content.label, one.entry.by.id) for one in found] == [
        (2, "Arachides", PARENT.id),
        (1, "Arachide", HOLDER.id),
    ]
    assert {one.entry.author.id for one in found} == {HOLDER.id}


def test_a_change_of_something_that_changed_meanwhile_is_stale():
    world = adult()
    made = note(world, "allergies", label="Arachide").entry
    twice = draft("allergies", label="Noix")
    assert actions.change(world.host, HOLDER, world.record, made.id, twice, 1).entry.version == 2
    assert actions.change(world.host, HOLDER, world.record, made.id, twice, 1).entry.version == 2  # sent again
    with pytest.raises(Stale):
        actions.change(world.host, HOLDER, world.record, made.id, draft("allergies", label="Lait"), 1)
    with pytest.raises(Stale):
        actions.delete(world.host, HOLDER, world.record, made.id, 1)


def test_the_same_request_with_the_same_key_is_one_entry_and_one_line_in_the_journal():
    world = adult()
    first, again = (note(world, "vaccinations", LAB, key="visit-17-x", **dose()).entry for _ in range(2))
    assert first == again
    assert [entry.action for entry in world.journal()].count("profile:record") == 1
    with pytest.raises(Invalid):
        note(world, "vaccinations", LAB, key="visit-17-x", **dose("hpv"))
    assert note(world, "vaccinations", DOCTOR, key="visit-17-x", **dose()).entry.id != first.id


def test_a_section_of_one_entry_holds_one_and_can_be_filled_again_after_a_deletion():
    world = adult()
    made = note(world, "blood_group", group="O+").entry
    assert note(world, "blood_group", group="O+").entry.id == made.id
    with pytest.raises(Conflict):
        note(world, "blood_group", group="A+")
    actions.delete(world.host, HOLDER, world.record, made.id, None)
    assert note(world, "blood_group", group="A+").entry.version == 3


def test_each_request_to_fill_a_section_of_one_entry_stands_in_the_journal_and_a_late_one_brings_nothing_back():
    world = minor()
    made = note(world, "blood_group", key="request-1", group="O+").entry
    assert note(world, "blood_group", PARENT, key="request-2", group="O+").entry == made
    actions.delete(world.host, HOLDER, world.record, made.id, None)
    with pytest.raises(Conflict):
        note(world, "blood_group", key="request-1", group="O+")
    assert listed(world, HOLDER) == []
    assert note(world, "blood_group", key="request-3", group="O+").entry.version == 3
    writers = [entry.actor for entry in world.journal() if entry.action == "profile:write"]
    assert writers == [HOLDER.id, PARENT.id, HOLDER.id, HOLDER.id]


def test_what_was_deleted_is_no_version_of_what_was_noted_in_its_place():
    world = adult()
    made = note(world, "advance_directives", place="Chez mon frère", written=date(2024, 1, 1)).entry
    actions.delete(world.host, HOLDER, world.record, made.id, None)
    world.clock.advance(timedelta(minutes=1))
    note(world, "advance_directives", place="Chez mon notaire", written=date(2026, 1, 1))
    later = draft("advance_directives", place="Chez ma notaire", written=date(2026, 1, 1))
    actions.change(world.host, HOLDER, world.record, made.id, later, None)
    for who in (HOLDER, DOCTOR):
        found = actions.versions(world.host, who, world.record, made.id)
        assert [one.entry.content.place for one in found] == ["Chez ma notaire", "Chez mon notaire"]


def test_what_is_deleted_exists_for_nobody_and_is_not_deleted_twice():
    world = adult()
    made = note(world, "vaccinations", **dose()).entry
    actions.delete(world.host, HOLDER, world.record, made.id, None)
    for act in (
        lambda: actions.read(world.host, HOLDER, world.record, made.id),
        lambda: actions.versions(world.host, HOLDER, world.record, made.id),
        lambda: actions.delete(world.host, HOLDER, world.record, made.id, None),
        lambda: actions.hide(world.host, HOLDER, world.record, made.id),
        lambda: actions.change(world.host, HOLDER, world.record, made.id, draft("vaccinations", **dose()), None),
        lambda: actions.read(world.host, DOCTOR, world.record, made.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_entry_stays_in_its_section_and_what_was_shown_is_not_kept_back_later():
    world = minor()
    made = note(world, "allergies", label="Arachide").entry
    for other in (draft("habits", kind="FOOD", label="Arachide"), draft("allergies", label="Arachide", secret=True)):
        with pytest.raises(Invalid):
            actions.change(world.host, HOLDER, world.record, made.id, other, None)


@pytest.mark.parametrize(
    ("section", "members"),
    [
        ("vaccinations", dose(on=date(1955, 8, 13))),
        ("vaccinations", dose(on=date(2027, 1, 1))),
        ("conditions", {"label": "Asthme", "since": date(1900, 1, 1)}),
        ("pregnancies", {"began_on": date(2026, 12, 1)}),
        ("advance_directives", {"place": "Notaire", "written": date(2026, 11, 5)}),
    ],
)
def test_a_date_before_birth_or_in_the_future_is_refused(section: str, members: dict[str, Any]):
    with pytest.raises(Invalid) as refused:
        note(adult(), section, **members)
    assert next(iter(refused.value.fields)).startswith("/entry/")


def test_a_closed_record_is_read_and_no_longer_written():
    from chalicelib.enrolment import life

    world = adult()
    made = note(world, "allergies", label="Arachide").entry
    life.close(world.host, HOLDER, world.record)
    assert actions.read(world.host, HOLDER, world.record, made.id)
    with pytest.raises(AccessDenied):
        note(world, "allergies", label="Noix")


def test_the_store_learns_neither_section_nor_content_nor_when_something_was_measured():
    world = full()
    note(world, "measures", kind="WEIGHT", at=world.clock.now() - timedelta(days=400), value=61.5)
    rows = {key: row for key, row in world.host.rows.everything().items() if key[1].startswith(("3p#", "5health"))}
    seen = repr(rows).lower()
    for word in (*SECTIONS, "weight", "61.5", "asthme", "sacha", "j07", "2025-09", "camille"):
        assert word not in seen, word


@pytest.mark.abuse("A21")
def test_ids_of_one_section_begin_alike_in_one_record_only():
    one, other = adult(), adult()
    ids = [note(world, "allergies", label="Lait").entry.id[:8] for world in (one, one, other)]
    assert ids[0] == ids[1] != ids[2]
