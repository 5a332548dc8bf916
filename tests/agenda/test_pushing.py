"""Appointments that software sends: on lasting trust, changed by their author only, out of view for good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.agenda import reading
from chalicelib.agenda.views import entry_view
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from tests.people import DOCTOR, HOLDER, LAB, SOFTWARE

from .world import PARENT, World

COLLEAGUE = replace(DOCTOR, id="pro:899700366241")
MOVED = replace(DOCTOR, organisation="org:1750100199")


def trusting(*others: object) -> World:
    world = World()
    world.choose(lambda c: replace(c, allowed=c.allowed | {one.id for one in others}))
    return world


def test_a_trusted_doctor_sends_an_appointment_and_the_holder_sees_whose_it_is() -> None:
    world = World()
    entry, version = world.push("2026-12-01T10:00", title="Contrôle")
    (shown,) = world.listed()
    assert (shown.id, shown.line.version, shown.line.by, shown.words.title) == (entry, 1, "EDITOR_SOLUTION", "Contrôle")
    assert version == 1
    trace = world.journal()[-2]
    assert (trace.action, list(trace.obligations)) == ("agenda:push", ["notify-change", "arm-reminders"])


def test_the_same_again_changes_nothing_and_another_time_is_a_change() -> None:
    world = World()
    first = world.push("2026-12-01T10:00")
    assert world.push("2026-12-01T10:00") == first
    assert world.push("2026-12-02T10:00") == (first[0], 2)
    assert world.push("2026-12-02T10:00", status="CANCELLED") == (first[0], 3)
    assert world.push("2026-12-02T10:00") == (first[0], 4)
    assert world.push("2026-12-02T11:00", reference="rdv-2")[0] != first[0]
    assert len(world.listed()) == 2


@pytest.mark.parametrize("who", [LAB, SOFTWARE], ids=lambda who: who.id)
def test_whom_nobody_trusts_sends_nothing(who: object) -> None:
    world = World()
    with pytest.raises(AccessDenied):
        world.push("2026-12-01T10:00", who)
    assert world.listed() == []


def test_a_colleague_does_not_change_what_the_doctor_sent() -> None:
    world = trusting(COLLEAGUE)
    world.push("2026-12-01T10:00")
    for status in ("PLANNED", "CANCELLED"):
        with pytest.raises(AccessDenied) as told:
            world.push("2026-12-01T11:00", COLLEAGUE, status=status)
        assert told.value.reason == "NO_ACCESS"
    assert world.listed()[0].line.version == 1


def test_the_doctor_who_changed_the_organisation_sends_another_appointment() -> None:
    world = World()
    first = world.push("2026-12-01T10:00")
    assert world.push("2026-12-01T11:00", MOVED)[0] != first[0]
    assert len(world.listed()) == 2


def test_the_holder_does_not_rewrite_what_was_sent_and_removes_it_for_good() -> None:
    world = World()
    entry, _ = world.push("2026-12-01T10:00")
    shown = world.listed()[0]
    with pytest.raises(Conflict):
        world.revise(shown, "2026-12-05T10:00")
    world.remove(entry, PARENT)
    assert world.listed() == []
    for status in ("PLANNED", "CANCELLED"):
        with pytest.raises(AccessDenied) as told:
            world.push("2026-12-03T10:00", status=status)
        assert told.value.reason == "NO_ACCESS"
    assert world.listed() == []
    for step in (
        lambda: world.remove(entry),
        lambda: world.revise(shown, "2026-12-05T10:00"),
        lambda: reading.read(world.host, HOLDER, world.record, entry),
    ):
        with pytest.raises(NotFound):
            step()


def test_a_sender_reads_nothing_back() -> None:
    world = World()
    entry, _ = world.push("2026-12-01T10:00")
    with pytest.raises(AccessDenied):
        reading.read(world.host, DOCTOR, world.record, entry)
    with pytest.raises(AccessDenied):
        world.listed(DOCTOR)


def test_withdrawn_trust_counts_from_the_next_request() -> None:
    world = World()
    world.push("2026-12-01T10:00")
    world.choose(lambda c: replace(c, allowed=frozenset()))
    with pytest.raises(AccessDenied):
        world.push("2026-12-01T11:00")


def test_past_and_missing_times_are_refused_and_an_old_one_can_still_be_cancelled() -> None:
    world = World()
    with pytest.raises(Invalid):
        world.push("2026-11-01T10:00")
    with pytest.raises(Invalid):
        world.push("2027-03-28T02:30")
    with pytest.raises(NotFound):
        world.push("2026-12-01T10:00", status="CANCELLED")
    world.push("2026-12-01T10:00")
    world.at = world.clock.set(world.start.replace(year=2027))
    assert world.push("2026-12-01T10:00", status="CANCELLED")[1] == 2


@pytest.mark.parametrize("more", [{"zone": "Mars/Base"}, {"at": "9999-12-31T23:59", "zone": "America/Cayenne"}, {}])
def test_a_cancelled_appointment_keeps_the_time_it_had_whatever_comes_with_it(more: dict[str, str]) -> None:
    world = World()
    entry, _ = world.push("2026-12-01T10:00")
    wrong = {"at": "2020-01-01T00:00", **more}
    for _ in range(2):
        assert world.push(**wrong, status="CANCELLED") == (entry, 2)
    (shown,) = world.listed()
    assert entry_view(shown).instant == datetime(2026, 12, 1, 9, tzinfo=UTC)
    world.remove(entry)


def test_one_organisation_does_not_fill_an_agenda(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.access.mandates import ceilings

    monkeypatch.setitem(ceilings(), "appointments_per_organisation", 2)
    world = trusting(COLLEAGUE, LAB)
    for number, who in enumerate((DOCTOR, COLLEAGUE)):
        world.push("2026-12-01T10:00", who, reference=f"rdv-{number}")
    with pytest.raises(Conflict):
        world.push("2026-12-01T10:00", reference="rdv-9")
    world.push("2026-12-01T11:00", reference="rdv-0")
    world.push("2026-12-01T10:00", LAB)
    world.plan("2026-12-01T10:00")


def test_what_is_over_takes_no_room_of_what_an_organisation_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.access.mandates import ceilings

    monkeypatch.setitem(ceilings(), "appointments_per_organisation", 1)
    world = World()
    entry, _ = world.push("2026-12-01T10:00")
    world.push("2026-12-01T10:00", status="CANCELLED")
    with pytest.raises(Conflict):
        world.push("2026-12-01T13:00", reference="rdv-2")  # sent and cancelled in turns, one would fill the agenda
    world.remove(entry)
    with pytest.raises(Conflict):
        world.push("2026-12-01T13:00", reference="rdv-2")
    world.clock.set(world.start.replace(month=12, day=2))
    world.push("2026-12-05T10:00", reference="rdv-2")


def test_what_was_sent_and_is_over_leaves_the_agenda_when_it_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.access.mandates import ceilings

    monkeypatch.setitem(ceilings(), "agenda_entries", 1)
    world = World()
    entry, _ = world.push("2026-12-01T10:00")
    world.clock.set(world.start.replace(month=12, day=2))
    with pytest.raises(Conflict):
        world.plan("2026-12-05T10:00")
    world.remove(entry)
    (bare,) = world.book().lines.values()
    assert (bare.status, bare.words, bare.digest, world.listed()) == ("REMOVED", "", "", [])
    for at in ("2026-12-01T10:00", "2026-12-09T10:00"):
        with pytest.raises(AccessDenied):
            world.push(at)
    world.plan("2026-12-05T10:00")


def test_of_removals_that_are_over_the_last_ones_are_remembered_and_secrets_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chalicelib.agenda.model._REMEMBERED", 3)
    world = World(birth=date(2012, 5, 4))
    sent = [world.push("2026-12-01T10:00", reference=f"rdv-{place}", secret=place == 0)[0] for place in range(6)]
    for entry in sent:
        world.remove(entry)
        world.clock.advance(timedelta(seconds=1))
    world.clock.set(world.start.replace(month=12, day=2))
    world.plan("2026-12-05T10:00")
    left = [name for name, line in world.book().lines.items() if line.status == "REMOVED"]
    assert sorted(left) == sorted([sent[0], sent[4], sent[5]])


def test_only_a_minors_appointment_is_kept_from_representatives() -> None:
    with pytest.raises(Invalid) as told:
        World().push("2026-12-01T10:00", secret=True)
    assert told.value.fields == {"/secret": "only a minor keeps an appointment from representatives"}
    World(birth=date(2012, 5, 4)).push("2026-12-01T10:00", secret=True)


def test_a_late_copy_of_an_earlier_state_does_not_undo_the_later_one() -> None:
    """Numbered as RFC 5545 SEQUENCE: networks deliver late, and what stands is what was decided last."""
    world = World()
    entry, _ = world.push("2026-12-01T10:00", sequence=0)
    world.push("2026-12-02T10:00", sequence=1)
    world.push("2026-12-03T10:00", sequence=3)
    for at, late in (("2026-12-01T10:00", 0), ("2026-12-02T10:00", 1), ("2026-12-04T10:00", 2)):
        with pytest.raises(Conflict, match="later"):
            world.push(at, sequence=late)
    with pytest.raises(Conflict, match="later"):
        world.push("2026-12-03T10:00", sequence=2, status="CANCELLED")
    assert world.push("2026-12-03T10:00", sequence=3) == (entry, 3)
    assert [str(one.line.at) for one in world.listed()] == ["2026-12-03 10:00:00"]


def test_a_new_number_for_the_same_appointment_is_kept_and_software_that_counts_nothing_goes_on() -> None:
    world = World()
    world.push("2026-12-01T10:00", sequence=4)
    assert world.push("2026-12-01T10:00", sequence=6)[1] == 2
    with pytest.raises(Conflict, match="later"):
        world.push("2026-12-02T10:00", sequence=5)
    uncounted = World()
    for day in (1, 2, 3):
        assert uncounted.push(f"2026-12-0{day}T10:00")[1] == day
