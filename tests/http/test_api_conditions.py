"""Conditional requests through the whole application."""

import pytest

from .api_delegates import minor
from .api_requests import operation, undocumented
from .api_scene import CONTENT, EARLIER, Scene, metadata


def test_a_version_already_held_is_not_sent_again() -> None:
    scene, one = Scene(), operation("documents_read")
    path = one.at(scene.params(one.name))
    first = scene.world.send("holder", "GET", path)
    again = scene.world.send("holder", "GET", path, more={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert undocumented(one, again) == ""


@pytest.mark.parametrize("kind", ["documents", "profile"])
def test_a_held_version_is_sent_again_when_it_was_shown_meanwhile_and_its_tag_still_names_it(kind: str) -> None:
    scene = Scene()
    who, thing = ("author_lab", scene.available()) if kind == "documents" else ("holder", scene.noted())
    path = f"{scene.base}/{kind}/{thing}"
    scene.done(204, "holder", "PUT", f"{path}/visibility", body={"hidden": True})
    first = scene.world.send(who, "GET", path)
    tag = first.headers["etag"]
    assert scene.world.send(who, "GET", path, more={"If-None-Match": tag}).status == 304
    scene.done(204, "holder", "PUT", f"{path}/visibility", body={"hidden": False})
    again = scene.world.send(who, "GET", path, more={"If-None-Match": tag})
    assert (again.status, first.json["hidden"], again.json["hidden"]) == (200, True, False)
    scene.done(204, who, "DELETE", path, more={"If-Match": tag})


def test_a_version_that_is_no_longer_current_is_neither_deleted_nor_replaced() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/documents/{scene.available()}"
    stale, form = {"If-Match": '"v1"'}, (metadata(), EARLIER, "text/plain")
    assert scene.world.send("author_lab", "DELETE", path, more=stale).told == "412 STALE"
    assert scene.world.send("author_lab", "POST", f"{path}/versions", form=form, more=stale).told == "412 STALE"
    assert scene.world.send("holder", "GET", f"{path}/content").body == CONTENT


@pytest.mark.parametrize(("asked", "status"), [("bytes=0-4", 206), ("bytes=-3", 206), ("bytes=21-", 416), ("x", 200)])
def test_a_range_is_answered_as_documented(asked: str, status: int) -> None:
    scene, one = Scene(), operation("documents_content")
    answer = scene.world.send("holder", "GET", one.at(scene.params(one.name)), more={"Range": asked})
    assert (answer.status, undocumented(one, answer)) == (status, "")


def test_no_size_of_a_content_is_told_without_a_trace() -> None:
    scene = Scene()
    document = scene.available()
    path, more = f"{scene.base}/documents/{document}/content", {"Range": f"bytes={len(CONTENT)}-"}
    answer = scene.world.send("allowed_doctor", "GET", path, more=more)
    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")
    assert scene.world.send("unknown_doctor", "GET", path, more=more).status in (403, 404)
    found = scene.done(200, "holder", "POST", f"{scene.base}/history/search", body={"groups": ["access"]})["entries"]
    assert [one["effect"] for one in found if one["document"] == document] == ["deny", "allow"]


def test_a_download_that_goes_on_after_a_replacement_is_not_pieced_together_of_two_versions() -> None:
    scene, one = Scene(), operation("documents_content")
    document = scene.available("author_lab", EARLIER)
    path = f"{scene.base}/documents/{document}"
    tag = scene.world.send("holder", "GET", f"{path}/content", more={"Range": "bytes=0-9"}).headers["etag"]
    more = {"Range": "bytes=10-", "If-Range": tag}
    assert scene.world.send("holder", "GET", f"{path}/content", more=more).body == EARLIER[10:]
    scene.done(202, "author_lab", "POST", f"{path}/versions", form=(metadata(), CONTENT, "text/plain"))
    scene.world.work()
    rest = scene.world.send("holder", "GET", f"{path}/content", more=more)
    assert (rest.status, rest.body, undocumented(one, rest)) == (200, CONTENT, "")


def test_content_that_waits_for_the_checks_is_a_documented_conflict() -> None:
    scene, one = Scene(), operation("documents_content")
    path = one.at({"record": scene.record, "document": scene.received()})
    for who in ("holder", "author_lab"):
        answer = scene.world.send(who, "GET", path)
        assert (answer.told, undocumented(one, answer)) == ("409 CONFLICT", "")


@pytest.mark.abuse("A21")
def test_a_representative_does_not_count_by_if_match_what_a_minor_does_in_secret() -> None:
    scene = Scene()
    path, body = f"/records/{minor(scene)}/choices/told", {"accesses": False}
    tried = [scene.world.send("proxy", "POST", path, body=body, more={"If-Match": f'"v{n}"'}) for n in range(1, 30)]
    assert {one.status for one in tried} == {412}
    scene.done(200, "proxy", "POST", path, body=body)
    scene.done(200, "proxy", "POST", path, body=body, more={"If-Match": "*"})


def test_the_holder_decides_on_what_the_holder_has_seen() -> None:
    scene = Scene()
    path, body = f"/records/{minor(scene)}/choices/told", {"accesses": False}
    tag = {"If-Match": scene.world.send("holder", "POST", path, body=body).headers["etag"]}
    scene.done(200, "holder", "POST", path, body=body, more=tag)
    assert scene.world.send("holder", "POST", path, body=body, more=tag).status == 412
