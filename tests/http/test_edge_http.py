"""The edge over HTTP events: what goes in is parsed strictly, what comes out is always of one shape."""

import json
from typing import Any

import pytest
from chalice.app import Chalice

from chalicelib.edge.http import CONTENT_LIMIT

from .edge_site import BYTES, NOTE, RECORD, SECRET, build, event, json_of, send

JSON = {"content-type": "application/json"}
NOTES = "/records/{record}/notes"


@pytest.fixture(scope="module")
def app() -> Chalice:
    return build()


def note(app: Chalice, body: bytes | str | None, media: str = "application/json", **more: Any) -> dict[str, Any]:
    """Send one note."""
    return send(app, "POST", NOTES, body=body, headers={"content-type": media}, **more)


def form(*parts: tuple[str, str, bytes], boundary: str = "limit") -> bytes:
    """Return a form of (name, media type, content); an empty media type is left out."""
    blocks = []
    for name, media, content in parts:
        kind = f"\r\nContent-Type: {media}" if media else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{kind}\r\n\r\n'
        blocks.append(head.encode() + content + b"\r\n")
    return b"".join(blocks) + f"--{boundary}--\r\n".encode()


GOOD_FORM = (("metadata", "application/json", json.dumps(NOTE).encode()), ("content", "application/pdf", BYTES))


def send_form(app: Chalice, body: bytes, media: str = "multipart/form-data; boundary=limit", **more: Any) -> Any:
    """Send a form."""
    return send(app, "POST", "/records/{record}/forms", body=body, headers={"content-type": media}, **more)


def assert_problem(answer: dict[str, Any], status: int, code: str) -> None:
    """Check that this is the problem, whole and of nothing but fixed text."""
    problem = json_of(answer)
    assert (answer["statusCode"], problem["status"], problem["code"]) == (status, status, code)
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert problem["request"] == answer["headers"]["Carnet-Request-Id"] == "request-0001"
    assert problem["type"].startswith("/docs#errors-")
    assert SECRET not in str(answer)


@pytest.mark.parametrize("media", ["application/json", "application/json; charset=utf-8", "application/fhir+json"])
@pytest.mark.parametrize("raw", [False, True])
def test_a_body_is_parsed_from_a_gateway_and_from_the_container_front(app: Chalice, media: str, raw: bool) -> None:
    answer = note(app, json.dumps(NOTE).encode(), media, raw=raw)
    assert (answer["statusCode"], json_of(answer)) == (201, {"text": "A note", "number": 1})


def test_a_body_as_text_is_parsed(app: Chalice) -> None:
    assert note(app, json.dumps(NOTE))["statusCode"] == 201


UNPARSEABLE: dict[str, bytes | str] = {
    "nothing": b"",
    "text": b"hello",
    "cut": b'{"title": "A',
    "two values": b'{"title":"A"} {}',
    "NaN": b'{"title":"A","inner":{"count":NaN}}',
    "infinity": b'{"title":"A","inner":{"count":-Infinity}}',
    "twice": b'{"title":"A","title":"B"}',
    "twice inside": b'{"title":"A","inner":{"count":1,"count":2}}',
    "twice, escaped": b'{"title":"A","titl\\u0065":"B"}',
    "UTF-16": json.dumps(NOTE).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "Latin-1": '{"title":"é"}'.encode("latin-1"),
    "lone surrogate": b'{"title":"\\ud800"}',
    "lone surrogate in the event": '{"title":"\ud800"}',
    "overlong UTF-8": b'{"title":"\xc0\xaf"}',
    "deep lists": b"[" * 5000 + b"]" * 5000,
    "deep objects": b'{"inner":' * 5000 + b"1" + b"}" * 5000,
    "21 deep": b'{"title":"A","x":' + b"[" * 20 + b"]" * 20 + b"}",
    "unclosed": b"[" * 30_000,
    "long number": b'{"title":"A","inner":{"count":' + b"9" * 5000 + b"}}",
}


@pytest.mark.parametrize("name", UNPARSEABLE)
def test_what_is_not_plain_json_is_unparseable(app: Chalice, name: str) -> None:
    assert_problem(note(app, UNPARSEABLE[name]), 400, "UNPARSEABLE")


def test_twenty_deep_is_read_and_brackets_in_text_do_not_count(app: Chalice) -> None:
    depth_20 = '{"inner":' + '{"children":[' * 9 + "{}" + "]}" * 9 + ', "title":"[[[[[[[[[{{{{{"}'
    assert note(app, depth_20)["statusCode"] == 201


