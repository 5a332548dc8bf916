"""Conditional and partial requests (RFC 9110): entity tags, If-Match, Range, If-Range."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from ..kernel.errors import Invalid
from .http import Call, Headers, Reply
from .problems import RangeNotSatisfiable

Representation = BaseModel | Mapping[str, Any]

_TAG = re.compile(r'"v([1-9][0-9]{0,8})(?:\.[0-9a-f]{16})?"')
_KEY = re.compile("[A-Za-z0-9_-]{8,64}")
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.IGNORECASE)


def etag(version: int, shown: Representation | None = None) -> str:
    """Return the strong entity tag of a version: `"v3"`; of what is `shown` of it, `"v3.5feceb66ffc86f38"`.

    What is shown may follow from choices and clocks too, which change without a version.
    """
    mark = "" if shown is None else f".{sha256(to_json(shown)).hexdigest()[:16]}"
    return f'"v{version}{mark}"'


def if_match(call: Call[Any, Any]) -> int | None:
    """Return the version that If-Match names; None when the header is absent or `*`. Raise Invalid."""
    given = call.headers.get("if-match", "*").strip()
    if given == "*":
        return None
    match = _TAG.fullmatch(given)
    if not match:
        raise Invalid(fields={"If-Match": 'must be one entity tag such as "v3"'})
    return int(match[1])


def idempotency_key(call: Call[Any, Any]) -> str | None:
    """Return the caller's own name for this request, None when there is none. Raise Invalid."""
    given = call.headers.get("idempotency-key")
    if given is not None and not _KEY.fullmatch(given):
        raise Invalid(fields={"Idempotency-Key": "must be 8 to 64 letters, digits, - or _"})
    return given


def not_modified(headers: Headers, tag: str) -> bool:
    """Tell whether If-None-Match lists this tag, so that 304 is the answer."""
    given = headers.get("if-none-match", "")
    return tag in (one.strip().removeprefix("W/") for one in given.split(","))


def unless_held(headers: Headers, version: int, shown: Representation) -> Reply:
    """Return what is shown of a version, or 304 to who holds it already."""
    tag = etag(version, shown)
    held = not_modified(headers, tag)
    return Reply(304 if held else 200, None if held else shown, {"ETag": tag})


def range_of(headers: Headers, version: int) -> str | None:
    """Return the Range to answer: none when If-Range names anything but this version, a date included (§ 13.1.5)."""
    return headers.get("range") if headers.get("if-range", etag(version)) == etag(version) else None


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return (start, stop) of a single range, stop excluded; None when the whole content is the answer.

    Several ranges and other units are answered with the whole content, as RFC 9110 § 14.2 allows.
    Raise RangeNotSatisfiable.
    """
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if not match or match[1] == match[2] == "":
        return None
    first, last = match.groups()
    start, stop = (int(first), int(last or size) + 1) if first else (max(size - int(last), 0), size)
    if last and first and int(last) < int(first):
        return None
    if start >= min(stop, size):
        raise RangeNotSatisfiable(size)
    return start, min(stop, size)


def content_range(start: int, stop: int, size: int) -> str:
    """Return the Content-Range header of a 206 answer."""
    return f"bytes {start}-{stop - 1}/{size}"
