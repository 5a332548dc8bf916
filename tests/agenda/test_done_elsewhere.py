"""What the person says was done elsewhere, through the whole product: an act of the profile, once."""

from datetime import date

import pytest

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.gate import Ask, gate
from chalicelib.agenda.prevention import Prevention, Said, mark
from chalicelib.profile.acting import did, undid
from chalicelib.profile.prevention import HEALTH, health_of
from tests.http.api_requests import operation
from tests.http.api_scene import Scene
from tests.people import HOLDER

from .world import CARER, PARENT, World, acts

SYSTEM = Actor(Kind.SYSTEM, "system:reminders", "Carnet")


def say(scene: Scene, rule: str, who: str = "holder", **body: object) -> int:
    path = operation("prevention_say").at({"record": scene.record})
    return scene.world.send(who, "PUT", path, body={"rule": rule, **body}).status


def kept(scene: Scene) -> tuple[tuple[str, date, str], ...]:
    return health_of(gate(scene.world.host, Ask(SYSTEM, scene.record, "reminder:arm", rows=(HEALTH,)))).acts


def test_a_screening_done_elsewhere_is_an_act_of_the_profile_once() -> None:
    scene = Scene()
    for _ in range(2):
        assert say(scene, "colorectal_screening", status="DONE", on="2026-05-04") == 200
    scene.world.work()
    assert kept(scene) == (("fit", date(2026, 5, 4), ""),)
    assert say(scene, "colorectal_screening", status="DONE", on="2024-05-06", act="colonoscopy") == 200
    assert say(scene, "breast_screening", status="TO_PLAN", on="2027-05-04") == 200
    scene.world.work()
    assert kept(scene) == (("colonoscopy", date(2024, 5, 6), ""), ("fit", date(2026, 5, 4), ""))


def test_every_rule_that_is_loaded_can_be_said_to_be_done() -> None:
    from chalicelib.reminders.rules import shipped_set

    scene = Scene()
    told = {rule.id: say(scene, rule.id, status="DONE", on="2026-05-04") for rule in shipped_set().rules}
    assert set(told.values()) == {200}, told
    assert say(scene, "unknown", status="TO_PLAN") == 422


@pytest.mark.parametrize("status", ["NOT_DONE", "NOT_SPECIFIED"])
def test_what_was_said_to_be_done_and_then_taken_back_counts_no_more(status: str) -> None:
    """A wrong DONE would keep every reminder of that act away for good (issue 4)."""
    scene = Scene()
    assert say(scene, "hpv", status="DONE", on="2026-05-04") == 200
    assert say(scene, "hpv", status=status) == 200
    scene.world.work()
    assert kept(scene) == ()
    for _ in range(2):  # and it may be said again, also on the same day
        assert say(scene, "hpv", status="DONE", on="2026-05-04") == 200
    scene.world.work()
    assert kept(scene) == (("hpv", date(2026, 5, 4), ""),)


def test_the_next_one_to_plan_leaves_the_one_that_was_done() -> None:
    scene = Scene()
    assert say(scene, "colorectal_screening", status="DONE", on="2024-05-06", act="colonoscopy") == 200
    assert say(scene, "colorectal_screening", status="TO_PLAN", on="2027-05-04") == 200
    assert say(scene, "colorectal_screening", status="NOT_DONE") == 200  # what was planned was not done
    scene.world.work()
    assert kept(scene) == (("colonoscopy", date(2024, 5, 6), ""),)


def test_another_act_than_the_usual_one_is_taken_back_too() -> None:
    scene = Scene()
    assert say(scene, "colorectal_screening", status="DONE", on="2026-05-04") == 200
    assert say(scene, "colorectal_screening", status="DONE", on="2024-05-06", act="colonoscopy") == 200
    assert say(scene, "colorectal_screening", status="NOT_DONE") == 200
    scene.world.work()
    assert kept(scene) == (("fit", date(2026, 5, 4), ""),)


@pytest.mark.parametrize("who", [PARENT, CARER, HOLDER], ids=lambda who: who.id)
def test_what_one_of_the_persons_side_said_to_be_done_another_one_takes_back(who: Actor) -> None:
    world = World()
    real = Prevention(acts, did, undid)
    for one, status, on in ((HOLDER, "DONE", date(2026, 5, 4)), (who, "NOT_DONE", None)):
        mark(world.host, real, one, world.record, "hpv", Said(status, on))
    grant = gate(world.host, Ask(SYSTEM, world.record, "reminder:arm", rows=(HEALTH,)))
    assert health_of(grant).acts == ()


def test_an_act_that_was_deleted_from_the_profile_can_be_said_again_and_taken_back() -> None:
    scene = Scene()
    assert say(scene, "hpv", status="DONE", on="2026-05-04") == 200
    listed = scene.world.send("holder", "GET", f"/records/{scene.record}/profile")
    (entry,) = [one["id"] for one in listed.json["entries"] if one["entry"]["section"] == "vaccinations"]
    for status in ("DONE", "NOT_DONE"):
        assert scene.world.send("holder", "DELETE", f"/records/{scene.record}/profile/{entry}").status == 204
        body = {"on": "2026-05-04"} if status == "DONE" else {}
        assert say(scene, "hpv", status=status, **body) == 200
        scene.world.work()
        assert bool(kept(scene)) == (status == "DONE")
