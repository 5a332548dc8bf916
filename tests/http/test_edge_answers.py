"""What every answer carries, whoever asked and whatever happened."""

import base64
import json
import logging
import re
import threading
from typing import Any

import pytest
from chalice.app import Chalice
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.edge.http import Site
from chalicelib.edge.problems import TABLE, FieldProblem, Problem
from chalicelib.edge.serve import mount
from chalicelib.edge.ways import declared
from chalicelib.kernel.errors import CarnetError

from .edge_site import BYTES, FAILURES, NOTE, RECORD, SECRET, api, build, event, json_of, send

NOTES = "/records/{record}/notes"
CONTENT = "/records/{record}/content"
PORTAL = "https://portal.example"
EXPECTED = {
    "denied": (403, "FORBIDDEN_BY_LAW"),
    "conflict": (409, "CONFLICT"),
    "many": (429, "TOO_MANY"),
    "away": (503, "UNAVAILABLE"),
    "broken": (503, "UNAVAILABLE"),
    "bug": (500, "FAULT"),
    "header": (500, "FAULT"),
}


@pytest.fixture(scope="module")
def app() -> Chalice:
    return build((PORTAL,))


def fail(app: Chalice, name: str) -> dict[str, Any]:
    """Ask for one failure."""
    return send(app, "GET", "/failures/{name}", params={"name": name})


@pytest.mark.abuse("I08")
@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_is_a_problem_that_says_nothing_of_its_cause(app: Chalice, name: str) -> None:
    answer = fail(app, name)
    problem = json_of(answer)
    assert (answer["statusCode"], problem["code"]) == EXPECTED[name]
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert SECRET not in str(answer)
    assert set(problem) == {"type", "title", "status", "detail", "code", "request"}


def test_those_who_should_come_back_are_told_when(app: Chalice) -> None:
    for name in ("many", "away", "broken"):
        assert int(fail(app, name)["headers"]["Retry-After"]) > 0


@pytest.mark.parametrize("token", ["", "Bearer bad", "bearer good"])
def test_without_a_valid_token_the_answer_is_401_before_anything_else(app: Chalice, token: str) -> None:
    answer = send(app, "POST", NOTES, body=b"{", params={"record": "x"}, token=token)
    assert (answer["statusCode"], json_of(answer)["code"]) == (401, "NOT_AUTHENTICATED")
    assert "Bearer" in answer["headers"]["WWW-Authenticate"]
    assert "DPoP" in answer["headers"]["WWW-Authenticate"]


