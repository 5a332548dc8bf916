"""What a representative hands over gives no more than they have, and lasts no longer than they act."""

from typing import Any

import pytest

from .api_delegates import represented
from .api_scene import Scene


def base(scene: Scene) -> str:
    return f"/records/{scene.record}"


def invited(scene: Scene, maker: str, until: str) -> dict[str, Any]:
    """Let somebody invite a guardian; return what the guest brings."""
    body = {"kind": "tutelle", "name": "Barnabé", "until": until}
    made = scene.done(201, maker, "POST", f"{base(scene)}/proxies", body=body)
    return {"reference": made["reference"], "code": made["code"], "as": "proxy", "accepted": True}


@pytest.mark.abuse("A24")
def test_a_guardian_does_not_prolong_the_own_mandate() -> None:
    scene = represented(Scene())
    body = {"kind": "tutelle", "name": "Moi-même", "until": "2099-01-01"}
    made = scene.world.send("proxy", "POST", f"{base(scene)}/proxies", body=body)
    if made.status == 201:
        said = {"reference": made.json["reference"], "code": made.json["code"], "as": "proxy", "accepted": True}
        scene.world.send("proxy", "POST", "/invitation-answers", body=said)
    (one,) = scene.done(200, "holder", "GET", f"{base(scene)}/choices")["proxies"]
    assert one["ends"] < "2030-01-02"


@pytest.mark.abuse("A24")
@pytest.mark.parametrize("until", ["2029-05-01", "2030-01-01", "2099-01-01"])
def test_whom_a_guardian_invites_acts_until_the_end_of_the_guardians_own_mandate_and_no_longer(until: str) -> None:
    scene = represented(Scene())
    scene.done(200, "other_citizen", "POST", "/invitation-answers", body=invited(scene, "proxy", until))
    ends = {one["id"]: one["ends"] for one in scene.done(200, "holder", "GET", f"{base(scene)}/choices")["proxies"]}
    theirs, own = ends.pop(scene.actor("other_citizen").id), ends.pop(scene.actor("proxy").id)
    assert own == "2029-12-31T23:00:00+00:00"
    assert theirs == ("2029-04-30T22:00:00+00:00" if until < "2030" else own)


@pytest.mark.abuse("A24")
def test_nobody_accepts_an_invitation_that_they_made() -> None:
    scene = represented(Scene())
    said = invited(scene, "proxy", "2029-01-01")
    assert scene.world.send("proxy", "POST", "/invitation-answers", body=said).status == 409
    scene.done(200, "proxy", "POST", "/invitation-answers", body={**said, "accepted": False})
    (one,) = scene.done(200, "holder", "GET", f"{base(scene)}/choices")["proxies"]
    assert one["ends"] == "2029-12-31T23:00:00+00:00"
