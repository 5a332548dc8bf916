"""The care team by requests: it grows by whom the holder trusts without a limit, and takes no room from the holder."""

from datetime import timedelta

import pytest

from .api_scene import Scene, subject

NARROW = {**subject("allowed_doctor"), "within": {"categories": ["CERT_MED"], "ends": "2026-12-01T10:00:00Z"}}


def base(scene: Scene) -> str:
    return f"/records/{scene.record}"


@pytest.mark.abuse("A03")
@pytest.mark.parametrize("reader", ["unknown_doctor", "allowed_doctor"])
def test_a_narrowed_permission_opens_no_more_to_a_colleague_nor_back_to_oneself(reader: str) -> None:
    scene = Scene()
    document = scene.available()
    scene.done(200, "holder", "POST", f"{base(scene)}/choices/allow", body=NARROW)
    assert scene.world.send("allowed_doctor", "GET", f"{base(scene)}/documents/{document}/content").status != 200
    scene.world.send("allowed_doctor", "POST", f"{base(scene)}/team", body=subject("unknown_doctor"))
    scene.world.send("unknown_doctor", "POST", f"{base(scene)}/team", body=subject("allowed_doctor"))
    scene.world.clock.advance(timedelta(days=40))
    assert scene.world.send(reader, "GET", f"{base(scene)}/documents/{document}/content").status != 200


@pytest.mark.abuse("A03")
def test_a_colleague_declared_before_does_not_lift_the_limit_that_the_holder_sets_since() -> None:
    scene = Scene()
    document = scene.available()
    scene.done(204, "allowed_doctor", "POST", f"{base(scene)}/team", body=subject("unknown_doctor"))
    scene.done(200, "holder", "POST", f"{base(scene)}/choices/allow", body=NARROW)
    assert (
        scene.world.send("unknown_doctor", "POST", f"{base(scene)}/team", body=subject("allowed_doctor")).status == 409
    )
    assert scene.world.send("allowed_doctor", "GET", f"{base(scene)}/documents/{document}/content").status != 200


def test_whom_the_holder_put_into_the_team_beside_a_limit_is_declared_as_often_as_one_likes() -> None:
    scene = Scene()
    scene.done(200, "holder", "POST", f"{base(scene)}/choices/team", body={**subject("allowed_doctor"), "member": True})
    scene.done(204, "allowed_doctor", "POST", f"{base(scene)}/team", body=subject("unknown_doctor"))
    scene.done(200, "holder", "POST", f"{base(scene)}/choices/allow", body=NARROW)
    scene.done(204, "unknown_doctor", "POST", f"{base(scene)}/team", body=subject("allowed_doctor"))
