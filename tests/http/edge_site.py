"""A small site of its own for the tests of the edge: no capability, no store, one route of each shape."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast

from chalice.app import Chalice
from pydantic import AwareDatetime, BaseModel, Field

from chalicelib.access.actor import Actor, Kind
from chalicelib.edge.conditions import byte_range, content_range, etag, idempotency_key, if_match
from chalicelib.edge.http import QUERY, STRICT, Api, Call, Example, Headers, Reply, Site
from chalicelib.edge.serve import mount
from chalicelib.edge.system import system_api
from chalicelib.edge.ways import declared
from chalicelib.kernel.errors import AccessDenied, Broken, Conflict, NotAuthenticated, Stale, TooMany, Unavailable
from chalicelib.kernel.host import Host

PUBLIC_URL = "https://carnet.example"
RECORD = "a" * 26
SECRET = "canary-7f3e"
BYTES = bytes(range(256))


class Inner(BaseModel):
    """Something inside."""

    model_config = STRICT
    count: Annotated[int, Field(ge=0, le=9)] = 0
    children: list["Inner"] = []
    share: Annotated[float, Field(lt=1)] = 0


class Round(BaseModel):
    """One of two shapes."""

    model_config = STRICT
    kind: Literal["round"]


class Square(BaseModel):
    """The other."""

    model_config = STRICT
    kind: Literal["square"]


class Note(BaseModel):
    """A body."""

    model_config = STRICT
    title: Annotated[str, Field(min_length=1, max_length=20)]
    day: datetime | None = None
    inner: Inner = Inner()
    flags: dict[str, bool] = {}
    agreed: Literal[True] = True
    at: Annotated[AwareDatetime | None, Field(strict=False)] = None
    shape: Annotated[Round | Square | None, Field(discriminator="kind")] = None


class Filter(BaseModel):
    """A query."""

    model_config = QUERY
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    since: datetime | None = None
    kind: list[str] = []


class Echo(BaseModel):
    """An answer."""

    model_config = STRICT
    text: str
    number: int


api = Api("notes")
NOTE = {"title": "A note", "inner": {"count": 1}}


@api.route(
    "POST",
    "/records/{record}/notes",
    body=Note,
    reply=Echo,
    status=201,
    summary="Write a note",
    errors=(Conflict,),
    examples=Example(request=NOTE, reply={"text": "A note", "number": 1}, params={"record": RECORD}),
)
def write(call: Call[Note]) -> Reply:
    """Answer with what was parsed."""
    return Reply(201, Echo(text=call.body.title, number=call.body.inner.count))


@api.route("GET", "/records/{record}/notes", query=Filter, reply=Echo, summary="List notes")
def listing(call: Call[None, Filter]) -> Reply:
    """Answer with what was asked."""
    return Reply(200, Echo(text=",".join(call.query.kind), number=call.query.limit))


@api.route("POST", "/records/{record}/forms", body=Note, form=True, reply=Echo, summary="Send a form")
def form(call: Call[Note]) -> Reply:
    """Answer with the size and type of the content."""
    part = call.parts["content"]
    return Reply(200, Echo(text=part.media, number=len(part.content)))


@api.route("PUT", "/records/{record}/parts/{part}", raw=True, reply=Echo, summary="Send", params={"part": "[0-9]{1,4}"})
def part(call: Call[bytes]) -> Reply:
    """Answer with the size of the body."""
    return Reply(200, Echo(text=call.params["part"], number=len(call.body)))


@api.route(
    "GET",
    "/records/{record}/content",
    reply=bytes,
    media="application/pdf",
    also={206: "A part"},
    headers=("Range",),
    summary="Read",
)
def content(call: Call) -> Reply:
    """Answer with bytes, or some of them."""
    headers = {"ETag": etag(3)}
    wanted = byte_range(call.headers.get("range"), len(BYTES))
    if wanted is None:
        return Reply(200, BYTES, headers, "application/pdf")
    headers["Content-Range"] = content_range(*wanted, len(BYTES))
    return Reply(206, BYTES[slice(*wanted)], headers, "application/pdf")


@api.route("PUT", "/records/{record}/version", headers=("If-Match",), status=204, summary="Change", errors=(Stale,))
def change(call: Call) -> Reply:
    """Accept version 3 only."""
    idempotency_key(call)
    if if_match(call) not in (None, 3):
        raise Stale
    return Reply(204)


FAILURES: dict[str, Exception] = {
    "denied": AccessDenied("FORBIDDEN_BY_LAW"),
    "conflict": Conflict(),
    "many": TooMany(),
    "away": Unavailable(),
    "broken": Broken(),
    "bug": KeyError(SECRET),
    "header": ValueError(SECRET),
}


@api.route("GET", "/failures/{name}", params={"name": "[a-z]+"}, reply=Echo, summary="Fail")
def fail(call: Call) -> Reply:
    """Raise what is asked for, or write a header that splits."""
    if call.params["name"] == "header":
        return Reply(200, None, {"Location": f"/x\r\nSet-Cookie: {SECRET}"})
    raise FAILURES[call.params["name"]]


@api.route("GET", "/who", reply=Echo, summary="Tell who calls", anonymous=True)
def who(call: Call) -> Reply:
    """Ask for the actor where nobody is authenticated."""
    return Reply(200, Echo(text=call.actor.id, number=0))


def authenticate(headers: Headers, method: str, url: str) -> Actor:
    """Accept one constant token; what a real one must be is the matter of test_edge_authn."""
    if headers.get("authorization") != "Bearer good" or not url.startswith(PUBLIC_URL) or not method:
        raise NotAuthenticated
    return Actor(Kind.CITIZEN, "citizen:someone", SECRET)


def build(origins: tuple[str, ...] = ()) -> Chalice:
    """Return the application."""
    app = Chalice("edge", configure_logs=False, env={})
    site = Site(cast(Host, None), authenticate, PUBLIC_URL, cors_origins=origins)
    mount(app, lambda: site, declared([api, system_api(lambda: [api])]))
    return app


def event(
    method: str,
    path: str,
    resource: str | None = None,
    *,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, list[str]] | None = None,
    params: Mapping[str, str] | None = None,
    raw: bool = False,
    token: str = "Bearer good",
) -> dict[str, Any]:
    """Return the proxy event for one request, as a gateway (base64) or as the container front (raw) writes it."""
    encoded = isinstance(body, bytes) and not raw
    all_headers = {"authorization": token, **(headers or {})}
    return {
        "path": path,
        "body": base64.b64encode(cast(bytes, body)).decode() if encoded else body,
        "isBase64Encoded": encoded,
        "headers": all_headers,
        "multiValueHeaders": {name: [value] for name, value in all_headers.items()},
        "multiValueQueryStringParameters": query,
        "pathParameters": dict(params) if params else None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource or path,
            "httpMethod": method,
            "requestId": "request-0001",
            **({"carnet": {"raw": True}} if raw else {}),
        },
    }


def send(app: Chalice, method: str, resource: str, **more: Any) -> dict[str, Any]:
    """Send one request; `{record}` in the resource stands for RECORD unless `params` says otherwise."""
    params = more.pop("params", {"record": RECORD} if "{record}" in resource else {})
    path = resource
    for name, value in params.items():
        path = path.replace(f"{{{name}}}", value)
    return cast(dict[str, Any], app(event(method, path, resource, params=params, **more), None))


def json_of(answer: Mapping[str, Any]) -> Any:
    """Return the parsed body."""
    return json.loads(answer["body"])


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
