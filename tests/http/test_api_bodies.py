"""Bodies on every route: unknown members, keys used twice, quotas, file names."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .api_people import roles
from .api_requests import Operation, operation, operations
from .api_scene import CONTENT, EARLIER, Scene, metadata
from .api_world import BOUNDARY, Answer, World
from .test_api_examples import WHO

READ_ONLY = (
    "owner",
    "masked",
    "author",
    "status",
    "patient_id",
    "record",
    "document",
    "version",
    "category",
    "state",
    "kind_of_actor",
    "organisation",
    "policy_version",
    "__proto__",
)
WITH_BODY = [one for one in operations() if one.example]
KEY = "visit-2026-000017"


def sender(one: Operation) -> str:
    """Return who may send this request."""
    return WHO.get(one.name, "holder")


@pytest.mark.abuse("A14")
@pytest.mark.parametrize("one", WITH_BODY, ids=str)
def test_what_a_caller_may_not_decide_is_refused_on_every_body(one: Operation) -> None:
    scene = Scene()
    params = scene.params(one.name)
    for name in {*READ_ONLY} - one.members:
        answer = scene.world.send(sender(one), one.method, one.at(params), **one.fresh(**{name: "x"}))
        assert answer.told == "422 INVALID", name
        assert answer.json["errors"][0]["detail"] == "holds a member that is not known"


@pytest.mark.abuse("A14")
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.text(min_size=1, max_size=30), value=st.one_of(st.none(), st.booleans(), st.integers(), st.text()))
def test_any_unknown_member_is_refused_and_not_repeated(name: str, value: object) -> None:
    world = World()
    for one in WITH_BODY:
        if name in one.members:
            continue
        path = one.at({"record": "a" * 26, "document": "a" * 26})
        answer = world.send(sender(one), one.method, path, **one.fresh(**{name: value}))
        assert answer.status in (400, 422), (one, name)
        assert len(name) < 4 or name not in str(answer.json.get("errors", ""))


@pytest.mark.abuse("A14")
def test_author_and_organisation_come_from_the_token() -> None:
    scene = Scene()
    document = scene.available()
    seen = scene.done(200, "holder", "GET", f"/records/{scene.record}/documents/{document}")
    behind = roles()["author_lab"].claims["organisation"]
    assert seen["author"]["organisation"] == behind["name"]
    assert seen["author"]["name"] == "Zoé GABARIT"


def deposit(scene: Scene, who: str, about: Mapping[str, Any], key: str, content: bytes = CONTENT) -> Answer:
    """Deposit with an Idempotency-Key."""
    path, form = f"/records/{scene.record}/documents", (about, content, "text/plain")
    return scene.world.send(who, "POST", path, form=form, more={"Idempotency-Key": key})


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
@pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "a#b#c#d#e", "clé-2026-17", "../../etc", "'; --00000"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    answer = deposit(Scene(), "author_lab", metadata(), key.encode().decode("latin-1"))
    assert answer.told == "422 INVALID"
    assert answer.json["errors"][0]["pointer"] == "Idempotency-Key"


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
def test_the_quota_of_a_record_counts_everybody_and_ends_with_the_day() -> None:
    scene = Scene(world=World(quotas={"organisation": 100, "record": 2}))
    scene.available("author_lab")
    scene.available("other_lab")
    for who in ("author_lab", "other_lab", "holder"):
        assert deposit(scene, who, metadata(), KEY).told == "429 TOO_MANY"
    scene.world.clock.sleep(24 * 3600)
    assert deposit(scene, "author_lab", metadata(), KEY).status == 202


def _upload() -> dict[str, Any]:
    return operation("documents_begin").fresh()


@pytest.mark.abuse("U09")
def test_refusals_are_limited_per_hour_and_caller() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/choices"
    told = [scene.world.send("unknown_doctor", "GET", path).told for _ in range(602)]
    assert (told[0], told[599], told[600]) == ("403 NO_ACCESS", "403 NO_ACCESS", "429 TOO_MANY")
    assert scene.world.send("other_lab", "GET", path).told == "403 NO_ACCESS"


NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "report\u202efdp.exe",
    "a\x00.pdf",
    "C:\\con",
    "🧪" * 50,
    "%2e%2e%2f",
    "é\u0301.pdf",
    "$(reboot)",
    "<script>.pdf",
]


def named(name: str) -> bytes:
    """Return a deposit whose content part carries this file name."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{json.dumps(metadata())}\r\n'
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{name}"\r\n'
    return head.encode() + b"Content-Type: text/plain\r\n\r\n" + CONTENT + f"\r\n--{BOUNDARY}--\r\n".encode()


def post(scene: Scene, body: bytes) -> Answer:
    """Send bytes as a form."""
    media = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return scene.world.send("author_lab", "POST", f"/records/{scene.record}/documents", raw=body, more=media)


@pytest.mark.abuse("U06")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_never_kept(name: str) -> None:
    scene = Scene()
    answer = post(scene, named(name))
    assert answer.status in (202, 400), answer.body
    _without_a_trace(scene, answer, name)


@pytest.mark.abuse("U06")
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.text(alphabet=st.characters(codec="utf-8", exclude_characters='"\\\r\n'), min_size=6, max_size=40))
def test_no_file_name_at_all_is_kept(name: str) -> None:
    scene = Scene()
    answer = post(scene, named(name))
    assert answer.status in (202, 400)
    _without_a_trace(scene, answer, name)


def _without_a_trace(scene: Scene, answer: Answer, name: str) -> None:
    assert name.encode() not in answer.body
    assert not any(name in blob.name for blob in scene.world.host.blobs.list(""))
    if answer.status == 202:
        scene.world.work()
        path = f"/records/{scene.record}/documents/{answer.json['document']}/content"
        found = scene.world.send("holder", "GET", path)
        assert found.status == 200
        assert name not in unquote(found.headers["content-disposition"])


@pytest.mark.abuse("U06", "I04")
@pytest.mark.parametrize("name", ["a\r\nX-Injected: 1", 'a"; name="metadata', "x" * 65536, "a\r\n\r\n--limit-7f3e"])
def test_a_file_name_that_breaks_out_of_its_header_is_refused(name: str) -> None:
    scene = Scene()
    answer = post(scene, named(name))
    assert answer.status in (202, 400, 415, 422), answer.body
    assert "x-injected" not in answer.headers


TITLES = [*NAMES[:3], *NAMES[4:], 'a"; filename="evil.exe', "a;b=c", "é" * 200, "Compte rendu / été 2026"]


@pytest.mark.abuse("U06", "I04")
@pytest.mark.parametrize("title", TITLES)
def test_a_title_of_any_kind_leaves_a_harmless_name_for_the_download(title: str) -> None:
    scene = Scene()
    form = ({**metadata(), "title": title}, CONTENT, "text/plain")
    answer = scene.world.send("author_lab", "POST", f"/records/{scene.record}/documents", form=form)
    assert answer.status in (202, 422)
    if answer.status == 202:
        scene.world.work()
        path = f"/records/{scene.record}/documents/{answer.json['document']}"
        header = scene.world.send("holder", "GET", f"{path}/content").headers["content-disposition"]
        assert header.startswith("attachment;")
        assert header.isascii()
        assert header.isprintable()
        assert not {"/", "\\", "\u202e", "<"} & {*unquote(header)}
        assert scene.done(200, "holder", "GET", path)["title"] == title
