"""How a text that a body or query holds has to be written: in the words of the specification, never of the request."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

Json = Mapping[str, Any]


def expected(model: type[BaseModel], member: str, pattern: str) -> str:
    """Return what is told to who wrote this member otherwise: its description, the pattern where it has none."""
    said = _described(model).get((member, pattern))
    return f"is not written as expected: {said}" if said else f"must match {pattern}"


@cache
def names(model: type[BaseModel]) -> frozenset[str]:
    """Return every member name that this model or one inside it declares."""
    return frozenset(name for name, _ in _members(model))


@cache
def _described(model: type[BaseModel]) -> Mapping[tuple[str, str], str]:
    return {
        (name, one["pattern"]): said
        for name, member in _members(model)
        for one in _parts(member)
        if "pattern" in one and (said := one.get("description") or member.get("description"))
    }


def _members(model: type[BaseModel]) -> Iterator[tuple[str, Json]]:
    schema = model.model_json_schema()
    for place in (schema, *schema.get("$defs", {}).values()):
        yield from place.get("properties", {}).items()


def _parts(schema: Json) -> Iterator[Json]:
    """Yield a schema and those of what it may be or hold; what another place defines is described there."""
    yield schema
    for one in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")])):
        yield from _parts(one)
