"""The front turns HTTP into the events that a gateway sends, and back."""

import base64
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra.context import Context
from infra.front import BODY_LIMIT, Front
from infra.routing import Router

DOCUMENTS = "/records/{record}/documents"
RESOURCES = ("/health", DOCUMENTS, DOCUMENTS + "/search", DOCUMENTS + "/{document}")


class Echo:
    """An application that answers with the event it got."""

    def __init__(self, **answer: Any) -> None:
        self.event: dict[str, Any] = {}
        self.answer = {"statusCode": 200, "headers": {"A": "1"}, "body": "fine", "isBase64Encoded": False} | answer

    def __call__(self, event: dict[str, Any], context: Context) -> Mapping[str, Any]:
        self.event = event
        assert context.aws_request_id == event["requestContext"]["requestId"]
        return self.answer


class Said:
    """One answer of the front."""

    def __init__(self, app: Echo, method: str, path: str, body: bytes = b"", **environ: str) -> None:
        if body:
            environ.setdefault("CONTENT_LENGTH", str(len(body)))
        plain = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "wsgi.input": io.BytesIO(body)}
        self.body = b"".join(Front(app, RESOURCES)({**plain, **environ}, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


def test_a_request_becomes_the_event_of_its_resource() -> None:
    app = Echo()
    Said(app, "GET", "/records/abc/documents/def", QUERY_STRING="a=1&a=2&b=", HTTP_IF_MATCH='"x"', REMOTE_ADDR="::1")
    assert app.event["requestContext"]["resourcePath"] == "/records/{record}/documents/{document}"
    assert app.event["pathParameters"] == {"record": "abc", "document": "def"}
    assert app.event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}
    assert app.event["headers"] == {"if-match": '"x"'}
    assert app.event["requestContext"]["identity"] == {"sourceIp": "::1"}


def test_bytes_go_both_ways_as_they_are() -> None:
    app = Echo(body=b"\x00\xff")
    said = Said(app, "POST", "/health", b"\xff\x00", CONTENT_TYPE="application/octet-stream")
    assert (app.event["body"], app.event["isBase64Encoded"]) == (b"\xff\x00", False)
    assert (said.body, said.headers["Content-Length"]) == (b"\x00\xff", "2")


def test_an_answer_in_base64_is_decoded() -> None:
    assert Said(Echo(body=base64.b64encode(b"\x00").decode(), isBase64Encoded=True), "GET", "/health").body == b"\x00"


def test_a_literal_segment_wins_over_a_parameter() -> None:
    found = Router(RESOURCES).match("/records/abc/documents/search")
    assert found is not None
    assert found.resource == "/records/{record}/documents/search"


@pytest.mark.parametrize("path", ["/", "", "/nothing", "/records//documents", "/records/a/documents/", "/health/"])
def test_an_unknown_address_reaches_the_application_without_a_resource(path: str) -> None:
    app = Echo()
    Said(app, "GET", path)
    assert app.event["requestContext"]["resourcePath"] is None


def test_head_is_get_without_the_body() -> None:
    app = Echo()
    said = Said(app, "HEAD", "/health")
    assert (app.event["requestContext"]["httpMethod"], said.body, said.headers["Content-Length"]) == ("GET", b"", "4")


def test_a_body_over_the_limit_is_refused_unread() -> None:
    app = Echo()
    said = Said(app, "POST", "/health", b"x", CONTENT_LENGTH=str(BODY_LIMIT + 1))
    assert (said.status, json.loads(said.body)["code"], app.event) == (413, "TOO_LARGE", {})


def test_a_body_cut_short_is_refused() -> None:
    app = Echo()
    assert (Said(app, "POST", "/health", b"half", CONTENT_LENGTH="8").status, app.event) == (400, {})


def test_a_body_of_unknown_length_is_refused() -> None:
    app = Echo()
    assert (Said(app, "POST", "/health", HTTP_TRANSFER_ENCODING="chunked").status, app.event) == (400, {})


def test_too_many_query_parameters_are_refused() -> None:
    assert Said(Echo(), "GET", "/health", QUERY_STRING="&".join("a=1" for _ in range(65))).status == 400


def test_an_empty_answer_has_no_length() -> None:
    assert "Content-Length" not in Said(Echo(statusCode=204, body=""), "OPTIONS", "/health").headers
