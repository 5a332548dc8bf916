"""The route of prevention items, mounted with rules and a history of its own: marking.py gives it the real ones."""

from functools import partial

import pytest
from chalice.app import Chalice

from chalicelib.agenda.prevention import Prevention
from chalicelib.agenda.prevention_http import prevention_api
from chalicelib.edge.openapi import specification
from chalicelib.edge.serve import mount
from chalicelib.edge.ways import declared
from chalicelib.routes import capabilities
from infra.front import Front
from tests.http import api_world
from tests.http.api_scene import Scene

from .world import Kept, acts


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Return where acts are kept, once the route is mounted beside the others."""
    found = Kept()
    app = Chalice("prevention", configure_logs=False, env={})
    others = [one for one in capabilities() if one.tag != "prevention"]
    mount(
        app,
        lambda: api_world._SITES[-1],
        declared([*others, prevention_api(Prevention(acts, found, found.taken_back))]),
    )
    monkeypatch.setattr(api_world, "application", partial(Front, app, app.routes))
    return found


def put(scene: Scene, who: str, rule: str, tag: str = "", **body: object) -> api_world.Answer:
    path, said = f"/records/{scene.record}/agenda/preventions", {"rule": rule, **body}
    return scene.world.send(who, "PUT", path, body=said, more={"If-Match": tag} if tag else {})


def test_the_example_is_answered_as_written(kept: Kept) -> None:
    told = specification([prevention_api(Prevention(acts, kept, kept.taken_back))], server="")["paths"]
    (operation,) = told["/records/{record}/agenda/preventions"].values()
    request = operation["requestBody"]["content"]["application/json"]["example"]
    shown = operation["responses"]["200"]["content"]["application/json"]["example"]
    answer = put(Scene(), "holder", **request)
    assert answer.status == 200
    assert {**answer.json, "entry": ""} == {**shown, "entry": ""}
    assert {act for act, _ in kept.acts} == {"fit"}


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("holder", "200"),
        ("other_citizen", "404 NOT_FOUND"),
        *((role, "403 NO_ACCESS") for role in ("allowed_doctor", "unknown_doctor", "author_lab", "enrolment")),
        *((role, "403 FORBIDDEN_BY_LAW") for role in ("insurer", "employer", "health_fund")),
        ("software", "403 NO_INDIVIDUAL"),
        ("support", "403 SUPPORT_SEES_NOTHING"),
        ("anonymous", "401 NOT_AUTHENTICATED"),
    ],
)
@pytest.mark.abuse("A13")
def test_only_the_person_says_what_was_done(kept: Kept, who: str, told: str) -> None:
    assert put(Scene(), who, "hpv", status="DONE", on="2026-05-04").told == told
    assert kept.calls == (1 if who == "holder" else 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"status": "DONE"}, "/on"),
        ({"status": "DONE", "on": "2026-12-02"}, "/on"),
        ({"status": "DONE", "on": "2026-02-30"}, "/on"),
        ({"status": "TO_PLAN", "on": "2026-11-30"}, "/on"),
        ({"status": "NOT_DONE", "on": "2026-05-04"}, "/on"),
        ({"status": "PERHAPS"}, "/status"),
        ({"status": "DONE", "on": "2026-05-04", "act": "fit"}, "/act"),
        ({"status": "TO_PLAN", "note": "x" * 1001}, "/note"),
    ],
)
def test_what_cannot_be_is_refused_where_it_is_wrong(kept: Kept, body: dict[str, str], pointer: str) -> None:
    answer = put(Scene(), "holder", "hpv", **body)
    assert (answer.status, [one["pointer"] for one in answer.json["errors"]]) == (422, [pointer])
    assert kept.calls == 0


def test_an_unknown_rule_is_not_valid_and_an_old_version_is_stale(kept: Kept) -> None:
    scene = Scene()
    assert put(scene, "holder", "unknown", status="TO_PLAN").told == "422 INVALID"
    assert put(scene, "holder", "hpv", status="TO_PLAN").headers["etag"] == '"v1"'
    assert put(scene, "holder", "hpv", '"v1"', status="NOT_DONE").headers["etag"] == '"v2"'
    assert put(scene, "holder", "hpv", '"v1"', status="TO_PLAN").told == "412 STALE"
    assert kept.calls == 0


@pytest.mark.abuse("I03")
def test_no_rule_stands_in_the_address_of_a_record() -> None:
    paths = [path for path in specification(capabilities(), server="")["paths"] if "{record}" in path]
    assert any(path.endswith("/preventions") for path in paths)
    assert not any("{rule}" in path for path in paths)
