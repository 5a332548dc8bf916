"""What a depositor, a minor and an emergency are answered over HTTP."""

from dataclasses import replace

import pytest

from .api_scene import CONTENT, Scene, metadata, subject
from .api_world import Answer, errors

WITHHELD, SECRET, MASKED = "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX", "MASQUE_PS"
WORDS = {"reason": "UNCONSCIOUS", "text": "Trouvé inconscient dans la rue, aucun proche sur place"}


def deposit(scene: Scene, who: str, codes: list[str], record: str = "") -> Answer:
    form = ({**metadata(), "confidentiality": codes}, CONTENT, "text/plain")
    return scene.world.send(who, "POST", f"/records/{record or scene.record}/documents", form=form)


@pytest.mark.parametrize("codes", [["HIDDEN"], [MASKED, WITHHELD, SECRET, MASKED], ["masque_ps"]])
def test_an_unknown_code_or_too_many_are_refused(codes: list[str]) -> None:
    assert deposit(Scene(), "author_lab", codes).status == 422


def test_the_secret_of_an_adult_is_refused_with_its_reason() -> None:
    answer = deposit(Scene(), "author_lab", [SECRET])
    assert (answer.status, list(errors(answer))) == (422, ["/confidentiality"])


def test_a_citizen_withholds_nothing_from_the_holder_but_may_mask() -> None:
    scene = Scene()
    assert deposit(scene, "holder", [WITHHELD]).status == 422
    assert deposit(scene, "holder", [MASKED]).status == 202


def test_the_health_fund_keeps_no_document_from_the_person_and_may_mask() -> None:
    scene = Scene()
    record = scene.minor()
    for code in (WITHHELD, SECRET):
        assert deposit(scene, "health_fund", [code], record).told == "422 INVALID"
        assert deposit(scene, "insurer", [code], record).status == 403
    assert deposit(scene, "health_fund", [MASKED], record).status == 202


def test_an_upload_in_parts_is_kept_back_like_any_deposit() -> None:
    scene = Scene()
    about = {**metadata(), "media": "text/plain", "size": len(CONTENT), "sha256": "0" * 64, "confidentiality": [SECRET]}
    assert scene.world.send("author_lab", "POST", f"/records/{scene.record}/uploads", body=about).status == 422
    minor = scene.minor()
    assert scene.world.send("author_lab", "POST", f"/records/{minor}/uploads", body=about).status == 201


@pytest.mark.abuse("A22")
def test_hiding_again_what_was_revealed_is_a_conflict() -> None:
    scene = Scene()
    record = scene.minor()
    path = f"/records/{record}/documents/{scene.kept(SECRET, record=record)}/secrecy"
    told = [
        scene.world.send("holder", "PUT", path, body={"secret": secret}).told for secret in (True, False, False, True)
    ]
    assert told == ["204", "204", "204", "409 CONFLICT"]


@pytest.mark.abuse("A15")
def test_each_role_reads_exactly_its_fields() -> None:
    scene = Scene()
    record = scene.minor()
    doctor = f"pro:{subject('allowed_doctor')['id']}"
    scene.choose(lambda c: replace(c, allowed=frozenset({doctor}), designated=frozenset({doctor})), record)
    document = scene.kept(SECRET, MASKED, record=record)
    told = {}
    for role in ("holder", "allowed_doctor", "author_lab"):
        view = scene.done(200, role, "GET", f"/records/{record}/documents/{document}")
        told[role] = (view["hidden"], view["unseen_by"])
    assert told == {
        "holder": (True, []),
        "allowed_doctor": (None, ["representatives"]),
        "author_lab": (True, ["representatives"]),
    }
    for role in ("allowed_doctor", "author_lab"):
        for path in ("choices", "history", "reminders"):
            assert scene.world.send(role, "GET", f"/records/{record}/{path}").status == 403


@pytest.mark.abuse("A05")
@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"text": " " * 30},
        {"text": "trop court"},
        {"text": "x" * 501},
        {"text": "a\n" * 20},
        {"reason": "OTHER"},
        {"reason": ""},
        {"text": None},
    ],
)
def test_an_emergency_without_a_reason_is_unprocessable(changed: dict[str, object]) -> None:
    scene = Scene()
    path = f"/records/{scene.record}/emergency"
    assert scene.world.send("unknown_doctor", "POST", path, body={**WORDS, **changed}).status == 422
    assert scene.world.send("unknown_doctor", "GET", f"/records/{scene.record}/documents").status == 403


@pytest.mark.abuse("A05")
def test_copied_words_are_unprocessable_and_the_same_request_is_not() -> None:
    scene = Scene()
    mine, other = f"/records/{scene.record}/emergency", f"/records/{scene.other}/emergency"
    told = [scene.world.send("unknown_doctor", "POST", path, body=WORDS).status for path in (mine, mine, other)]
    assert told == [201, 201, 422]


@pytest.mark.abuse("A06")
def test_what_an_opposed_emergency_is_told_does_not_say_why() -> None:
    scene = Scene()
    scene.choose(lambda c: replace(c, opposed=frozenset({"break_glass"})))
    answer = scene.world.send("unknown_doctor", "POST", f"/records/{scene.record}/emergency", body=WORDS)
    assert answer.told == "403 NO_ACCESS"
    (refused,) = scene.done(
        200, "holder", "POST", f"/records/{scene.record}/history/search", body={"groups": ["emergency"]}
    )["entries"]
    assert (refused["effect"], refused["reason"], refused["law"]) == ("deny", "GLASS_OPPOSED", "CSP L.1111-17 I")


def test_the_holder_reads_who_why_and_by_which_law() -> None:
    scene = Scene()
    scene.done(201, "unknown_doctor", "POST", f"/records/{scene.record}/emergency", body=WORDS)
    body = {"groups": ["emergency"], "refused": False}
    (entry,) = scene.done(200, "holder", "POST", f"/records/{scene.record}/history/search", body=body)["entries"]
    assert (entry["said"], entry["rule"], entry["law"]) == (
        WORDS["text"],
        "GLASS_OPENS",
        "CSP L.1111-17 I; R.1111-48",
    )
    assert entry["why"] == {"fr": "Urgence (bris de glace).", "en": "Emergency (break-glass)."}
    assert entry["who"]["organisation_name"]


@pytest.mark.abuse("A07")
def test_the_physicians_inbox_tells_nothing_about_health() -> None:
    scene = Scene()
    scene.choose(lambda c: replace(c, physician=f"pro:{subject('allowed_doctor')['id']}"))
    scene.done(201, "unknown_doctor", "POST", f"/records/{scene.record}/emergency", body=WORDS)
    scene.world.work()
    (notice,) = scene.done(200, "allowed_doctor", "GET", "/me/notices")["notices"]
    assert set(notice) == {"event", "record", "document", "at"}
    assert (notice["event"], notice["record"]) == ("emergency", scene.record)
    assert scene.done(200, "author_lab", "GET", "/me/notices")["notices"] == []


def test_software_cannot_collect_a_consent_without_the_gesture() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/consents"
    for body in ({}, {"holder_agrees": False}, {"holder_agrees": "true"}):
        assert scene.world.send("unknown_doctor", "POST", path, body=body).status == 422
    assert scene.world.send("unknown_doctor", "POST", path, body={"holder_agrees": True}).status == 201


def test_a_cursor_of_somebody_else_is_unprocessable() -> None:
    scene = Scene()
    for cursor, status in (("A" * 48, 422), ("7", 422), ("", 200)):
        query = f"cursor={cursor}" if cursor else ""
        assert scene.world.send("holder", "GET", f"/records/{scene.record}/history", query=query).status == status
