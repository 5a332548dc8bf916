"""The same document filed once more, in one request, in parts, as a version: nothing is lost, nothing there twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from .api_requests import operation
from .api_scene import CONTENT, EARLIER, Scene, digest, metadata
from .api_world import World, errors

HOSTILE = b"<html><script>alert(1)</script>"


def form(content: bytes, **more: object) -> tuple[dict[str, Any], bytes, str]:
    return {**metadata(), **more}, content, "text/plain"


def listed(scene: Scene) -> list[str]:
    return [one["document"] for one in scene.done(200, "holder", "GET", f"{scene.base}/documents")["documents"]]


def versions(scene: Scene, document: str) -> str:
    return f"{scene.base}/documents/{document}/versions"


def shown(scene: Scene, document: str) -> bytes:
    return scene.world.send("holder", "GET", f"{scene.base}/documents/{document}/content").body


def nights(scene: Scene, count: int) -> None:
    for _ in range(count):
        scene.world.clock.advance(timedelta(days=1))
        scene.world.night()


def kept(scene: Scene, document: str) -> int:
    """Return how many sealed parts of this document there are."""
    return len(list(scene.world.host.blobs.list(f"{scene.record}/{document}/")))


def test_what_is_acknowledged_in_one_request_is_there_though_an_upload_of_it_was_begun_and_given_up() -> None:
    scene, about = Scene(), metadata()
    begun = {**about, "media": "text/plain", "size": len(CONTENT), "sha256": digest()}
    made = scene.done(201, "author_lab", "POST", f"{scene.base}/uploads", body=begun)["document"]
    part = f"{scene.base}/uploads/{made}/parts/1"
    scene.done(204, "author_lab", "PUT", part, raw=CONTENT)
    for _ in range(2):
        filed = scene.done(202, "author_lab", "POST", f"{scene.base}/documents", form=(about, CONTENT, "text/plain"))
        assert (filed["document"], filed["state"]) == (made, "received")
    assert scene.world.send("author_lab", "PUT", part, raw=CONTENT).status == 409
    scene.world.work()
    assert (listed(scene), shown(scene, made), kept(scene, made)) == ([made], CONTENT, 1)


@pytest.mark.parametrize("kind", ["abandoned", "quarantined"])
def test_bytes_that_must_not_be_kept_go_though_their_author_deleted_the_document_first(kind: str) -> None:
    scene = Scene()
    document = scene.uploading(sent=True) if kind == "abandoned" else scene.accepted("author_lab", HOSTILE)
    assert kept(scene, document)
    scene.done(204, "author_lab", "DELETE", f"{scene.base}/documents/{document}")
    nights(scene, 20)
    assert kept(scene, document) == 0
    refused = scene.done(200, "holder", "POST", f"{scene.base}/history/search", body={"refused": True})["entries"]
    assert refused == []  # nor does a night that is refused fill the history


def test_the_bytes_of_a_quarantined_file_go_in_time_though_its_author_has_replaced_it() -> None:
    scene = Scene()
    document = scene.accepted("author_lab", HOSTILE)
    scene.done(202, "author_lab", "POST", versions(scene, document), form=form(CONTENT))
    scene.world.work()
    assert listed(scene) == [document]
    nights(scene, 20)
    assert (kept(scene, document), shown(scene, document)) == (1, CONTENT)


def test_a_replacement_that_is_refused_leaves_no_bytes_behind() -> None:
    scene = Scene()
    document = scene.available("author_lab", EARLIER)
    scene.done(202, "author_lab", "POST", versions(scene, document), form=form(CONTENT))
    refused = scene.world.send("author_lab", "POST", versions(scene, document), form=form(b"of another person"))
    assert (refused.status, kept(scene, document)) == (409, 2)


def test_who_files_the_first_content_again_while_another_is_checked_is_not_told_that_it_stands() -> None:
    scene = Scene()
    document = scene.available("author_lab", EARLIER)
    was = scene.done(200, "author_lab", "GET", f"{scene.base}/documents/{document}")
    same = {"title": was["title"], "created": was["created"]}
    scene.done(202, "author_lab", "POST", versions(scene, document), form=form(b"of another person", **same))
    back = form(EARLIER, **same)
    assert scene.world.send("author_lab", "POST", versions(scene, document), form=back).status == 409
    scene.world.work()
    scene.done(202, "author_lab", "POST", versions(scene, document), form=back)
    scene.world.work()
    assert shown(scene, document) == EARLIER


@pytest.mark.abuse("Q01")
def test_a_late_copy_of_a_replacement_does_not_bring_back_what_was_replaced_since() -> None:
    scene = Scene()
    document = scene.available("author_lab", EARLIER)
    second, third = form(b"second"), form(b"third")
    for one in (second, third):
        for _ in range(2):
            scene.done(202, "author_lab", "POST", versions(scene, document), form=one)
            scene.world.work()
    assert scene.world.send("author_lab", "POST", versions(scene, document), form=second).status == 409
    scene.world.work()
    assert shown(scene, document) == b"third"


@pytest.mark.abuse("Q01")
def test_nor_does_one_of_a_replacement_that_a_key_names_and_no_unique_id() -> None:
    scene = Scene()
    document = scene.available("author_lab", EARLIER)
    path, said = versions(scene, document), {name: value for name, value in metadata().items() if name != "unique_id"}
    assert "Idempotency-Key" in [one["name"] for one in operation("documents_replace").about["parameters"]]
    told = []
    for content in (b"second", b"third", b"second"):
        more = {"Idempotency-Key": f"version-{content.decode()}"}
        told.append(scene.world.send("author_lab", "POST", path, form=(said, content, "text/plain"), more=more).status)
        scene.world.work()
    assert (told, shown(scene, document)) == ([202, 202, 409], b"third")


def test_the_unique_id_of_a_version_names_no_other_document_nor_is_one_taken_from_another() -> None:
    scene = Scene()
    document, other = scene.available("author_lab", EARLIER), scene.available("author_lab", b"of another day")
    next_one = form(CONTENT)
    scene.done(202, "author_lab", "POST", versions(scene, document), form=next_one)
    scene.world.work()
    again = scene.done(202, "author_lab", "POST", f"{scene.base}/documents", form=next_one)
    assert (again["document"], again["version"]) == (document, 2)
    assert scene.world.send("author_lab", "POST", versions(scene, other), form=next_one).status == 409
    scene.world.work()
    assert sorted(listed(scene)) == sorted((document, other))


def test_a_replacement_sent_again_with_its_tag_gets_the_same_answer_when_the_checks_are_done() -> None:
    scene = Scene()
    document = scene.available("author_lab", EARLIER)
    tag = {"If-Match": scene.world.send("author_lab", "GET", f"{scene.base}/documents/{document}").headers["etag"]}
    next_one = form(CONTENT)
    for _ in range(2):
        scene.done(202, "author_lab", "POST", versions(scene, document), form=next_one, more=tag)
        scene.world.work()
    assert scene.world.send("author_lab", "POST", versions(scene, document), form=form(b"x"), more=tag).status == 412


@pytest.mark.abuse("U09")
def test_replacements_are_deposits_of_the_day() -> None:
    scene = Scene(world=World(quotas={"organisation": 3, "record": 100}))
    document = scene.accepted("author_lab", EARLIER)
    sent = [form(f"version {number}".encode()) for number in range(3)]
    told = []
    for one in sent:
        told.append(scene.world.send("author_lab", "POST", versions(scene, document), form=one).status)
        scene.world.work()
    assert told == [202, 202, 429]
    assert scene.world.send("author_lab", "POST", versions(scene, document), form=sent[1]).status == 202  # it is there


def test_what_the_holder_refuses_to_be_filed_does_not_come_as_the_next_version_of_something_else() -> None:
    scene = Scene()
    scene.choose(lambda now: replace(now, refused=frozenset({"cat:BIOLOGIE"})))
    assert scene.world.send("author_lab", "POST", f"{scene.base}/documents", form=form(CONTENT)).status == 403
    other = form(EARLIER, type="34133-9")
    document = scene.done(202, "author_lab", "POST", f"{scene.base}/documents", form=other)["document"]
    scene.world.work()
    assert scene.world.send("author_lab", "POST", versions(scene, document), form=form(CONTENT)).status == 403
    better = form(CONTENT, type="34133-9")
    scene.done(202, "author_lab", "POST", versions(scene, document), form=better)


@pytest.mark.parametrize(("day", "taken"), [("2026-12-02", True), ("2026-12-03", False), ("2062-11-20", False)])
def test_a_document_of_care_that_is_still_to_come_is_not_filed(day: str, taken: bool) -> None:
    scene = Scene()
    scene.world.clock.advance(timedelta(hours=1, minutes=30))  # 2 December has begun where days do so first
    form_ = form(CONTENT, created=day)
    parts = {**form_[0], "unique_id": "2.25.77", "media": "text/plain", "size": len(CONTENT), "sha256": digest()}
    begun = scene.world.send("author_lab", "POST", f"{scene.base}/uploads", body=parts)
    filed = scene.world.send("author_lab", "POST", f"{scene.base}/documents", form=form_)
    assert (begun.status, filed.status) == ((201, 202) if taken else (422, 422))
    if not taken:
        assert errors(begun) == errors(filed) == {"/created": "lies in the future"}
