"""Conditional and partial requests."""

import pytest
from chalice.app import Chalice

from chalicelib.edge.conditions import etag, not_modified, range_of

from .edge_site import BYTES, build, send

CONTENT = "/records/{record}/content"


@pytest.fixture(scope="module")
def app() -> Chalice:
    return build()


@pytest.mark.parametrize(
    ("wanted", "status", "expected"),
    [
        ("bytes=0-0", 206, BYTES[:1]),
        ("bytes=-6", 206, BYTES[-6:]),
        ("bytes=250-", 206, BYTES[250:]),
        ("bytes=250-9999", 206, BYTES[250:]),
        ("Bytes=1-2", 206, BYTES[1:3]),
        ("bytes=2-1", 200, BYTES),
        ("bytes=0-1,5-6", 200, BYTES),
        ("items=0-1", 200, BYTES),
        ("bytes=--1", 200, BYTES),
        ("bytes=" + "9" * 40 + "-", 200, BYTES),
    ],
)
def test_one_range_is_served_and_what_is_not_one_range_gets_the_whole(
    app: Chalice, wanted: str, status: int, expected: bytes
) -> None:
    answer = send(app, "GET", CONTENT, headers={"range": wanted}, raw=True)
    assert (answer["statusCode"], answer["body"]) == (status, expected)


@pytest.mark.parametrize("wanted", ["bytes=256-", "bytes=999999-9999999", "bytes=-0"])
def test_a_range_outside_the_content_is_416_with_its_size(app: Chalice, wanted: str) -> None:
    answer = send(app, "GET", CONTENT, headers={"range": wanted})
    assert (answer["statusCode"], answer["headers"]["Content-Range"]) == (416, "bytes */256")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 204),
        ("*", 204),
        ('"v3"', 204),
        (etag(3, {"hidden": True}), 204),
        ('"v2"', 412),
        (etag(2, {"hidden": True}), 412),
        ("v3", 422),
        ('"v0"', 422),
        ('"v3.h"', 422),
        ('W/"v3"', 422),
    ],
)
def test_a_version_is_compared_with_if_match(app: Chalice, given: str | None, status: int) -> None:
    headers = {"if-match": given} if given else {}
    assert send(app, "PUT", "/records/{record}/version", headers=headers)["statusCode"] == status


@pytest.mark.parametrize("given", ['"v3"', 'W/"v3"', '"v1", "v3"'])
def test_a_version_already_held_is_not_modified(given: str) -> None:
    assert not_modified({"if-none-match": given}, etag(3))
    assert not not_modified({"if-none-match": given}, etag(4))
    assert not not_modified({}, etag(3))


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (None, "bytes=0-"),
        ('"v3"', "bytes=0-"),
        ('"v2"', None),
        ('W/"v3"', None),
        ('"v3", "v2"', None),
        ("*", None),
        ("", None),
        ("Tue, 01 Dec 2026 09:00:00 GMT", None),
    ],
)
def test_a_range_goes_on_only_in_the_version_that_if_range_names(given: str | None, asked: str | None) -> None:
    headers = {"range": "bytes=0-"} | ({} if given is None else {"if-range": given})
    assert range_of(headers, 3) == asked
    assert range_of({"if-range": '"v3"'}, 3) is None


@pytest.mark.abuse("T05")
@pytest.mark.parametrize(
    ("given", "status"), [("visit-2026-000017", 204), ("short", 422), ("a" * 65, 422), ("ab\r\ncd-ef", 422)]
)
def test_an_idempotency_key_is_plain(app: Chalice, given: str, status: int) -> None:
    assert send(app, "PUT", "/records/{record}/version", headers={"idempotency-key": given})["statusCode"] == status
