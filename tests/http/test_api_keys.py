"""Idempotency keys: one request, one effect; never another body's, another caller's or another record's."""

from datetime import timedelta

import pytest

from chalicelib.access.gate import RECENT
from tests.invited import code

from .api_requests import operation
from .api_scene import CONTENT, EARLIER, KEY, WHY, Scene, deposit, metadata


def cards(scene: Scene) -> list[str]:
    codes = scene.done(200, "holder", "GET", f"/records/{scene.record}/choices")["codes"]
    return [one["reference"] for one in codes if one["purpose"] == "card"]


def card_of(scene: Scene, key: str) -> dict[str, str]:
    """Print a card and return what it says."""
    path, more = f"/records/{scene.record}/card", {"Idempotency-Key": key}
    assert scene.world.send("holder", "POST", path, more=more).status == 201
    (reference,) = cards(scene)
    return {"reference": reference, "code": code(scene.world.host, scene.record, reference)}


@pytest.mark.abuse("T05")
def test_the_same_key_with_the_same_request_is_one_deposit() -> None:
    scene, about = Scene(), metadata()
    first, second = (deposit(scene, "author_lab", about, KEY) for _ in range(2))
    assert (first.status, first.json["document"]) == (second.status, second.json["document"])
    scene.world.work()
    assert len(scene.done(200, "holder", "GET", f"/records/{scene.record}/documents")["documents"]) == 1


@pytest.mark.abuse("T05")
@pytest.mark.parametrize("other", [{"title": "Autre"}, {"type": "34133-9"}, {"created": "2026-11-19"}])
def test_a_key_used_for_another_request_is_refused(other: dict[str, str]) -> None:
    scene, about = Scene(), metadata()
    assert deposit(scene, "author_lab", about, KEY).status == 202
    changed = {**about, **other, "unique_id": metadata()["unique_id"]}
    assert deposit(scene, "author_lab", changed, KEY).told == "422 INVALID"


@pytest.mark.abuse("T05")
def test_a_key_used_for_another_content_is_refused() -> None:
    scene = Scene()
    assert deposit(scene, "author_lab", metadata(), KEY).status == 202
    assert deposit(scene, "author_lab", metadata(), KEY, EARLIER).told == "422 INVALID"


@pytest.mark.abuse("T05")
def test_a_key_used_for_an_upload_is_refused_with_another_one() -> None:
    scene, one = Scene(), operation("documents_begin")
    key = {"more": {"Idempotency-Key": KEY}}
    path = one.at({"record": scene.record})
    assert scene.world.send("author_lab", "POST", path, **one.fresh(), **key).status == 201
    assert scene.world.send("author_lab", "POST", path, **one.fresh(size=9000001), **key).told == "422 INVALID"


@pytest.mark.abuse("T05")
def test_a_key_is_each_callers_own_and_each_records_own() -> None:
    scene = Scene()
    answers = [deposit(scene, who, metadata(), KEY) for who in ("author_lab", "other_lab", "holder", "allowed_doctor")]
    assert [answer.status for answer in answers] == [202] * 4
    assert len({answer.json["document"] for answer in answers}) == 4
    form = (metadata(), CONTENT, "text/plain")
    path, key = f"/records/{scene.other}/documents", {"Idempotency-Key": KEY}
    other = scene.world.send("author_lab", "POST", path, form=form, more=key)
    assert other.status == 202
    assert other.json["document"] not in {answer.json["document"] for answer in answers}


@pytest.mark.abuse("T05")
@pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "a#b#c#d#e", "clé-2026", "../../etc", "'; --000"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    answer = deposit(Scene(), "author_lab", metadata(), key.encode().decode("latin-1"))
    assert answer.told == "422 INVALID"
    assert answer.json["errors"][0]["pointer"] == "Idempotency-Key"


@pytest.mark.abuse("T05")
@pytest.mark.parametrize("meanwhile", [0, RECENT + 10])
def test_a_delayed_copy_of_the_request_for_a_card_neither_revives_it_nor_shows_a_dead_one(meanwhile: int) -> None:
    scene = Scene()
    lost = card_of(scene, "card-00000001")
    kept = card_of(scene, "card-00000002")
    for _ in range(meanwhile):
        scene.done(200, "holder", "GET", f"/records/{scene.record}/agenda")
    more = {"Idempotency-Key": "card-00000001"}
    answer = scene.world.send("holder", "POST", f"/records/{scene.record}/card", more=more)
    assert cards(scene) == [kept["reference"]]
    assert scene.world.send("unknown_doctor", "POST", "/emergency-card-uses", body={**WHY, **lost}).status == 403
    assert answer.status == 409


@pytest.mark.abuse("T05")
def test_the_same_key_shows_the_same_card_as_long_as_it_opens() -> None:
    scene = Scene()
    card = card_of(scene, "card-00000001")
    assert card_of(scene, "card-00000001") == card
    scene.done(201, "unknown_doctor", "POST", "/emergency-card-uses", body={**WHY, **card})


@pytest.mark.abuse("T05")
def test_a_code_that_is_gone_is_not_shown_again_as_if_it_worked() -> None:
    scene, more = Scene(), {"Idempotency-Key": "code-000001"}
    path = f"/records/{scene.record}/codes"
    scene.done(201, "holder", "POST", path, body={}, more=more)
    scene.world.clock.advance(timedelta(hours=2))
    scene.done(201, "holder", "POST", path, body={})
    assert scene.world.send("holder", "POST", path, body={}, more=more).status == 409


@pytest.mark.abuse("T05")
def test_a_code_that_has_ended_is_not_answered_as_if_it_worked() -> None:
    scene, more = Scene(), {"Idempotency-Key": "code-000001"}
    path = f"/records/{scene.record}/codes"
    made = scene.done(201, "holder", "POST", path, body={}, more=more)
    scene.world.clock.advance(timedelta(minutes=59))
    assert scene.done(201, "holder", "POST", path, body={}, more=more)["ends"] == made["ends"]
    scene.world.clock.advance(timedelta(minutes=1))
    assert scene.world.send("holder", "POST", path, body={}, more=more).status == 409
