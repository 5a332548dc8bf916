"""What a second adversary found of consent, life and journal (2026-11-28): each test failed before its mend."""

import json
from datetime import timedelta

import pytest

from chalicelib.enrolment.life import state_of

from .api_delegates import minor, represented
from .api_people import issuer_of, roles
from .api_scene import CHILD, CONTENT, WHY, Scene, metadata


def revoked(scene: Scene, role: str) -> None:
    who = {"as": role, "id": scene.actor(role).id}
    scene.done(204, "holder", "POST", f"{scene.base}/delegations/revocation", body=who)


def number_of(role: str) -> str:
    return str(roles()[role].claims["SubjectNameID"])


@pytest.mark.abuse("A21")
def test_the_journal_names_to_no_representative_who_came_only_to_deposit_a_secret_document() -> None:
    scene = Scene()
    record = minor(scene)
    assert scene.done(200, "author_lab", "POST", "/record-lookups", body={"ins": CHILD})["record"] == record
    scene.kept("INVISIBLE_REPRESENTANTS_LEGAUX", record=record)
    entries = scene.done(200, "proxy", "GET", f"/records/{record}/history")["entries"]
    assert [one["action"] for one in entries if one["who"]["kind"] == "professional"] == []


def test_a_delayed_copy_of_a_request_for_erasure_destroys_nothing_that_was_kept() -> None:
    scene, more = Scene(), {"Idempotency-Key": "erasure-0001"}
    scene.done(200, "holder", "POST", f"{scene.base}/closing")
    scene.done(200, "holder", "POST", f"{scene.base}/erasure", more=more)
    scene.done(200, "holder", "DELETE", f"{scene.base}/erasure")
    scene.world.send("holder", "POST", f"{scene.base}/erasure", more=more)
    assert state_of(scene.world.host, scene.record).state == "closed"


@pytest.mark.abuse("T07")
def test_the_holder_is_told_that_the_record_is_going_to_be_destroyed() -> None:
    scene = Scene()
    scene.world.work()
    scene.world.host.mail.sent.clear()
    scene.done(200, "holder", "POST", f"{scene.base}/closing")
    scene.done(200, "holder", "POST", f"{scene.base}/erasure")
    scene.world.work()
    assert scene.world.host.mail.sent


@pytest.mark.abuse("C07")
@pytest.mark.parametrize("where", ["7told#", "0cares"])
def test_nothing_names_a_record_any_more_that_was_destroyed(where: str) -> None:
    scene = represented(Scene())
    physician = {"professional": number_of("allowed_doctor")}
    scene.done(200, "holder", "POST", f"{scene.base}/choices/physician", body=physician)
    scene.done(201, "unknown_doctor", "POST", f"{scene.base}/emergency", body=WHY)
    scene.world.work()
    scene.done(200, "holder", "POST", f"{scene.base}/closing")
    scene.done(200, "holder", "POST", f"{scene.base}/erasure")
    scene.world.work()
    for days in (33, 2, 2):
        scene.world.clock.advance(timedelta(days=days))
        scene.world.night()
    assert state_of(scene.world.host, scene.record).state == "absent"
    assert not [key for key, row in scene.world._rows.items() if scene.record in f"{key}{row}" and where in key[1]]


@pytest.mark.abuse("A25")
@pytest.mark.parametrize("ground", ["court_expert", "court_ends_mandate"])
def test_the_holder_is_told_whom_the_legal_desk_let_in_or_sent_away(ground: str) -> None:
    scene = represented(Scene())
    scene.world.work()
    scene.world.host.mail.sent.clear()
    login = {"issuer": issuer_of("citizens"), "subject": roles()["proxy"].claims["sub"]}
    whom = {"professional": "810009900019"} if ground == "court_expert" else {"person": login}
    made = scene.done(201, "legal", "POST", f"{scene.base}/disclosures", body={"ground": ground, **whom})
    body = {"disclosure": made["disclosure"]}
    for _ in range(2):
        scene.done(204, "legal_two", "POST", f"{scene.base}/disclosures/confirmation", body=body)
        scene.world.work()
    assert len(scene.world.host.mail.sent) == 1
    entries = json.dumps(scene.done(200, "holder", "GET", f"{scene.base}/history")["entries"][:3])
    assert (whom.get("professional") or scene.actor("proxy").id) in entries


def test_the_health_fund_that_deposits_again_gets_the_same_answer() -> None:
    scene = Scene()
    form = (metadata(), CONTENT, "text/plain")
    sent = [scene.world.send("health_fund", "POST", f"{scene.base}/documents", form=form).status for _ in range(2)]
    assert sent == [202, 202]


def test_every_rectification_asked_for_is_seen_or_refused() -> None:
    scene = Scene()
    path = f"{scene.base}/documents/{scene.available()}/rectifications"
    sent = [scene.world.send("holder", "POST", path, body={"wish": f"Vœu {place}"}) for place in range(102)]
    taken = {one.json["rectification"] for one in sent if one.status == 201}
    assert taken == {one["rectification"] for one in scene.done(200, "author_lab", "GET", path)["rectifications"]}
