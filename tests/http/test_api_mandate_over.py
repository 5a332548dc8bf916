"""Whose mandate has ended is a stranger, or the carer they have become since: by its end as by a revocation."""

from datetime import timedelta
from typing import Any

import pytest

from .api_delegates import represented
from .api_scene import Scene


def after_the_mandate(scene: Scene) -> Scene:
    represented(scene).world.clock.advance(timedelta(days=4 * 365))
    return scene


def invited(scene: Scene, way: str, role: str, **more: str) -> dict[str, Any]:
    """Let the holder invite Céleste; return what she brings."""
    made = scene.done(201, "holder", "POST", f"{scene.base}/{way}", body={"name": "Céleste", **more})
    return {"reference": made["reference"], "code": made["code"], "as": role, "accepted": True}


def helping(scene: Scene) -> Scene:
    """Let the former guardian be a carer."""
    who = {"as": "carer", "id": scene.actor("carer").id}
    scene.done(204, "holder", "POST", f"{scene.base}/delegations/revocation", body=who)
    scene.done(200, "proxy", "POST", "/invitation-answers", body=invited(scene, "carers", "carer"))
    return scene


@pytest.mark.abuse("A24")
def test_a_guardian_whose_mandate_has_ended_sees_as_a_carer_what_a_carer_sees() -> None:
    scene = Scene()
    document = scene.available()
    helping(after_the_mandate(scene))
    path = f"{scene.base}/documents/{document}"
    scene.done(204, "holder", "PUT", f"{path}/visibility", body={"hidden": True})
    asked = {"wish": "Ceci n'est pas pour les aidants."}
    scene.done(201, "holder", "POST", f"{path}/rectifications", body=asked)
    assert scene.done(200, "proxy", "GET", path)["hidden"] is None
    assert scene.world.send("proxy", "GET", f"{path}/rectifications").status == 404
    assert scene.world.send("proxy", "POST", f"{path}/rectifications", body=asked).status in (403, 404)


@pytest.mark.abuse("A24")
def test_a_guardian_whose_mandate_has_ended_sees_in_the_profile_what_a_carer_sees() -> None:
    scene = helping(after_the_mandate(Scene()))
    profile = f"{scene.base}/profile"
    entry = {"section": "vaccinations", "act": "dtp", "on": "2026-10-14"}
    made = scene.done(201, "holder", "POST", profile, body={"entry": entry})["id"]
    scene.done(204, "holder", "PUT", f"{profile}/{made}/visibility", body={"hidden": True})
    assert scene.done(200, "proxy", "GET", f"{profile}/{made}")["hidden"] is None
    assert [one["hidden"] for one in scene.done(200, "proxy", "GET", profile)["entries"]] == [None]


@pytest.mark.abuse("A26")
def test_a_guardian_whose_mandate_has_ended_learns_nothing_of_the_state_of_the_record() -> None:
    scene = after_the_mandate(Scene())
    scene.done(200, "holder", "POST", f"{scene.base}/closing")
    scene.done(200, "holder", "POST", f"{scene.base}/erasure")
    asked = ("POST", f"{scene.base}/choices/told")
    former, stranger = (scene.world.send(who, *asked, body={"accesses": False}) for who in ("proxy", "other_citizen"))
    assert former.told == stranger.told


@pytest.mark.abuse("A24")
def test_an_answer_repeated_after_the_mandate_is_not_told_that_it_holds() -> None:
    scene = represented(Scene())
    said = invited(scene, "proxies", "proxy", kind="tutelle", until="2029-01-01")
    for _ in range(2):
        scene.done(200, "other_citizen", "POST", "/invitation-answers", body=said)
    scene.world.clock.advance(timedelta(days=4 * 365))
    assert scene.world.send("other_citizen", "POST", "/invitation-answers", body=said).status == 404
