"""The specification (OpenAPI 3.1), made from the registered routes and the very models that validate."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ..kernel.errors import (
    AccessDenied,
    CarnetError,
    Invalid,
    NotAuthenticated,
    NotFound,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
    Unsupported,
)
from .http import Api, Route
from .parameters import GIVEN, Json, parameters
from .problems import MEDIA, TABLE, Fault, Problem, RangeNotSatisfiable, Unparseable, row_of
from .signed import HEADER

Mode = Literal["validation", "serialization"]
Refs = Mapping[tuple[type[Any], Mode], Json]

_REF = "#/components/schemas/{model}"
_FOLLOWS: Mapping[str, type[CarnetError]] = {"Range": RangeNotSatisfiable, "If-Match": Stale}
_BODILESS = frozenset({204, 304})
_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"dpop": []}]
_PEOPLE = (
    "People: `Authorization: Bearer <token>` (RFC 6750). Patients and professionals log in at the issuers that the "
    "operator has configured (OpenID Connect, authorization code with PKCE); the token is theirs, at most a day old"
)
_SOFTWARE = (
    "Software: `Authorization: DPoP <token>`, bound to its key, and with each request a `DPoP` header: a proof signed "
    "for this method, address and token, used once within a minute (RFC 9449). Tokens by client credentials"
)
_SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": _PEOPLE},
    "dpop": {"type": "http", "scheme": "dpop", "description": _SOFTWARE},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": HEADER,
        "description": "Providers: `t=<unix time>,v1=<hex>`, HMAC-SHA-256 of `<unix time>.<body>`, five minutes",
    },
}


def specification(apis: Iterable[Api], *, server: str, title: str = "Carnet", version: str = "1") -> Json:
    """Return the whole document."""
    routes = [route for api in apis for route in api.routes]
    refs, schemas = _schemas(routes)
    queries = {route.query: schemas.pop(_name(refs, route.query)) for route in routes if route.query}
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs, queries)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": "A national personal health record."},
        "servers": [{"url": server or "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {row_of(kind).code: _problem(kind) for kind in TABLE},
            "securitySchemes": _SCHEMES,
        },
    }


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.signed:
        return [{"signature": []}]
    return [] if route.anonymous else _SECURITY


def _schemas(routes: list[Route]) -> tuple[Refs, Json]:
    wanted: dict[tuple[type[BaseModel], Mode], None] = {(Problem, "validation"): None}
    for route in routes:
        for model, mode in _models(route):
            wanted[model, mode] = None
    refs, document = models_json_schema(list(wanted), ref_template=_REF)
    return refs, _without_empty_defaults(document.get("$defs", {}))


def _without_empty_defaults(schema: Json) -> Json:
    """Leave out defaults of "": they mean absent, and often break the pattern of what is there."""
    kept = {name: value for name, value in schema.items() if (name, value) != ("default", "")}
    return {name: _without_empty_defaults(value) if isinstance(value, dict) else value for name, value in kept.items()}


def _models(route: Route) -> Iterable[tuple[type[BaseModel], Mode]]:
    if route.body:
        yield route.body, "validation"
    if route.query:
        yield route.query, "validation"
    if model := _reply_model(route):
        yield model, "serialization"


def _reply_model(route: Route) -> type[BaseModel] | None:
    return route.reply if route.reply and issubclass(route.reply, BaseModel) else None


def _name(refs: Refs, model: type[BaseModel]) -> str:
    return str(refs[model, "validation"]["$ref"]).rpartition("/")[2]


def _operation(route: Route, refs: Refs, queries: Mapping[type[BaseModel], Json]) -> Json:
    operation: Json = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": list(parameters(route, queries[route.query] if route.query else {})),
        "responses": _responses(route, refs),
        "security": _security(route),
    }
    if route.description:
        operation["description"] = route.description
    if route.takes_body:
        operation["requestBody"] = {"required": True, "content": _request_content(route, refs)}
    return operation


def _request_content(route: Route, refs: Refs) -> Json:
    example = route.examples.request
    if route.raw or route.body is None:
        schema: Json = {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"application/octet-stream": {"schema": schema, "example": route.examples.content}}
    model = refs[route.body, "validation"]
    if not route.form:
        return {"application/json": _content(model, example)}
    content: Json = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"metadata": model, "content": content},
                "required": ["metadata", "content"],
                "additionalProperties": False,
            },
            "encoding": {
                "metadata": {"contentType": "application/json"},
                "content": {"contentType": ", ".join(route.formats) or "*/*"},
            },
            "example": {"metadata": example, "content": route.examples.content},
        }
    }


def _content(schema: Json, example: object) -> Json:
    return {"schema": schema} if example is None else {"schema": schema, "example": example}


def _responses(route: Route, refs: Refs) -> Json:
    success = {str(route.status): _success(route, route.summary, refs, route.status)}
    further = {str(status): _success(route, meaning, refs, status) for status, meaning in route.also.items()}
    problems = {
        str(row_of(kind).status): {"$ref": f"#/components/responses/{row_of(kind).code}"} for kind in errors_of(route)
    }
    return dict(sorted({**success, **further, **problems}.items()))


def _success(route: Route, meaning: str, refs: Refs, status: int) -> Json:
    answer: Json = {"description": meaning}
    if route.gives:
        answer["headers"] = {name: GIVEN[name] for name in route.gives}
    if route.reply is None or status in _BODILESS:
        return answer
    if model := _reply_model(route):
        example = route.examples.reply if status == route.status else None
        return {**answer, "content": {route.media: _content(refs[model, "serialization"], example)}}
    return {**answer, "content": {media: {"schema": _bytes(media)} for media in route.formats or (route.media,)}}


def _bytes(media: str) -> Json:
    return {"type": "object"} if media == "application/json" else {"type": "string", "contentMediaType": media}


def errors_of(route: Route) -> list[type[CarnetError]]:
    """Return every error that this route may answer, declared or following from its shape."""
    kinds: list[type[CarnetError]] = [*route.errors, Unparseable, Invalid, Fault, Unavailable]
    if not route.anonymous or route.signed:
        kinds += [NotAuthenticated, AccessDenied, TooMany]
    if "{" in route.path:
        kinds.append(NotFound)
    if route.takes_body:
        kinds += [TooLarge, Unsupported]
    return [*kinds, *(_FOLLOWS[name] for name in route.headers if name in _FOLLOWS)]


def _problem(kind: type[CarnetError]) -> Json:
    row = row_of(kind)
    example = Problem(
        type=row.type, title=row.title, status=row.status, detail=kind.detail, code=row.code, request="0f3a…"
    )
    return {
        "description": f"{row.title} ({row.code})",
        "content": {MEDIA: _content({"$ref": _REF.format(model="Problem")}, example.model_dump(exclude_defaults=True))},
    }
