"""What every answer of every route carries, and what it never carries."""

import pytest

from .api_requests import Operation, operations
from .api_scene import Scene, sender
from .api_world import Answer, World

PORTAL = "https://portal.example"
EVIL = "https://evil.example"
OPERATIONS = operations()


def answers(one: Operation, **more: str) -> list[Answer]:
    """Return a success, a refusal by method and by token, and a preflight of one route, sent with these headers."""
    scene = Scene(world=World(origins=(PORTAL,)))
    params = scene.params(one.name)
    shown = one.fresh()
    who = sender(one.name)
    return [
        scene.world.send(who, one.method, one.at(params), **shown, more=more),
        scene.world.send("anonymous", one.method, one.at(params), **shown, more=more),
        scene.world.send(who, one.method, one.at({"record": "x", "document": "y", "part": "z"}), **shown, more=more),
        scene.world.send(who, "PATCH", one.at(params), more=more),
        scene.world.send("anonymous", "OPTIONS", one.at(params), more=more),
    ]


@pytest.mark.abuse("T06")
@pytest.mark.parametrize("one", OPERATIONS, ids=str)
def test_every_answer_forbids_caching_framing_and_guessing(one: Operation) -> None:
    for answer in answers(one):
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["strict-transport-security"].startswith("max-age=63072000")
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert not {"set-cookie", "server", "x-powered-by"} & headers.keys()


@pytest.mark.abuse("T06")
@pytest.mark.parametrize("one", OPERATIONS, ids=str)
def test_another_origin_is_let_in_only_when_it_is_listed(one: Operation) -> None:
    for answer in answers(one, Origin=EVIL):
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
    for answer in answers(one, Origin=PORTAL):
        assert answer.headers["access-control-allow-origin"] == PORTAL
        assert answer.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.abuse("T06")
@pytest.mark.parametrize("one", OPERATIONS, ids=str)
def test_a_portal_may_send_every_header_that_the_route_declares(one: Operation) -> None:
    scene = Scene(world=World(origins=(PORTAL,)))
    path, query = one.at(scene.params(one.name)), one.shown()["query"]
    asked = scene.world.send("anonymous", "OPTIONS", path, query=query, more={"Origin": PORTAL})
    assert one.method in asked.headers["access-control-allow-methods"].split(", ")
    allowed = asked.headers["access-control-allow-headers"].split(", ")
    assert [p["name"] for p in one.about["parameters"] if p["in"] == "header" and p["name"] not in allowed] == []


@pytest.mark.abuse("T06")
def test_a_portal_may_read_what_an_answer_says_of_its_content() -> None:
    scene = Scene(world=World(origins=(PORTAL,)))
    path, more = f"{scene.base}/documents/{scene.available()}/content", {"Origin": PORTAL, "Range": "bytes=0-3"}
    got = scene.world.send("holder", "GET", path, more=more).headers
    told = {"carnet-read", "carnet-request-id", "content-disposition", "content-range", "etag"}
    assert told <= got.keys() & set(got["access-control-expose-headers"].lower().split(", "))


@pytest.mark.abuse("T06")
@pytest.mark.parametrize("one", OPERATIONS, ids=str)
def test_nothing_is_done_for_a_browser_that_only_has_cookies(one: Operation) -> None:
    scene = Scene()
    params = scene.params(one.name)
    cookie = {"Cookie": "session=abc; Authorization=Bearer", "Origin": EVIL}
    fresh = one.fresh(**scene.filled(one.name))
    answer = scene.world.send("anonymous", one.method, one.at(params), **fresh, more=cookie)
    assert answer.status == (401 if one.about["security"] else 200)


@pytest.mark.abuse("T06")
@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.example], ids=str)
def test_a_body_that_a_form_of_another_site_can_send_is_refused(one: Operation) -> None:
    scene = Scene()
    params = scene.params(one.name)
    for media in ("text/plain", "application/x-www-form-urlencoded"):
        who = sender(one.name)
        answer = scene.world.send(who, one.method, one.at(params), raw=b"{}", more={"Content-Type": media})
        assert answer.told == "415 UNSUPPORTED"
