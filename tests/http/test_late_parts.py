"""A part that arrives late changes nothing of what was completed; how often one may be sent is bounded."""

from typing import Any

from chalicelib.vault.upload import SENDINGS

from .api_scene import CONTENT, Scene, digest, metadata
from .api_world import errors


def test_a_copy_of_a_part_that_arrives_after_the_checks_leaves_the_document_readable() -> None:
    scene, late = Scene(), list[str]()
    document, blobs = scene.uploading(sent=True), scene.world.host.blobs
    content, put = f"/records/{scene.record}/documents/{document}/content", blobs.begin_put

    def overtaken(name: str, data: bytes) -> Any:
        if not late:
            late.append(name)
            scene.done(202, "author_lab", "POST", f"/records/{scene.record}/uploads/{document}/completion")
            scene.world.work()
            assert scene.world.send("holder", "GET", content).status == 200
        return put(name, data)

    blobs.begin_put = overtaken  # type: ignore[method-assign]
    scene.world.send("author_lab", "PUT", f"/records/{scene.record}/uploads/{document}/parts/1", raw=CONTENT)
    assert late
    answer = scene.world.send("holder", "GET", content)
    assert (answer.status, answer.body) == (200, CONTENT)


def test_the_part_that_was_sent_last_counts() -> None:
    scene = Scene()
    document = scene.uploading(sent=False)
    base = f"/records/{scene.record}/uploads/{document}"
    for content in (bytes(len(CONTENT)), CONTENT):
        scene.done(204, "author_lab", "PUT", f"{base}/parts/1", raw=content)
    scene.done(202, "author_lab", "POST", f"{base}/completion")
    scene.world.work()
    assert scene.world.send("holder", "GET", f"/records/{scene.record}/documents/{document}/content").body == CONTENT


def test_of_a_part_that_was_sent_again_only_what_counts_is_kept() -> None:
    """The first try may have been a page of somebody else (RGPD art. 5.1.e)."""
    scene = Scene()
    document = scene.uploading(sent=False)
    base = f"/records/{scene.record}/uploads/{document}"
    for _ in range(SENDINGS):
        scene.done(204, "author_lab", "PUT", f"{base}/parts/1", raw=CONTENT)
    scene.done(202, "author_lab", "POST", f"{base}/completion")
    scene.world.work()
    assert len(list(scene.world.host.blobs.list(f"{scene.record}/{document}/"))) == 1
    assert scene.world.send("holder", "GET", f"/records/{scene.record}/documents/{document}/content").body == CONTENT


def test_of_an_upload_that_failed_nothing_is_kept_once_it_arrived() -> None:
    scene, names = Scene(), set()
    about = {**metadata(), "media": "text/plain", "size": len(CONTENT), "sha256": digest()}
    for content in (bytes(len(CONTENT)), CONTENT):
        document = scene.done(201, "author_lab", "POST", f"/records/{scene.record}/uploads", body=about)["document"]
        names.add(document)
        base = f"/records/{scene.record}/uploads/{document}"
        scene.done(204, "author_lab", "PUT", f"{base}/parts/1", raw=content)
        scene.done(202, "author_lab", "POST", f"{base}/completion")
        scene.world.work()
    assert len(names) == len(list(scene.world.host.blobs.list(f"{scene.record}/{document}/"))) == 1
    assert scene.world.send("holder", "GET", f"/records/{scene.record}/documents/{document}/content").body == CONTENT


def test_a_part_is_sent_twenty_times_at_most() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/uploads/{scene.uploading(sent=False)}/parts/1"
    sent = [scene.world.send("author_lab", "PUT", path, raw=CONTENT).status for _ in range(SENDINGS + 1)]
    assert sent == [204] * SENDINGS + [409]


def test_who_sends_parts_is_told_which_of_them_do_not_fit_and_when_no_more_are_taken() -> None:
    scene = Scene()
    document = scene.uploading(sent=True)
    base = f"/records/{scene.record}/uploads/{document}"
    short = scene.world.send("author_lab", "PUT", f"{base}/parts/1", raw=CONTENT[:-1])
    assert (short.told, list(errors(short))) == ("422 INVALID", [""])  # the whole body: it has no member named ""
    scene.done(202, "author_lab", "POST", f"{base}/completion")
    late = scene.world.send("author_lab", "PUT", f"{base}/parts/1", raw=CONTENT)
    assert (late.told, late.json["detail"]) == ("409 CONFLICT", "The document is complete; it takes no more parts.")
    early = scene.world.send("holder", "GET", f"/records/{scene.record}/documents/{document}/content")
    told = "The document is not checked yet; its status tells when it is."
    assert (early.told, early.json["detail"]) == ("409 CONFLICT", told)
    stranger = scene.world.send("allowed_doctor", "GET", f"/records/{scene.record}/documents/{document}/content")
    assert stranger.json["detail"] in ("There is nothing here.", "You have no access.")
