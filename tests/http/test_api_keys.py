"""Idempotency keys: one request, one effect; never another body's, another caller's or another record's."""

import pytest

from .api_requests import operation
from .api_scene import CONTENT, EARLIER, KEY, Scene, deposit, metadata


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
