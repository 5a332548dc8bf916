"""Quotas: a flood of one ends at its own limit; and a value at the end of its kind is refused like any other."""

from typing import Any

import pytest

from chalicelib.access.mandates import ceilings

from .api_delegates import minor
from .api_profile import ENTRY
from .api_requests import operation, undocumented
from .api_scene import CONTENT, KEY, Scene, deposit, digest, metadata
from .api_world import World


@pytest.mark.abuse("U09")
def test_the_quota_of_an_organisation_is_its_own() -> None:
    scene = Scene(world=World(quotas={"organisation": 2, "record": 100}))
    for _ in range(2):
        scene.available()
    refused = deposit(scene, "author_lab", metadata(), KEY)
    assert (refused.told, refused.headers["retry-after"]) == ("429 TOO_MANY", "60")
    assert scene.world.send("author_lab", "POST", f"/records/{scene.record}/uploads", **_upload()).status == 429
    assert deposit(scene, "other_lab", metadata(), KEY).status == 202


@pytest.mark.abuse("U09")
def test_the_quota_of_a_record_counts_every_organisation_and_ends_with_the_day() -> None:
    scene = Scene(world=World(quotas={"organisation": 100, "record": 2}))
    scene.available("author_lab")
    scene.available("other_lab")
    for who in ("author_lab", "other_lab"):
        assert deposit(scene, who, metadata(), KEY).told == "429 TOO_MANY"
    scene.world.clock.sleep(24 * 3600)
    assert deposit(scene, "author_lab", metadata(), KEY).status == 202


@pytest.mark.abuse("U09")
def test_a_citizen_files_no_more_in_a_record_than_it_receives_a_day() -> None:
    scene = Scene(world=World(quotas={"organisation": 100, "record": 2}))
    record = minor(scene)
    assert filed(scene, record, "proxy", 3) == [202, 202, 429]
    assert filed(scene, record, "holder", 3) == [202, 202, 429]
    assert filed(scene, scene.record, "holder", 1) == [202]
    scene.world.clock.sleep(24 * 3600)
    assert filed(scene, record, "proxy", 1) == [202]


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("who", ["author_lab", "holder"])
def test_a_parent_does_not_count_by_the_quota_what_was_filed_in_secret(who: str) -> None:
    scene = Scene(world=World(quotas={"organisation": 100, "record": 3}))
    record = minor(scene)
    for number in range(2):
        about = {**metadata(), "confidentiality": ["INVISIBLE_REPRESENTANTS_LEGAUX"]}
        form = (about, f"secret {number}".encode(), "text/plain")
        scene.done(202, who, "POST", f"/records/{record}/documents", form=form)
        scene.world.work()
    assert filed(scene, record, "proxy", 4) == [202, 202, 202, 429]


def filed(scene: Scene, record: str, who: str, count: int) -> list[int]:
    """File so many documents, and let the checks accept each; return what is answered."""
    sent = []
    for number in range(count):
        form = (metadata(), f"{who} {number}".encode(), "text/plain")
        sent.append(scene.world.send(who, "POST", f"/records/{record}/documents", form=form).status)
        scene.world.work()
    return sent


def _upload() -> dict[str, Any]:
    return operation("documents_begin").fresh()


@pytest.mark.abuse("U09")
def test_an_upload_that_failed_counts_and_is_begun_again_on_another_day() -> None:
    scene = Scene(world=World(quotas={"organisation": 1, "record": 100}))
    about = {**metadata(), "media": "text/plain", "size": len(CONTENT), "sha256": digest()}
    uploads = f"/records/{scene.record}/uploads"
    made = scene.done(201, "author_lab", "POST", uploads, body=about)["document"]
    scene.done(204, "author_lab", "PUT", f"{uploads}/{made}/parts/1", raw=bytes(len(CONTENT)))
    scene.done(202, "author_lab", "POST", f"{uploads}/{made}/completion")
    scene.world.work()
    assert scene.world.send("author_lab", "POST", uploads, body=about).told == "429 TOO_MANY"
    scene.world.clock.sleep(24 * 3600)
    assert scene.done(201, "author_lab", "POST", uploads, body=about)["document"] == made


@pytest.mark.abuse("U09")
def test_a_professional_notes_no_more_a_day_than_the_ceiling_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ceilings(), "notes_per_organisation", 3)
    scene, one = Scene(), operation("profile_note")
    bodies = [{"entry": {**ENTRY, "lot": str(number)}} for number in range(5)]
    answers = [scene.world.send("unknown_doctor", "POST", f"{scene.base}/profile", body=body) for body in bodies]
    assert [answer.told for answer in answers] == ["201"] * 3 + ["429 TOO_MANY"] * 2
    assert undocumented(one, answers[-1]) == ""


@pytest.mark.abuse("U09")
def test_refusals_are_limited_per_hour_and_caller() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/choices"
    told = [scene.world.send("unknown_doctor", "GET", path).told for _ in range(602)]
    assert (told[0], told[599], told[600]) == ("403 NO_ACCESS", "403 NO_ACCESS", "429 TOO_MANY")
    assert scene.world.send("other_lab", "GET", path).told == "403 NO_ACCESS"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("proxies", {"kind": "tutelle", "name": "Céleste", "until": "0001-01-01"}),
        ("proxies", {"kind": "tutelle", "name": "Céleste", "until": "9999-12-31"}),
        ("codes", {"since": "0001-01-01"}),
        ("codes", {"until": "9999-12-31"}),
        ("codes", {"ends": "0001-01-01T00:00:00+14:00"}),
        ("codes", {"ends": "9999-12-31T23:59:59-14:00"}),
    ],
)
def test_a_day_at_the_end_of_time_is_no_failure(path: str, body: dict[str, str]) -> None:
    scene = Scene()
    answer = scene.world.send("holder", "POST", f"/records/{scene.record}/{path}", body=body)
    assert answer.told == "422 INVALID"
