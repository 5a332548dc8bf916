"""No organisation floods a profile, and nobody who writes their own is hindered (threat U09)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.facts import partition
from chalicelib.access.mandates import ceilings
from chalicelib.kernel.errors import TooMany
from chalicelib.profile import actions
from chalicelib.profile.model import Draft
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB
from tests.profile.world import adult, content, dose, draft

pytestmark = pytest.mark.abuse("U09")
COLLEAGUE = replace(DOCTOR, id="pro:899700366257")
SECOND_JOB = replace(DOCTOR, organisation=LAB.organisation)
MOST = 4


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setitem(ceilings(), "notes_per_organisation", MOST)
    return adult()


def noted(world: World, who: Actor, number: int, key: str = "") -> str:
    said = draft("vaccinations", key=key, **dose(on=date(2026, 1, 1) + timedelta(number)))
    return actions.create(world.host, who, world.record, said).entry.id


def test_an_organisation_notes_corrects_and_takes_back_so_much_a_day(world: World) -> None:
    first, second = noted(world, DOCTOR, 1), noted(world, DOCTOR, 2)
    lot = draft("vaccinations", **dose(lot="A1"))
    actions.change(world.host, DOCTOR, world.record, first, lot, None)
    actions.delete(world.host, DOCTOR, world.record, first, None)
    written = len(world.journal())
    with pytest.raises(TooMany):
        noted(world, DOCTOR, 3)
    with pytest.raises(TooMany):
        noted(world, COLLEAGUE, 4)
    with pytest.raises(TooMany):
        actions.change(world.host, DOCTOR, world.record, second, lot, None)
    with pytest.raises(TooMany):
        actions.delete(world.host, DOCTOR, world.record, second, None)
    assert len(world.journal()) == written
    assert noted(world, SECOND_JOB, 5)
    world.host.clock.advance(timedelta(days=1))
    actions.delete(world.host, DOCTOR, world.record, second, None)


def test_the_count_forgets_the_days_that_are_over(world: World) -> None:
    sizes = set()
    for number in range(4):
        noted(world, DOCTOR, number)
        (row,) = world.host.rows.query(partition(world.record), after="0notes#", upto="0notes#~")
        sizes.add(len(row))
        world.host.clock.advance(timedelta(days=1))
    assert len(sizes) == 1


def test_a_note_sent_again_counts_once_and_gets_its_answer(world: World) -> None:
    entry = noted(world, DOCTOR, 1, "visit-0001")
    assert {noted(world, DOCTOR, 1, "visit-0001") for _ in range(MOST)} == {entry}
    for number in range(2, MOST + 1):
        noted(world, DOCTOR, number)
    assert noted(world, DOCTOR, 1, "visit-0001") == entry


def test_who_writes_their_own_profile_and_a_device_are_not_counted(world: World) -> None:
    for number in range(2 * MOST):
        noted(world, HOLDER, number)
        weight = content("measures", kind="WEIGHT", at=f"2026-01-02T07:{number:02d}:00Z", value=68.4)
        actions.enter(world.host, HOLDER, world.record, [Draft(weight)])
    assert noted(world, DOCTOR, 99)
