"""JSON from strangers: UTF-8 only, bounded in size and depth, no duplicate names, no NaN, fixed messages."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from ..kernel.errors import Invalid, TooLarge
from .days import DAY
from .expected import expected, names
from .faults import FIXED
from .problems import Unparseable

SIZE = 64 * 1024
DEPTH = 20
_ERRORS = 20
_OUTSIDE_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?|[^"\[\]{}]+', re.DOTALL)

M = TypeVar("M", bound=BaseModel)

_INSTANT = "is an instant with its offset, as 2026-11-02T07:30:00+01:00"

_SPELLED = {"True": "true", "False": "false"}
_MESSAGES: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "holds a member that is not known",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "date_type": DAY,
    "float_type": "must be a number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"), _INSTANT),
    "union_tag_not_found": "is required",
    "union_tag_invalid": "must be one of {expected_tags}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} elements",
    "too_long": "must have at most {max_length} elements",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
}


def parse_json(model: type[M], raw: bytes) -> M:
    """Return the body as its model. Raise TooLarge, Unparseable, Invalid."""
    read_json(raw)
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise refused(model, error) from None


def read_json(raw: bytes) -> Any:
    """Return what was sent; refuse what the JSON parser of a model would let pass. Raise TooLarge, Unparseable."""
    if len(raw) > SIZE:
        raise TooLarge
    try:
        text = raw.decode()
        if _too_deep(text):
            raise Unparseable
        return _STRICT.decode(text)
    except (ValueError, RecursionError):
        raise Unparseable from None


def _refuse(_: str) -> NoReturn:
    raise Unparseable


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unparseable
    return members


_STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse)


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEPTH:
        return False
    depth = 0
    for mark in _OUTSIDE_STRINGS.sub("", text):
        depth += 1 if mark in "[{" else -1
        if depth > DEPTH:
            return True
    return False


def refused(model: type[BaseModel], error: ValidationError) -> Invalid | Unparseable:
    """Return what the caller is told: known member names and fixed messages, never the input."""
    found = error.errors(include_url=False, include_input=False)[:_ERRORS]
    if any(one["type"] == "json_invalid" for one in found):
        return Unparseable()
    return Invalid(fields={_pointer(model, one): _message(model, one) for one in found})


def _message(model: type[BaseModel], one: Mapping[str, Any]) -> str:
    if one["type"] == FIXED:
        return str(one["msg"])
    ctx = one.get("ctx", {})
    if one["type"] == "string_pattern_mismatch":
        member = next(step for step in reversed(one["loc"]) if isinstance(step, str))
        return expected(model, member, ctx["pattern"])
    if ctx.get("expected") in _SPELLED:  # as JSON writes it
        return f"must be {_SPELLED[ctx['expected']]}"
    return _MESSAGES.get(one["type"], "is not valid").format_map(ctx)


def _pointer(model: type[BaseModel], one: Mapping[str, Any]) -> str:
    loc: tuple[int | str, ...] = one["loc"]
    # The name of an unknown member, or a key of a map, is input: the pointer ends before it.
    steps = loc[:-1] if one["type"] == "extra_forbidden" else loc
    if one["type"].startswith("union_tag_"):  # the fault is in the member that says which of several bodies it is
        steps = (*loc, one["ctx"]["discriminator"].strip("'"))
    known = names(model)
    return "".join(f"/{step}" for step in steps if isinstance(step, int) or step in known)