INVALID: list[tuple[dict[str, Any] | list[Any], list[str]]] = [
    ({}, ["/title"]),
    ({"title": ""}, ["/title"]),
    ({"title": SECRET * 3}, ["/title"]),
    ({"title": 1}, ["/title"]),
    ({"title": "A", "inner": {"count": "1"}}, ["/inner/count"]),
    ({"title": "A", "inner": {"count": True}}, ["/inner/count"]),
    ({"title": "A", "inner": {"count": 1.5}}, ["/inner/count"]),
    ({"title": "A", "inner": {"children": [{}, {"count": 99}]}}, ["/inner/children/1/count"]),
    ({"title": "A", "day": SECRET}, ["/day"]),
    ({"title": "A", "flags": {SECRET: 1}}, ["/flags"]),
    ([], [""]),
]
SAID: list[tuple[dict[str, Any], str, str]] = [
    ({"title": 1}, "/title", "must be text"),
    ({"title": "A", "inner": []}, "/inner", "must be an object"),
    ({"title": "A", "inner": {"count": 1.5}}, "/inner/count", "must be a whole number"),
    ({"title": "A", "inner": {"children": {}}}, "/inner/children", "must be a list"),
    ({"title": "A", "inner": {"share": "1"}}, "/inner/share", "must be a number"),
    ({"title": "A", "inner": {"share": 1}}, "/inner/share", "must be less than 1.0"),
    ({"title": "A", "flags": {"a": "yes"}}, "/flags", "must be true or false"),
    ({"title": "A", "agreed": False}, "/agreed", "must be true"),
    ({"title": "A", "shape": {}}, "/shape/kind", "is required"),
    ({"title": "A", "shape": {"kind": SECRET}}, "/shape/kind", "must be one of 'round', 'square'"),
    *(
        ({"title": "A", "at": at}, "/at", "is an instant with its offset, as 2026-11-02T07:30:00+01:00")
        for at in ("2026-11-02", "2026-11-02T07:30:00", "in the morning", True)
    ),
]


@pytest.mark.parametrize(("body", "pointer", "detail"), SAID)
def test_a_member_of_the_wrong_kind_is_told_what_it_should_be(
    app: Chalice, body: dict[str, Any], pointer: str, detail: str
) -> None:
    answer = note(app, json.dumps(body).encode())
    assert_problem(answer, 422, "INVALID")
    assert json_of(answer)["errors"] == [{"pointer": pointer, "detail": detail}]


MASS: list[str] = ["owner", "masked", "author", "status", "patient_id", "record", "version", "id", SECRET]


