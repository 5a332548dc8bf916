"""From a path to the resource it belongs to, as API Gateway does it: literal segments win over parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """The resource path as declared, and the values of its parameters."""

    resource: str
    params: Mapping[str, str]


class Router:
    """All resource paths of the application, arranged once by number of segments."""

    def __init__(self, resources: Iterable[str]) -> None:
        self._by_length: dict[int, list[tuple[list[str], str]]] = {}
        for resource in sorted(resources, key=_literals_first):
            parts = resource.split("/")
            self._by_length.setdefault(len(parts), []).append((parts, resource))

    def match(self, path: str) -> Match | None:
        """Return the resource for this (decoded) path, or None."""
        parts = path.split("/")
        for pattern, resource in self._by_length.get(len(parts), ()):
            if all(ours == theirs or (_is_name(ours) and theirs) for ours, theirs in zip(pattern, parts, strict=True)):
                named = zip(pattern, parts, strict=True)
                return Match(resource, {ours[1:-1]: theirs for ours, theirs in named if _is_name(ours)})
        return None


def _is_name(segment: str) -> bool:
    return segment.startswith("{")


def _literals_first(resource: str) -> list[bool]:
    return [_is_name(segment) for segment in resource.split("/")]
