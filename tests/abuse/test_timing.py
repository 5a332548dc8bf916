"""What can be timed from outside tells nothing: the store is asked the same, whatever is not to be known.

Time itself is noise here; the calls are what it is made of. Each request is asked of a cold process of its own.
"""

from dataclasses import fields, replace

import pytest

from chalicelib.kernel.ids import new_document_id, new_record_id
from tests.cutting import PORTS, Port
from tests.http.api_blind import FEEDS
from tests.http.api_requests import Operation, operations
from tests.http.api_scene import Scene
from tests.http.api_world import START

pytestmark = pytest.mark.abuse("A01", "A19")

WITH_RECORD = [one for one in operations() if "{record}" in one.path]
WITH_DOCUMENT = [one for one in WITH_RECORD if "{document}" in one.path]


def calls(scene: Scene, role: str, one: Operation, record: str, document: str) -> list[str]:
    """Return the calls of every port that one request makes, in order, with the status that they end in."""
    made: list[str] = []
    scene.world.send(role, "GET", f"/records/{new_record_id()}/documents")  # a caller's first refusal begins an hour
    host = scene.world.host
    names = [one.name for one in fields(host) if one.name in (*PORTS, "keys")]
    heard = {name: Port(getattr(host, name), made, None, lambda: None) for name in names}
    site, scene.world.site = scene.world.site, replace(scene.world.site, host=replace(host, memo={}, **heard))
    path = one.at({"record": record, "document": document, "part": "1", "device": "a" * 26})
    answer = scene.world.send(role, one.method, path, **one.fresh())
    scene.world.site = site
    return [*made, answer.told]


def known(scene: Scene) -> None:
    """Let the process know the choices of this version, as it does from the first request on."""
    scene.world.send("allowed_doctor", "GET", f"/records/{scene.record}/documents")


def stored(made: list[str]) -> list[str]:
    """Return the calls without those for keys: a record that does not exist has none to unwrap."""
    return [name for name in made if name != "unwrap"]


@pytest.mark.parametrize("one", WITH_RECORD, ids=str)
def test_an_unknown_a_closed_and_a_blocking_record_cost_the_same_calls(one: Operation) -> None:
    scene = Scene()
    document = scene.available()
    shut = Scene()
    shut.available()
    shut.done(200, "holder", "POST", f"/records/{shut.record}/closing")
    shut.world.work()
    known(scene)
    known(shut)
    unknown = calls(scene, "unknown_doctor", one, new_record_id(), document)
    asked = {
        "closed": calls(shut, "unknown_doctor", one, shut.record, document),
        "closed to who was allowed": calls(shut, "allowed_doctor", one, shut.record, document),
    }
    if one.name not in FEEDS:  # any professional feeds an open record
        asked["not allowed"] = calls(scene, "unknown_doctor", one, scene.record, document)
        asked["blocked"] = calls(scene, "blocked_doctor", one, scene.record, document)
    assert asked == dict.fromkeys(asked, asked["closed"])
    assert stored(asked["closed"]) == stored(unknown)


@pytest.mark.parametrize("one", WITH_DOCUMENT, ids=str)
def test_a_masked_and_an_absent_document_cost_the_same_calls(one: Operation) -> None:
    scene = Scene()
    document = scene.available()
    path = f"/records/{scene.record}/documents/{document}/visibility"
    scene.done(204, "holder", "PUT", path, body={"hidden": True})
    scene.world.work()
    known(scene)
    masked, absent = (
        calls(scene, "allowed_doctor", one, scene.record, name) for name in (document, new_document_id(START))
    )
    assert masked == absent