@pytest.mark.abuse("I08")
@pytest.mark.parametrize(("body", "pointers"), INVALID)
def test_a_wrong_member_is_named_by_a_pointer_and_a_fixed_message(
    app: Chalice, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = note(app, json.dumps(body).encode())
    assert_problem(answer, 422, "INVALID")
    assert [error["pointer"] for error in json_of(answer)["errors"]] == pointers


@pytest.mark.abuse("A14")
@pytest.mark.parametrize("name", MASS)
@pytest.mark.parametrize("inside", [False, True])
def test_an_unknown_member_is_refused_and_not_repeated(app: Chalice, name: str, inside: bool) -> None:
    body = {**NOTE, "inner": {name: 1}} if inside else {**NOTE, name: 1}
    answer = note(app, json.dumps(body).encode())
    assert_problem(answer, 422, "INVALID")
    assert json_of(answer)["errors"] == [
        {"pointer": "/inner" if inside else "", "detail": "holds a member that is not known"}
    ]


@pytest.mark.parametrize("media", ["text/plain", "", "application/xml", "*/*", "application/jsonx", "text/json+x"])
def test_another_media_type_is_unsupported(app: Chalice, media: str) -> None:
    assert_problem(note(app, b"{}", media), 415, "UNSUPPORTED")


@pytest.mark.parametrize("raw", [False, True])
def test_more_than_64_kib_of_json_is_too_large(app: Chalice, raw: bool) -> None:
    fitting = json.dumps(NOTE).encode().ljust(64 * 1024)
    assert note(app, fitting, raw=raw)["statusCode"] == 201
    assert_problem(note(app, fitting + b" ", raw=raw), 413, "TOO_LARGE")


def test_base64_that_is_none_is_unparseable(app: Chalice) -> None:
    sent = event("POST", f"/records/{RECORD}/notes", NOTES, body=b"x", headers=JSON, params={"record": RECORD})
    assert_problem(app({**sent, "body": "%%%"}, None), 400, "UNPARSEABLE")


def test_a_form_gives_its_metadata_and_its_content(app: Chalice) -> None:
    assert json_of(send_form(app, form(*GOOD_FORM))) == {"text": "application/pdf", "number": 256}
    assert json_of(send_form(app, form(*GOOD_FORM), raw=True)) == {"text": "application/pdf", "number": 256}
    assert json_of(send_form(app, form(*reversed(GOOD_FORM)))) == {"text": "application/pdf", "number": 256}


def test_content_may_hold_anything_but_the_boundary(app: Chalice) -> None:
    content = b"\r\n--limi\r\n--limi\xff\r\n\r\n--" * 1000
    answer = send_form(app, form(GOOD_FORM[0], ("content", "", content)))
    assert json_of(answer) == {"text": "", "number": len(content)}


METADATA, CONTENT = GOOD_FORM
FORMS: dict[str, tuple[bytes, int, str]] = {
    "no content": (form(METADATA), 422, "INVALID"),
    "no metadata": (form(CONTENT), 422, "INVALID"),
    "content twice": (form(METADATA, CONTENT, CONTENT), 422, "INVALID"),
    "another part": (form(METADATA, CONTENT, ("owner", "", b"x")), 422, "INVALID"),
    "five parts": (form(METADATA, CONTENT, METADATA, CONTENT, CONTENT), 422, "INVALID"),
    "empty": (b"", 400, "UNPARSEABLE"),
    "cut": (form(*GOOD_FORM)[:-9], 400, "UNPARSEABLE"),
    "another boundary": (form(*GOOD_FORM, boundary="other"), 400, "UNPARSEABLE"),
    "metadata of another type": (form(("metadata", "text/xml", b"<a/>"), CONTENT), 415, "UNSUPPORTED"),
    "metadata wrong": (form(("metadata", "application/json", b'{"title":1}'), CONTENT), 422, "INVALID"),
    "metadata not JSON": (form(("metadata", "application/json", b"x"), CONTENT), 400, "UNPARSEABLE"),
    "media type of content odd": (form(METADATA, ("content", "a b<script>", b"x")), 422, "INVALID"),
    "metadata large": (form(("metadata", "application/json", b" " * 65_537), CONTENT), 413, "TOO_LARGE"),
    "content large": (form(METADATA, ("content", "", bytes(CONTENT_LIMIT + 1))), 413, "TOO_LARGE"),
    "header long": (form(METADATA, ("content", "a/" + "b" * 5000, b"x")), 400, "UNPARSEABLE"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_wrong_form_is_refused(app: Chalice, name: str) -> None:
    body, status, code = FORMS[name]
    assert_problem(send_form(app, body, raw=True), status, code)


@pytest.mark.parametrize(
    "media", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=limit"]
)
def test_a_form_without_boundary_or_of_another_kind_is_refused(app: Chalice, media: str) -> None:
    assert send_form(app, form(*GOOD_FORM), media)["statusCode"] in (400, 415)


@pytest.mark.parametrize("raw", [False, True])
def test_a_raw_body_arrives_byte_for_byte_up_to_the_limit(app: Chalice, raw: bool) -> None:
    def put(body: bytes) -> dict[str, Any]:
        headers = {"content-type": "application/octet-stream"}
        params = {"record": RECORD, "part": "3"}
        return send(app, "PUT", "/records/{record}/parts/{part}", body=body, headers=headers, params=params, raw=raw)

    assert json_of(put(bytes(CONTENT_LIMIT))) == {"text": "3", "number": CONTENT_LIMIT}
    assert_problem(put(bytes(CONTENT_LIMIT + 1)), 413, "TOO_LARGE")


@pytest.mark.abuse("I01", "A19")
@pytest.mark.parametrize(
    "record", ["", "a" * 25, "a" * 27, "A" * 26, "a" * 25 + "1", "a" * 25 + "\n", "../" * 9, "r#x", "é" * 26]
)
def test_a_malformed_id_is_answered_like_an_absent_thing(app: Chalice, record: str) -> None:
    assert_problem(send(app, "GET", NOTES, params={"record": record}), 404, "NOT_FOUND")


def test_query_parameters_are_read_from_text(app: Chalice) -> None:
    answer = send(app, "GET", NOTES, query={"limit": ["5"], "kind": ["a", "b"], "since": ["2026-01-01T00:00:00Z"]})
    assert json_of(answer) == {"text": "a,b", "number": 5}
    assert json_of(send(app, "GET", NOTES)) == {"text": "", "number": 25}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": ["0"]}, "limit"),
        ({"limit": [SECRET]}, "limit"),
        ({"limit": ["1", "2"]}, "limit"),
        ({"since": ["yesterday"]}, "since"),
        ({SECRET: ["1"]}, "query"),
    ],
)
def test_a_wrong_or_unknown_query_parameter_is_refused(app: Chalice, query: dict[str, list[str]], pointer: str) -> None:
    answer = send(app, "GET", NOTES, query=query)
    assert_problem(answer, 422, "INVALID")
    assert json_of(answer)["errors"][0]["pointer"] == pointer


def test_half_a_character_in_a_query_is_unparseable(app: Chalice) -> None:
    for query in ({"kind": ["\ud800"]}, {"\udfff": ["1"]}):
        assert_problem(send(app, "GET", NOTES, query=query), 400, "UNPARSEABLE")


def test_a_route_without_query_takes_none(app: Chalice) -> None:
    assert_problem(send(app, "GET", "/health", query={"x": ["1"]}), 422, "INVALID")
