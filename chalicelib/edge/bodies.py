"""Request bodies and parameters, from what the host hands over to what the view gets."""

import base64
import binascii
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin

from chalice.app import Request
from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)
from pydantic import BaseModel, ValidationError

from ..kernel.errors import Invalid, NotFound, TooLarge, Unsupported
from ..kernel.ids import ID_PATTERN
from .http import CONTENT_LIMIT, Part, Route
from .problems import Unparseable
from .strictjson import SIZE, parse_json, refused

_ID = re.compile(ID_PATTERN)
_JSON = re.compile(r"application/([a-z0-9.-]+\+)?json")
_MEDIA = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_FORM_OVERHEAD = 8 * 1024
_FORM_PARTS = frozenset({"metadata", "content"})
_LARGE = "The body is larger than {} bytes, which are taken at most."
_NO_PARTS: Mapping[str, Part] = {}


def params_of(route: Route, request: Request) -> Mapping[str, str]:
    """Return the path parameters. A malformed one is answered like one that names nothing."""
    given: dict[str, str] = request.uri_params or {}
    for name, value in given.items():
        pattern = route.params.get(name)
        if not (re.fullmatch(pattern, value) if pattern else _ID.fullmatch(value)):
            raise NotFound
    return given


def query_of(route: Route, request: Request) -> BaseModel | None:
    """Return the query parameters as their model; a route without one takes none. Raise Invalid."""
    sent = request.query_params
    given = {name: sent.getlist(name) for name in sent} if sent else {}
    if not _is_text(given):
        raise Unparseable
    if route.query is None:
        if given:
            raise Invalid(fields={"query": "takes no parameter"})
        return None
    lists = _list_names(route.query)
    plain = {name: values if name in lists or len(values) > 1 else values[0] for name, values in given.items()}
    try:
        return route.query.model_validate(plain)
    except ValidationError as error:
        raise Invalid(fields=_as_names(refused(route.query, error))) from None


def _as_names(error: Invalid | Unparseable) -> dict[str, str]:
    fields = error.fields if isinstance(error, Invalid) else {}
    return {pointer.strip("/") or "query": detail for pointer, detail in fields.items()}


def _is_text(given: Mapping[str, list[str]]) -> bool:
    """Tell whether all of it can be written as UTF-8: Python's own text may hold half a character."""
    try:
        "".join((*given, *(value for values in given.values() for value in values))).encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _list_names(model: type[BaseModel]) -> frozenset[str]:
    def is_list(annotation: Any) -> bool:
        return get_origin(annotation) in (list, tuple, set, frozenset) or any(map(is_list, get_args(annotation)))

    return frozenset(field.alias or name for name, field in model.model_fields.items() if is_list(field.annotation))


def body_of(route: Route, request: Request) -> tuple[BaseModel | bytes | None, Mapping[str, Part]]:
    """Return (body, parts) as the route declares them. Raise Unsupported, TooLarge, Unparseable, Invalid."""
    if not route.takes_body:
        return None, _NO_PARTS
    media, options = parse_options_header(request.headers.get("content-type", ""))
    if route.form:
        _expect("multipart/form-data", accepted=media == "multipart/form-data")
        return _form(route, raw_of(request, CONTENT_LIMIT + SIZE + _FORM_OVERHEAD), options.get("boundary", ""))
    if route.raw:
        _expect("application/octet-stream", accepted=media == "application/octet-stream")
        return raw_of(request, CONTENT_LIMIT), _NO_PARTS
    _expect("application/json", accepted=_JSON.fullmatch(media) is not None)
    return _model(route, raw_of(request, SIZE)), _NO_PARTS


def _expect(wanted: str, *, accepted: bool) -> None:
    if not accepted:
        raise Unsupported(f"The body has to be {wanted}.")


def _model(route: Route, raw: bytes) -> BaseModel | None:
    return parse_json(route.body, raw) if route.body else None


def raw_of(request: Request, limit: int) -> bytes:
    """Return the body as bytes, refused before decoding when it cannot fit. Raise TooLarge, Unparseable."""
    event: dict[str, Any] = request.to_original_event()
    body: str | bytes = event.get("body") or b""
    encoded = bool(event.get("isBase64Encoded"))
    if len(body) > (limit * 4 // 3 + 4 if encoded else limit):
        raise TooLarge(_LARGE.format(limit))
    try:
        raw = base64.b64decode(body, validate=True) if encoded else body
        content = raw.encode() if isinstance(raw, str) else raw
    except (binascii.Error, ValueError):
        raise Unparseable from None
    if len(content) > limit:
        raise TooLarge(_LARGE.format(limit))
    return content


def _form(route: Route, raw: bytes, boundary: str) -> tuple[BaseModel | None, Mapping[str, Part]]:
    parts = _parts(raw, boundary)
    missing = _FORM_PARTS - parts.keys()
    if missing:
        raise Invalid(fields={f"/{name}": "is required" for name in missing})
    if len(parts["content"].content) > CONTENT_LIMIT:
        raise TooLarge(
            f"The part content is larger than {CONTENT_LIMIT} bytes; a larger document is uploaded in parts."
        )
    metadata = parts.pop("metadata")
    if metadata.media and not _JSON.fullmatch(metadata.media):
        raise Unsupported("The part metadata has to be application/json.")
    return _model(route, metadata.content), parts


def _parts(raw: bytes, boundary: str) -> dict[str, Part]:
    """Split the form. The whole of it is in memory already and bounded, so one chunk is parsed without copies."""
    media: dict[str, str] = {}
    chunks: dict[str, list[bytes]] = {}
    name = ""
    try:
        with PushMultipartParser(boundary, max_segment_count=3, max_header_size=1024, strict=True) as parser:
            for event in parser.parse(raw):
                if isinstance(event, MultipartSegment):
                    name = _fresh_name(event, chunks)
                    media[name], chunks[name] = _media(event), []
                elif event:
                    chunks[name].append(event)
    except MultipartError:
        raise Unparseable from None
    return {name: Part(b"".join(pieces), media[name]) for name, pieces in chunks.items()}


def _fresh_name(segment: MultipartSegment, seen: Mapping[str, object]) -> str:
    name = str(segment.name)
    if name not in _FORM_PARTS or name in seen:
        raise Invalid(fields={"form": "takes the parts metadata and content, once each"})
    return name


def _media(segment: MultipartSegment) -> str:
    media = segment.content_type or ""
    if media and not _MEDIA.fullmatch(media):
        raise Invalid(fields={f"/{segment.name}": "has a malformed media type"})
    return media
