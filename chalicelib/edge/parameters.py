"""The parameters of a route as OpenAPI 3.1 describes them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..kernel.ids import ID_PATTERN
from .http import Route

Json = dict[str, Any]

HEADERS: Mapping[str, Json] = {
    "If-Match": {
        "description": "The version that was read: the request is refused (412) when it is no longer the current one",
        "schema": {"type": "string", "pattern": r'^"v[1-9][0-9]{0,8}(\.[0-9a-f]{16})?"$'},
        "example": '"v2"',
    },
    "If-None-Match": {
        "description": "The version already held: it is not sent again (304)",
        "schema": {"type": "string", "pattern": r'^"v[1-9][0-9]{0,8}(\.[0-9a-f]{16})?"$'},
        "example": '"v9"',
    },
    "Carnet-Read": {
        "description": "The read-id of an earlier answer: further ranges of the same read within a minute",
        "schema": {"type": "string", "pattern": r"^[0-9]{1,12}\.[0-9a-f]{32}$"},
    },
    "Idempotency-Key": {
        "description": "Chosen by the caller: the same request with the same key is carried out once",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
        "example": "visit-2026-000017",
    },
    "Range": {
        "description": "One range of bytes of the content",
        "schema": {"type": "string", "pattern": "^bytes=([0-9]{1,15}-[0-9]{0,15}|-[0-9]{1,15})$"},
        "example": "bytes=0-",
    },
    "If-Range": {
        "description": "The version that the range goes on: when another one is current, it is sent whole (200)",
        "schema": {"type": "string", "pattern": r'^"v[1-9][0-9]{0,8}"$'},
        "example": '"v2"',
    },
}
"""The request headers that a route may declare."""

GIVEN: Mapping[str, Json] = {
    "ETag": {
        "description": "The version, for If-Match and If-None-Match where a request takes them",
        "schema": {"type": "string"},
        "example": '"v2"',
    },
    "Location": {
        "description": "Where it can be read how far this is",
        "schema": {"type": "string", "format": "uri"},
    },
    "Carnet-Read": {
        "description": "The read-id: sent with further ranges, it counts them as this consultation",
        "schema": {"type": "string"},
    },
}
"""The headers that a route may declare of its successful answers."""

_PARAM = re.compile(r"{(\w+)}")


def parameters(route: Route, query: Json) -> Iterable[Json]:
    """Yield every parameter of the route; `query` is the schema of its query model."""
    yield from _path_parameters(route)
    yield from _query_parameters(route, query)
    yield from _header_parameters(route)


def _path_parameters(route: Route) -> Iterable[Json]:
    for name in _PARAM.findall(route.path):
        schema = {"type": "string", "pattern": route.params.get(name, ID_PATTERN)}
        parameter = {"name": name, "in": "path", "required": True, "schema": schema}
        yield _with_example(parameter, route.examples.params, name)


def _query_parameters(route: Route, model: Json) -> Iterable[Json]:
    for name, declared in model.get("properties", {}).items():
        schema = _present(declared)
        parameter = {"name": name, "in": "query", "required": name in model.get("required", ()), "schema": schema}
        if "description" in schema:
            parameter["description"] = schema.pop("description")
        yield _with_example(parameter, route.examples.query, name)


def _present(declared: Json) -> Json:
    """Return the schema of a value that is there: a query has no null."""
    schema = {key: value for key, value in declared.items() if key != "title" and value is not None}
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        return {**kinds[0], **schema}
    return {**schema, "anyOf": kinds} if kinds else schema


def _header_parameters(route: Route) -> Iterable[Json]:
    for name in route.headers:
        yield {"name": name, "in": "header", "required": False, **HEADERS[name]}


def _with_example(parameter: Json, examples: Mapping[str, str], name: str) -> Json:
    return {**parameter, "example": examples[name]} if name in examples else parameter
