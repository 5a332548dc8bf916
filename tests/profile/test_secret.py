"""What a minor keeps secret exists for no representative, on no surface of the profile (abuse A21)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.gate import Ask, gate
from chalicelib.enrolment import life
from chalicelib.history.actions import history
from chalicelib.history.model import Wanted
from chalicelib.kernel.errors import CarnetError, Invalid
from chalicelib.profile import actions, growth, prevention, series
from chalicelib.profile.summary import Part
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB
from tests.profile.world import CARER, PARENT, dose, draft, minor, note

ABSENT = "p" + "a" * 25
BODY = draft("prevention", act="hpv_test", on=date(2026, 4, 1))
LOOKS: dict[str, Callable[[World, Actor, str], Any]] = {
    "read": lambda w, who, entry: actions.read(w.host, who, w.record, entry),
    "versions": lambda w, who, entry: actions.versions(w.host, who, w.record, entry),
    "list": lambda w, who, _: actions.listing(w.host, who, w.record).entries,
    "search": lambda w, who, _: actions.listing(w.host, who, w.record, frozenset({"prevention"})).entries,
    "summary": lambda w, who, _: actions.summary(w.host, who, w.record),
    "latest": lambda w, who, _: series.latest(w.host, who, w.record),
    "series": lambda w, who, _: series.series(w.host, who, w.record, series.Wanted("WEIGHT")).points,
    "bmi": lambda w, who, _: series.series(w.host, who, w.record, series.Wanted("BMI")).points,
    "growth": lambda w, who, _: growth.growth(w.host, who, w.record, "WEIGHT").points,
    "change": lambda w, who, entry: actions.change(w.host, who, w.record, entry, BODY, None),
    "change it as read": lambda w, who, entry: actions.change(w.host, who, w.record, entry, BODY, 1),
    "delete": lambda w, who, entry: actions.delete(w.host, who, w.record, entry, None),
    "hide": lambda w, who, entry: actions.hide(w.host, who, w.record, entry),
    "show": lambda w, who, entry: actions.show(w.host, who, w.record, entry),
    "choose": lambda w, who, _: prevention.choose(w.host, who, w.record, "hpv", on=True),
    "history": lambda w, who, _: sorted(
        (one.action, one.effect, one.reason) for one in history(w.host, who, w.record, Wanted()).entries
    ),
}


def worlds() -> tuple[tuple[World, str], tuple[World, str]]:
    """Return a world in which the minor keeps things secret, and one in which there is nothing to keep."""
    there, without = minor(), minor()
    secrets = [
        note(there, "prevention", secret=True, act="hpv_test", on=date(2026, 4, 1), result="normal"),
        note(there, "pregnancies", secret=True, began_on=date(2026, 5, 1)),
        note(there, "conditions", secret=True, label="Suivi", risk="chronic"),
        note(there, "vaccinations", LAB, secret=True, **dose("hpv")),
        note(there, "measures", secret=True, kind="WEIGHT", at=datetime(2026, 5, 1, tzinfo=UTC), value=51),
    ]
    actions.hide(there.host, HOLDER, there.record, secrets[0].entry.id)
    actions.read(there.host, DOCTOR, there.record, secrets[3].entry.id)
    for world in (there, without):
        note(world, "measures", kind="HEIGHT", at=datetime(2026, 4, 30, tzinfo=UTC), value=160)
        world.work()
    return (there, secrets[0].entry.id), (without, ABSENT)


def told(world: World, who: Actor, entry: str, look: str) -> Any:
    try:
        return LOOKS[look](world, who, entry)
    except CarnetError as error:
        return type(error), str(error), getattr(error, "fields", {}), getattr(error, "reason", "")


def plain(answer: Any) -> str:
    """Return an answer without the ids and the author of the height that both worlds have."""
    if isinstance(answer, (list, tuple)):
        return repr([plain(one) for one in answer])
    if isinstance(answer, Part):
        return repr([(one.what_fr, one.since) for one in answer.lines])
    point = answer[0] if isinstance(answer, tuple) else answer
    return f"{point.at} {point.value}" if isinstance(point, series.Point) else repr(answer)


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("who", [PARENT, CARER], ids=["parent", "carer"])
@pytest.mark.parametrize("look", LOOKS)
def test_no_representative_is_told_of_what_a_minor_keeps_secret(look: str, who: Actor):
    (there, secret), (without, nothing) = worlds()
    if look == "history":
        for name in LOOKS:
            told(there, who, secret, name)
            told(without, who, nothing, name)
    assert plain(told(there, who, secret, look)) == plain(told(without, who, nothing, look))


@pytest.mark.abuse("A21")
def test_the_page_about_a_minor_shows_the_newest_weight_that_is_not_secret_however_many_are():
    world, day = minor(), datetime(2026, 5, 1, tzinfo=UTC)
    for number in range(7):
        note(world, "measures", secret=number > 0, kind="WEIGHT", at=day + timedelta(days=number), value=50 + number)
    for who, value in ((PARENT, 50), (CARER, 50), (HOLDER, 56)):
        (part,) = actions.summary(world.host, who, world.record)
        (point,) = (point for _, point in series.latest(world.host, who, world.record))
        assert [part.lines[0].entry.content.value, point.value] == [value, value]


@pytest.mark.abuse("A21")
def test_reminders_are_not_computed_from_what_a_minor_keeps_secret():
    (there, _), (without, _) = worlds()
    ask = [Ask(HOLDER, one.record, "profile:list", rows=(prevention.HEALTH,)) for one in (there, without)]
    found = [prevention.health_of(gate(world.host, one)) for world, one in zip((there, without), ask, strict=True)]
    assert found[0] == found[1] == prevention.Health()


@pytest.mark.abuse("A21")
def test_nobody_is_mailed_about_what_a_minor_keeps_secret():
    (there, _), (without, _) = worlds()
    assert len(there.host.mail.sent) == len(without.host.mail.sent)


def test_the_minor_and_professionals_see_it_and_professionals_are_warned():
    (there, _), _ = worlds()
    assert len(actions.listing(there.host, HOLDER, there.record).entries) == 4
    (seen,) = actions.listing(there.host, DOCTOR, there.record).entries  # the test is hidden, the rest is closed
    assert seen.unseen_by == ("representatives",)


def test_only_the_minor_shows_it_and_for_good():
    world = minor()
    made = note(world, "allergies", secret=True, label="Latex").entry
    shown = actions.change(world.host, HOLDER, world.record, made.id, draft("allergies", label="Latex"), None)
    assert actions.read(world.host, PARENT, world.record, made.id).entry.version == shown.entry.version == 2
    assert [one.entry.version for one in actions.versions(world.host, PARENT, world.record, made.id)] == [2]
    with pytest.raises(Invalid):
        actions.change(world.host, HOLDER, world.record, made.id, draft("allergies", secret=True, label="Latex"), None)


@pytest.mark.parametrize("who", [PARENT, CARER])
def test_who_acts_for_a_minor_keeps_nothing_secret(who: Actor):
    with pytest.raises(Invalid):
        note(minor(), "allergies", who, secret=True, label="Latex")


def test_an_adult_keeps_nothing_secret_and_nobody_the_only_entry_of_a_section():
    with pytest.raises(Invalid):
        note(minor(date(2000, 1, 1)), "allergies", secret=True, label="Latex")
    with pytest.raises(Invalid):
        note(minor(), "blood_group", secret=True, group="O+")


@pytest.mark.abuse("A21")
def test_a_secret_outlives_the_minority():
    world = minor()
    made = note(world, "allergies", secret=True, label="Latex").entry
    world.at("2029-05-04T00:00:00+02:00", 7200)
    assert life.state_of(world.host, world.record).state == "open"
    with pytest.raises(CarnetError):
        actions.read(world.host, CARER, world.record, made.id)
