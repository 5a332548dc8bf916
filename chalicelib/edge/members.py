"""What a schema of the specification says, in a table that people read: members, what each one takes, and when."""

import json
from collections.abc import Iterator, Mapping
from html import escape

from .parameters import Json

_PLAIN: Mapping[str, str] = {
    "boolean": "true or false",
    "integer": "whole number",
    "null": "null",
    "number": "number",
    "object": "object",
    "string": "text",
}
_LIMITS: Mapping[str, str] = {
    "minLength": "characters: at least {}",
    "maxLength": "characters: at most {}",
    "minItems": "elements: at least {}",
    "maxItems": "elements: at most {}",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
}


def anchor(name: str) -> str:
    """Return the place on the page where a schema stands."""
    return f"type-{name}"


def kind(schema: Json) -> str:
    """Return, as HTML, what a value of this schema is; another schema is a link to it."""
    if name := str(schema.get("$ref", "")).rpartition("/")[2]:
        return f'<a href="#{escape(anchor(name))}">{escape(name)}</a>'
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(kind(one) for one in choices)
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(f"<code>{escape(one if isinstance(one, str) else json.dumps(one))}</code>" for one in values)
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if isinstance(more := schema.get("additionalProperties"), dict):
        return f"object of any name: {kind(more)}"
    return escape(schema.get("format") or _PLAIN.get(str(schema.get("type")), "anything"))


def rows(schema: Json) -> Iterator[tuple[str, str, str, str]]:
    """Yield (member, kind, whether it may be left out, limits and description) of an object, as HTML."""
    required = schema.get("required", [])
    for name, one in schema.get("properties", {}).items():
        said = [escape(text) for text in (*_descriptions(one), *_limits(one))]
        yield f"<code>{escape(name)}</code>", kind(one), "" if name in required else "optional", "; ".join(said)


def _descriptions(schema: Json) -> Iterator[str]:
    for one in (schema, *schema.get("anyOf", ())):
        if text := one.get("description"):
            yield text


def _limits(schema: Json) -> Iterator[str]:
    for one in (schema, *schema.get("anyOf", ()), schema.get("items", {})):
        yield from (said.format(one[name]) for name, said in _LIMITS.items() if name in one)
        if "pattern" in one:
            yield f"pattern {one['pattern']}"
