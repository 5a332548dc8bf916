"""The care team by requests: it grows by whom the holder trusts without a limit, and takes no room from the holder."""

from datetime import timedelta

import pytest

from chalicelib.access import mandates, room
from chalicelib.care import actions as care

from .api_scene import Scene, subject

NARROW = {**subject("allowed_doctor"), "within": {"categories": ["CERT_MED"], "ends": "2026-12-01T10:00:00Z"}}


@pytest.mark.abuse("A03")
@pytest.mark.parametrize("reader", ["unknown_doctor", "allowed_doctor"])
def test_a_narrowed_permission_opens_no_more_to_a_colleague_nor_back_to_oneself(reader: str) -> None:
    scene = Scene()
    document = scene.available()
    scene.done(200, "holder", "POST", f"{scene.base}/choices/allow", body=NARROW)
    assert scene.world.send("allowed_doctor", "GET", f"{scene.base}/documents/{document}/content").status != 200
    scene.world.send("allowed_doctor", "POST", f"{scene.base}/team", body=subject("unknown_doctor"))
    scene.world.send("unknown_doctor", "POST", f"{scene.base}/team", body=subject("allowed_doctor"))
    scene.world.clock.advance(timedelta(days=40))
    assert scene.world.send(reader, "GET", f"{scene.base}/documents/{document}/content").status != 200


@pytest.mark.abuse("A03")
def test_a_colleague_declared_before_does_not_lift_the_limit_that_the_holder_sets_since() -> None:
    scene = Scene()
    document = scene.available()
    scene.done(204, "allowed_doctor", "POST", f"{scene.base}/team", body=subject("unknown_doctor"))
    scene.done(200, "holder", "POST", f"{scene.base}/choices/allow", body=NARROW)
    assert (
        scene.world.send("unknown_doctor", "POST", f"{scene.base}/team", body=subject("allowed_doctor")).status == 409
    )
    assert scene.world.send("allowed_doctor", "GET", f"{scene.base}/documents/{document}/content").status != 200


def test_whom_the_holder_put_into_the_team_beside_a_limit_is_declared_as_often_as_one_likes() -> None:
    scene = Scene()
    scene.done(204, "allowed_doctor", "POST", f"{scene.base}/team", body=subject("unknown_doctor"))
    scene.done(200, "holder", "POST", f"{scene.base}/choices/allow", body=NARROW)
    scene.done(200, "holder", "POST", f"{scene.base}/choices/team", body={**subject("allowed_doctor"), "member": True})
    scene.done(204, "unknown_doctor", "POST", f"{scene.base}/team", body=subject("allowed_doctor"))


@pytest.mark.abuse("A03")
@pytest.mark.parametrize("back", [("team", {"member": True}), ("withdraw", {})], ids=lambda one: one[0])
def test_whom_the_holder_took_out_of_the_team_no_colleague_declares_again(back: tuple[str, dict[str, bool]]) -> None:
    scene, colleague = Scene(), subject("unknown_doctor")
    asked = ("allowed_doctor", "POST", f"{scene.base}/team")
    scene.done(204, *asked, body=colleague)
    for _ in range(2):
        scene.done(200, "holder", "POST", f"{scene.base}/choices/team", body={**colleague, "member": False})
        assert scene.world.send(*asked, body=colleague).status == 409
    verb, more = back
    scene.done(200, "holder", "POST", f"{scene.base}/choices/{verb}", body={**colleague, **more})
    scene.done(204, *asked, body=colleague)


def declared(scene: Scene, count: int) -> list[int]:
    """Let an allowed doctor declare so many colleagues; return what is answered."""
    bodies = [{"kind": "professional", "id": f"{place:012d}"} for place in range(count)]
    return [scene.world.send("allowed_doctor", "POST", f"{scene.base}/team", body=body).status for body in bodies]


def test_no_professional_fills_the_choices_so_that_the_holder_cannot_block(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, lowered = Scene(), {**mandates.ceilings(), "subjects_per_record": 12}
    monkeypatch.setattr(room, "ceilings", lambda: lowered)
    assert declared(scene, 20)[-1] == 409
    blocked = scene.done(200, "holder", "POST", f"{scene.base}/choices/block", body=subject("unknown_doctor"))
    assert subject("unknown_doctor")["id"] in str(blocked["blocked"])


def test_colleagues_leave_room_for_whom_the_holder_decides_about(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, lowered = Scene(), {**mandates.ceilings(), "team_per_record": 5}
    monkeypatch.setattr(care, "ceilings", lambda: lowered)
    assert declared(scene, 7) == [204] * 5 + [409] * 2
    assert declared(scene, 5) == [204] * 5
    member = {**subject("unknown_doctor"), "member": True}
    assert len(scene.done(200, "holder", "POST", f"{scene.base}/choices/team", body=member)["team"]) == 6


def test_a_consent_for_which_there_is_no_room_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, lowered = Scene(), {**mandates.ceilings(), "choices_bytes": 10}
    monkeypatch.setattr(room, "ceilings", lambda: lowered)
    asked = ("unknown_doctor", "POST", f"{scene.base}/consents")
    assert scene.world.send(*asked, body={"holder_agrees": True}).told == "409 CONFLICT"


@pytest.mark.parametrize(
    ("within", "pointer", "detail"),
    [
        ({"since": "2026-01-01", "until": "2025-12-31"}, "/until", "ends before it begins"),
        ({"ends": "2026-11-01T10:00:00+01:00"}, "/ends", "lies in the past"),
    ],
)
def test_a_limit_that_would_permit_nothing_is_refused_and_not_shown_as_a_permission(
    within: dict[str, str], pointer: str, detail: str
) -> None:
    scene = Scene()
    allow = {**subject("allowed_doctor"), "within": within}
    for path, body, where in (("choices/allow", allow, f"/within{pointer}"), ("codes", within, pointer)):
        answer = scene.world.send("holder", "POST", f"{scene.base}/{path}", body=body)
        assert answer.told == "422 INVALID"
        assert answer.json["errors"] == [{"pointer": where, "detail": detail}]