def test_why_a_token_was_refused_is_known_to_the_operator_by_its_place_and_to_nobody_else(
    app: Chalice, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("chalicelib").propagate = True
    with caplog.at_level(logging.INFO, "chalicelib"):
        answer = send(app, "POST", NOTES, token="Bearer bad")
    assert json.loads(caplog.records[-1].message)["code"].startswith("NotAuthenticated@")
    assert "NotAuthenticated@" not in str(answer)


def test_an_anonymous_route_has_no_actor_to_use(app: Chalice) -> None:
    assert send(app, "GET", "/who")["statusCode"] == 401


def test_an_unknown_path_is_the_same_404(app: Chalice) -> None:
    unknown = app({**event("GET", "/nope"), "requestContext": {"httpMethod": "GET"}}, None)
    assert json_of(unknown)["code"] == "NOT_FOUND"
    assert json_of(send(app, "GET", "/nope"))["code"] == "NOT_FOUND"


def test_another_method_is_405_and_tells_the_right_ones(app: Chalice) -> None:
    answer = send(app, "DELETE", NOTES)
    assert (answer["statusCode"], json_of(answer)["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(answer["headers"]["Allow"].split(", ")) == {"GET", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    "name", ["authorization", "Authorization", "dpop", "Content-Type", "If-Match", "Range", "If-Range"]
)
def test_a_header_that_decides_may_not_come_twice(app: Chalice, name: str) -> None:
    sent = event("GET", f"/records/{RECORD}/notes", NOTES, params={"record": RECORD})
    sent["multiValueHeaders"][name] = ["Bearer good", "Bearer bad"]
    assert json_of(app(sent, None))["code"] == "UNPARSEABLE"


def answers(app: Chalice) -> list[dict[str, Any]]:
    """Return one answer of every kind."""
    sent: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", NOTES, {}),
        ("GET", NOTES, {"token": ""}),
        ("DELETE", NOTES, {}),
        ("OPTIONS", NOTES, {}),
        ("GET", CONTENT, {}),
        ("GET", "/health", {}),
        ("GET", "/openapi.json", {}),
        ("GET", "/docs", {}),
        ("GET", "/nope", {}),
        *(("GET", "/failures/{name}", {"params": {"name": name}}) for name in FAILURES),
    ]
    return [send(app, method, resource, **more) for method, resource, more in sent]


@pytest.mark.abuse("T06")
def test_every_answer_carries_the_security_headers(app: Chalice) -> None:
    for answer in answers(app):
        headers = answer["headers"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "max-age=" in headers["Strict-Transport-Security"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Carnet-Request-Id"] == "request-0001"


@pytest.mark.abuse("T06")
def test_only_a_listed_origin_is_told_that_it_may_read(app: Chalice) -> None:
    allowed = send(app, "GET", NOTES, headers={"origin": PORTAL})["headers"]
    assert allowed["Access-Control-Allow-Origin"] == PORTAL
    assert allowed["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in allowed
    for origin in ("https://evil.example", "https://portal.example.evil.example", "null", "http://portal.example", "*"):
        assert "Access-Control-Allow-Origin" not in send(app, "GET", NOTES, headers={"origin": origin})["headers"]


@pytest.mark.abuse("T06")
def test_a_preflight_is_answered_on_every_path_without_a_token(app: Chalice) -> None:
    asked = {"headers": {"origin": PORTAL}, "query": {"limit": ["25"]}, "token": ""}
    for resource in [path for path, methods in app.routes.items() if methods]:
        params = {name: "x" for name in ("record", "part", "name") if f"{{{name}}}" in resource}
        assert send(app, "OPTIONS", resource, params=params, **asked)["statusCode"] == 204
    headers = send(app, "OPTIONS", NOTES, headers={"origin": PORTAL}, token="")["headers"]
    assert headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert "DPoP" in headers["Access-Control-Allow-Headers"]
    refused = send(app, "OPTIONS", NOTES, headers={"origin": "https://evil.example"}, token="")["headers"]
    assert not [name for name in refused if name.startswith("Access-Control")]


def test_without_configuration_no_origin_is_allowed_and_a_wildcard_cannot_be_configured() -> None:
    headers = send(build(), "GET", NOTES, headers={"origin": PORTAL})["headers"]
    assert not [name for name in headers if name.startswith("Access-Control")]
    with pytest.raises(ValueError, match="one by one"):
        build(("*",))


@pytest.mark.parametrize("accept", [None, "*/*", "application/pdf", "application/json", "text/html;q=0.1"])
def test_bytes_go_out_whatever_is_accepted(app: Chalice, accept: str | None) -> None:
    headers = {"accept": accept} if accept else {}
    gateway = send(app, "GET", CONTENT, headers=headers)
    assert (gateway["statusCode"], gateway["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(gateway["body"]) == BYTES
    front = send(app, "GET", CONTENT, headers=headers, raw=True)
    assert (front["body"], front["isBase64Encoded"]) == (BYTES, False)
    assert front["headers"]["Content-Type"] == "application/pdf"


def test_one_line_is_logged_with_the_template_of_the_route_and_nobodys_data(
    app: Chalice, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "chalicelib"):
        body = json.dumps({**NOTE, "title": SECRET}).encode()
        send(app, "POST", NOTES, body=body, headers={"content-type": "application/json", "x": f"{SECRET}\r\n"})
        fail(app, "bug")
    first, second = (json.loads(one.message) for one in caplog.records if one.name == "chalicelib")
    assert set(first) == {"time", "request", "route", "method", "status", "ms", "actor", "code"}
    assert (first["route"], first["status"], first["actor"], first["code"]) == (NOTES, 201, "citizen", "-")
    assert second["code"].startswith("KeyError@")
    assert not [text for text in (SECRET, RECORD, "citizen:someone") if text in caplog.text]


def test_the_request_id_of_the_host_is_kept_only_when_it_is_plain() -> None:
    app = build()
    for wrong in ("x\r\nSet-Cookie: a", "", "a" * 65, None):
        sent = event("GET", "/health")
        sent["requestContext"]["requestId"] = wrong
        kept = app(sent, None)["headers"]["Carnet-Request-Id"]
        assert len(kept) == 32
        assert kept.isalnum()


def test_requests_at_the_same_time_do_not_see_each_other(app: Chalice) -> None:
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(100):
            answer = send(app, "GET", NOTES, query={"limit": [str(number)], "kind": [str(number)] * number})
            if json_of(answer) != {"text": ",".join([str(number)] * number), "number": number}:
                wrong.append(answer)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200), st.text(max_size=40), st.booleans())
def test_no_body_and_no_media_type_is_a_failure_of_ours(body: bytes | str, media: str, raw: bool) -> None:
    app = build()
    for resource in (NOTES, "/records/{record}/forms"):
        for kind in (media, "application/json", "multipart/form-data; boundary=x"):
            answer = send(app, "POST", resource, body=body, headers={"content-type": kind}, raw=raw)
            assert answer["statusCode"] in (400, 413, 415, 422)


def test_every_error_has_its_own_code() -> None:
    codes = [row.code for row in TABLE.values()]
    assert len(codes) == len(set(codes))


def test_a_deployment_that_cannot_start_answers_with_problems_too() -> None:
    def broken() -> Site:
        raise RuntimeError(SECRET)

    app = Chalice("edge", configure_logs=False, env={})
    mount(app, broken, declared([api]))
    for method in ("GET", "DELETE"):
        answer = send(app, method, NOTES)
        assert (answer["statusCode"], json_of(answer)["code"]) == (500, "FAULT")
        assert SECRET not in str(answer)


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_what_the_documentation_names_of_a_problem_stands_in_its_answer(kind: type[CarnetError]) -> None:
    told = {*Problem.model_fields, *FieldProblem.model_fields, "Content-Range"}
    assert set(re.findall("`([^`]+)`", kind.__doc__ or "")) <= told
