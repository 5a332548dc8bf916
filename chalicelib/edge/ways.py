"""Ways in: what is known of a route before the module that declares it is loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .http import Api, Route


@dataclass(frozen=True, slots=True)
class Way:
    """One method on one path, the operation's name, and where its declaration comes from at the first request."""

    method: str
    path: str
    name: str
    route: Callable[[], Route]


def declared(apis: Iterable[Api]) -> list[Way]:
    """Return the ways of capabilities that are loaded."""
    return [way_of(route) for api in apis for route in api.routes]


def way_of(route: Route) -> Way:
    """Return the way of one route."""
    return Way(route.method, route.path, route.name, lambda: route)
