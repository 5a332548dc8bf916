"""The requests that the served specification shows, ready to send: nothing here knows the code behind the routes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from jsonschema import Draft202012Validator

from .api_world import Answer, World

BODILESS = (204, 304)

NOWHERE = {
    "rectification": "0" * 16,
    "entry": "p" + "a" * 25,
    "item": "a" * 26,
    "reference": "0" * 20,
    "secret": f"{'0' * 32}.ics",
    "rule": "colorectal_screening",
}
"""path parameters that name nothing"""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Operation:
    """One way in, as the specification describes it."""

    name: str
    method: str
    path: str
    about: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def at(self, params: Mapping[str, str]) -> str:
        """Return the path with these parameters."""
        path = self.path
        for name, value in {**NOWHERE, **params}.items():
            path = path.replace(f"{{{name}}}", value)
        return path

    def parameters(self, place: str) -> dict[str, Any]:
        """Return the example of every parameter of one place that has one."""
        return {p["name"]: p["example"] for p in self.about["parameters"] if p["in"] == place and "example" in p}

    @property
    def content(self) -> Mapping[str, Any]:
        """Return the request body by media type."""
        found: Mapping[str, Any] = self.about.get("requestBody", {}).get("content", {})
        return found

    def shown(self) -> dict[str, Any]:
        """Return the example request as arguments of World.send."""
        query = "&".join(f"{name}={value}" for name, value in self.parameters("query").items())
        return {"more": self.parameters("header"), "query": query, **self.body()}

    def fresh(self, **changed: Any) -> dict[str, Any]:
        """Return the example body as a request that nobody sent before."""
        if "unique_id" in self.example:
            changed = {"unique_id": f"1.2.250.1.999.44.{next(_numbers)}", **changed}
        return self.body(**changed)

    @property
    def example(self) -> Mapping[str, Any]:
        """Return the JSON members of the example body, empty when there are none."""
        for media, content in self.content.items():
            if media != "application/octet-stream":
                return dict(content["example"].get("metadata", content["example"]))
        return {}

    @property
    def members(self) -> frozenset[str]:
        """Return the names that the schema of the body knows."""
        for media, content in self.content.items():
            if media != "application/octet-stream":
                schema = content["schema"].get("properties", {}).get("metadata", content["schema"])
                known = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                return frozenset(known["properties"])
        return frozenset()

    def body(self, **changed: Any) -> dict[str, Any]:
        """Return the example body as arguments of World.send; `changed` are members to change."""
        return self.with_example({**self.example, **changed})

    def with_example(self, example: Any) -> dict[str, Any]:
        """Return a body with these JSON members as arguments of World.send."""
        for media, content in self.content.items():
            match media:
                case "multipart/form-data":
                    return {"form": (example, content["example"]["content"].encode(), "text/plain")}
                case "application/octet-stream":
                    return {"raw": content["example"].encode()}
            return {"body": example}
        return {}

    def success(self) -> tuple[int, Mapping[str, Any]]:
        """Return the success that the example shows, the first one where none is shown: (status, its answer)."""
        found = {int(code): answer for code, answer in self.about["responses"].items() if code < "300"}
        shown = [code for code, answer in found.items() if "example" in str(answer)]
        status = min(shown or found)
        return status, found[status]


@cache
def document() -> Any:
    """Return the specification as served."""
    return World().send("anonymous", "GET", "/openapi.json").json


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation."""
    return tuple(
        Operation(about["operationId"], method.upper(), path, about)
        for path, methods in document()["paths"].items()
        for method, about in methods.items()
    )


def operation(name: str) -> Operation:
    """Return one operation."""
    return next(one for one in operations() if one.name == name)


def undocumented(one: Operation, answer: Answer) -> str:
    """Say how an answer departs from the specification; empty when it does not."""
    described = one.about["responses"].get(str(answer.status))
    if described is None:
        return f"status {answer.status}"
    reference = described.get("$ref", "").rpartition("/")[2]
    described = document()["components"]["responses"][reference] if reference else described
    if answer.status in BODILESS or "content" not in described:
        return "a body" if answer.body else ""
    media = answer.headers.get("content-type", "none").partition(";")[0]
    allowed = described["content"]
    if media not in allowed and "*/*" not in allowed:
        return f"content type {media}"
    return "; ".join(_wrong(allowed.get(media, {}).get("schema", {}), answer))


def _wrong(schema: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    if schema.get("contentMediaType"):
        return
    whole = {**schema, "components": document()["components"]}
    for error in Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(
        json.loads(answer.body)
    ):
        yield f"{error.json_path}: {error.validator}"
