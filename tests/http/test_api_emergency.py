"""Emergencies by requests: what is answered is so, and whom the holder blocked hears nothing of them."""

from datetime import timedelta

import pytest

from .api_people import roles
from .api_scene import WHY, Scene, subject

ANEW = {**WHY, "text": "Retrouvé une seconde fois inconscient chez lui ce matin"}


def test_an_emergency_that_was_blocked_is_not_answered_as_if_it_were_open() -> None:
    scene = Scene()
    asked = ("unknown_doctor", "POST", f"{scene.base}/emergency")
    scene.done(201, *asked, body=WHY)
    for verb in ("block", "withdraw"):
        scene.done(200, "holder", "POST", f"{scene.base}/choices/{verb}", body=subject("unknown_doctor"))
    assert scene.world.send(*asked, body=WHY).status == 409
    assert scene.world.send("unknown_doctor", "GET", f"{scene.base}/documents").status == 403
    scene.done(201, *asked, body=ANEW)
    scene.done(200, "unknown_doctor", "GET", f"{scene.base}/documents")


def test_a_second_emergency_says_until_when_it_lasts() -> None:
    scene = Scene()
    first = scene.done(201, "unknown_doctor", "POST", f"{scene.base}/emergency", body=WHY)["until"]
    scene.world.clock.advance(timedelta(hours=20))
    until = scene.done(201, "unknown_doctor", "POST", f"{scene.base}/emergency", body=ANEW)["until"]
    assert [until] == [one["ends"] for one in scene.done(200, "holder", "GET", f"{scene.base}/choices")["emergencies"]]
    assert first < until


def test_an_emergency_asked_for_again_says_until_when_it_lasts() -> None:
    scene = Scene()
    asked = ("unknown_doctor", "POST", f"{scene.base}/emergency")
    until = scene.done(201, *asked, body=WHY)["until"]
    scene.world.clock.advance(timedelta(minutes=5))
    assert scene.done(201, *asked, body=WHY)["until"] == until


@pytest.mark.parametrize(("physician", "told"), [("blocked_doctor", 0), ("allowed_doctor", 1)])
def test_a_physician_whom_the_holder_blocked_is_told_of_no_emergency(physician: str, told: int) -> None:
    scene = Scene()
    named = {"professional": str(roles()[physician].claims["SubjectNameID"])}
    scene.done(200, "holder", "POST", f"{scene.base}/choices/physician", body=named)
    scene.done(201, "unknown_doctor", "POST", f"{scene.base}/emergency", body=WHY)
    scene.world.work()
    assert len(scene.done(200, physician, "GET", "/me/notices")["notices"]) == told
