"""What the person says was done elsewhere, through the whole product: an act of the profile, once."""

from datetime import date

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.gate import Ask, gate
from chalicelib.profile.prevention import HEALTH, health_of
from tests.http.api_requests import operation
from tests.http.api_scene import Scene

SYSTEM = Actor(Kind.SYSTEM, "system:reminders", "Carnet")


def say(scene: Scene, rule: str, **body: object) -> int:
    path = operation("prevention_say").at({"record": scene.record})
    return scene.world.send("holder", "PUT", path, body={"rule": rule, **body}).status


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
    assert say(scene, "unknown", status="TO_PLAN") == 404
