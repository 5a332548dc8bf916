"""Answers on the wire: body, headers that every answer carries, and CORS for listed origins only."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalice.app import Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from .http import Call, Reply, View

ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
REQUEST_HEADERS = (
    "Accept-Language, Authorization, Carnet-Read, Content-Type, DPoP, Idempotency-Key, If-Match, If-None-Match, "
    "If-Range, Range"
)
REPLY_HEADERS = (
    "Allow, Carnet-Read, Carnet-Request-Id, Content-Disposition, Content-Range, ETag, Location, Retry-After, "
    "WWW-Authenticate"
)
_PREFLIGHT_SECONDS = "600"


class Ready(Response):
    """An answer that is already in the shape the host wants: Chalice must not touch it."""

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__(body="", status_code=event["statusCode"])
        self.event = event

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """Return it."""
        return self.event


@dataclass(frozen=True, slots=True)
class Cors:
    """Cross-origin rules: exact origins, no wildcard, no credentials."""

    origins: frozenset[str]

    def headers(self, origin: str | None) -> Mapping[str, str]:
        """Return what an answer to this origin carries."""
        if not self.origins:
            return {}
        if origin not in self.origins:
            return {"Vary": "Origin"}
        return {
            "Access-Control-Allow-Origin": str(origin),
            "Access-Control-Expose-Headers": REPLY_HEADERS,
            "Vary": "Origin",
        }


NO_CORS = Cors(frozenset())


@cache
def cors_for(origins: tuple[str, ...]) -> Cors:
    """Return the rules for these origins."""
    return Cors(frozenset(origins))


def preflight_of(methods: Sequence[str]) -> View:
    """Return the view that answers OPTIONS on a path with these methods."""
    names = ", ".join(methods)

    def preflight(call: Call) -> Reply:
        allowed = {"Allow": f"{names}, OPTIONS"}
        if call.headers.get("origin") in call.site.cors_origins:
            allowed["Access-Control-Allow-Methods"] = names
            allowed["Access-Control-Allow-Headers"] = REQUEST_HEADERS
            allowed["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
        return Reply(204, None, allowed)

    return preflight


def render(reply: Reply, request: Request | None, request_id: str, cors: Cors) -> dict[str, Any]:
    """Return the reply as the host wants it: bytes stay bytes for the container front, base64 for a gateway."""
    body, is_base64 = _body(reply.body, raw=_wants_bytes(request))
    headers = {
        **ALWAYS,
        "Carnet-Request-Id": request_id,
        **cors.headers(request.headers.get("origin") if request else None),
        **({} if reply.body is None else {"Content-Type": reply.media}),
        **reply.headers,
    }
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        message = "a header value is not printable ASCII"
        raise ValueError(message)
    return {
        "statusCode": reply.status,
        "headers": headers,
        "multiValueHeaders": {},
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _wants_bytes(request: Request | None) -> bool:
    return bool(request and request.context.get("carnet", {}).get("raw"))


def _body(body: BaseModel | Mapping[str, Any] | bytes | str | None, *, raw: bool) -> tuple[str | bytes, bool]:
    if isinstance(body, bytes):
        return (body, False) if raw else (base64.b64encode(body).decode(), True)
    if isinstance(body, BaseModel):
        return body.model_dump_json(by_alias=True), False
    if isinstance(body, Mapping):
        return to_json(body).decode(), False
    return body or "", False
