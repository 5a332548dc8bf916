"""The specification and the page say what the routes do, because they are made from them."""

import base64
import hashlib
import json
import re
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic import BaseModel

from chalicelib.edge.http import Api, Reply
from chalicelib.edge.openapi import errors_of
from chalicelib.edge.problems import TABLE, problem_reply, row_of

from .edge_site import NOTE, PUBLIC_URL, api, build, json_of, send


@cache
def document() -> Any:
    """Return the specification as served."""
    return json_of(send(build(), "GET", "/openapi.json", token=""))


@cache
def page() -> dict[str, Any]:
    """Return the page as served."""
    return send(build(), "GET", "/docs", token="")


def operations() -> list[tuple[str, str, Any]]:
    """Return (method, path, operation)."""
    return [(method, path, one) for path, methods in document()["paths"].items() for method, one in methods.items()]


def test_the_specification_is_valid_openapi_3_1() -> None:
    validate(document())
    assert document()["openapi"].startswith("3.1")
    assert document()["servers"] == [{"url": PUBLIC_URL}]


def test_every_route_is_in_it_once_with_a_summary_and_its_own_id() -> None:
    routes = {(route.method.lower(), route.path) for route in api.routes}
    described = {(method, path) for method, path, _ in operations()}
    assert described == routes | {("get", "/health"), ("get", "/openapi.json"), ("get", "/docs")}
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    assert all(operation["summary"] for _, _, operation in operations())


def test_the_schema_of_a_body_is_the_one_that_validates() -> None:
    schema = {"$ref": "#/components/schemas/Note", "components": document()["components"]}
    validator = Draft202012Validator(schema)
    assert validator.is_valid(NOTE)
    for wrong in ({}, {"title": ""}, {**NOTE, "owner": "x"}, {"title": 1}, {"title": "A", "inner": {"count": -1}}):
        assert not validator.is_valid(wrong)


def test_every_error_a_route_may_answer_is_described_as_a_problem() -> None:
    for route in api.routes:
        responses = document()["paths"][route.path][route.method.lower()]["responses"]
        for kind in errors_of(route):
            reference = responses[str(row_of(kind).status)]["$ref"]
            described = document()["components"]["responses"][reference.rpartition("/")[2]]
            assert described["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: str(kind.__name__))
def test_a_problem_as_sent_obeys_its_schema(kind: Any) -> None:
    error = kind(5) if kind.__name__ == "RangeNotSatisfiable" else kind()
    schema = {"$ref": "#/components/schemas/Problem", "components": document()["components"]}
    Draft202012Validator(schema).validate(json.loads(str(problem_reply(error, "request-1").body)))


def test_a_model_that_lets_unknown_members_pass_cannot_be_registered() -> None:
    class Open(BaseModel):
        owner: str = ""

    for declared in ({"body": Open}, {"query": Open}):
        with pytest.raises(TypeError, match="forbid"):
            Api("open").route("POST", "/open", summary="Write", **declared)(lambda _: Reply(204))


def test_a_range_and_a_version_bring_their_own_errors() -> None:
    paths = document()["paths"]
    assert "416" in paths["/records/{record}/content"]["get"]["responses"]
    assert "412" in paths["/records/{record}/version"]["put"]["responses"]


def test_examples_are_answered_as_written() -> None:
    app = build()
    examples = [(route, route.examples) for route in api.routes if route.examples.reply]
    assert examples
    for route, example in examples:
        answer = send(
            app,
            route.method,
            route.path,
            body=json.dumps(example.request),
            headers={"content-type": "application/json"},
            params=example.params,
        )
        assert (answer["statusCode"], json_of(answer)) == (route.status, example.reply)


def test_open_ways_in_need_no_token_and_the_others_name_both_schemes() -> None:
    for _, path, operation in operations():
        expected = [] if path in ("/health", "/openapi.json", "/docs", "/who") else [{"bearer": []}, {"dpop": []}]
        assert operation["security"] == expected


def test_a_query_has_no_null_and_keeps_its_bounds() -> None:
    parameters = document()["paths"]["/records/{record}/notes"]["get"]["parameters"]
    by_name = {one["name"]: one["schema"] for one in parameters}
    assert by_name["limit"]["maximum"] == 100
    assert by_name["since"] == {"type": "string", "format": "date-time"}


def test_the_page_works_without_network_and_scripts() -> None:
    text = page()["body"]
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page()["headers"]["Content-Security-Policy"]
    assert page()["headers"]["Content-Type"].startswith("text/html")


def test_every_problem_type_leads_to_a_place_on_the_page() -> None:
    for row in TABLE.values():
        assert row.type == f"/docs#{row.anchor}"
        assert f'id="{row.anchor}"' in page()["body"]


def test_every_way_in_is_on_the_page() -> None:
    for _, _, operation in operations():
        assert f'id="{operation["operationId"]}"' in page()["body"]


def test_every_link_on_the_page_leads_to_a_place_on_it() -> None:
    text = page()["body"]
    places, links = re.findall(r'id="([^"]+)"', text), re.findall(r'href="#([^"]+)"', text)
    assert len(places) == len(set(places))
    assert set(links) <= set(places)
    assert {"login", "types", "errors", "type-Note"} <= set(links)


def test_the_page_says_of_each_member_of_a_body_what_it_takes_and_whether_it_may_be_left_out() -> None:
    text = page()["body"]
    note = text[text.index('<h3 id="type-Note">') :]
    for cells in (
        ("title", "text", "", "characters: at least 1; characters: at most 20"),
        ("inner", '<a href="#type-Inner">Inner</a>', "optional", ""),
        ("flags", "object of any name: true or false", "optional", ""),
        ("agreed", "<code>true</code>", "optional", ""),
        ("at", "date-time or null", "optional", ""),
        ("shape", '<a href="#type-Round">Round</a> or <a href="#type-Square">Square</a> or null', "optional", ""),
    ):
        name, *rest = cells
        line = "".join(f"<td>{cell}</td>" for cell in (f"<code>{name}</code>", *rest))
        assert f"<tr>{line}</tr>" in note


def test_the_page_says_how_to_log_in_and_for_which_requests() -> None:
    text = page()["body"]
    assert "Authorization: Bearer" in text
    assert "Authorization: DPoP" in text
    for _, _, operation in operations():
        told = text[text.index(f'id="{operation["operationId"]}"') :]
        needs = "bearer or dpop" if operation["security"] else "none"
        assert told[told.index('<a href="#login">Login</a>: ') :].startswith(f'<a href="#login">Login</a>: {needs}.')
