"""What a view sees: plain calls in, plain replies out. `serve.mount` puts it on Chalice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypeVar

from ..access.actor import Actor
from ..kernel.errors import CarnetError, NotAuthenticated
from ..kernel.host import Host

STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)
"""The configuration of every body model: `model_config = STRICT`."""

QUERY = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)
"""The configuration of every query model: values arrive as text, unknown names are refused."""

CURSOR = "The `cursor` of the page before; empty: the first page"
"""description of where a page begins"""

CONTENT_LIMIT = 4 * 1024 * 1024
"""Bytes of one raw body or one `content` part."""

Headers = Mapping[str, str]
"""Names in any case (`HeaderMap`)."""

Authenticate = Callable[[Headers, str, str], Actor]
"""(headers, method, public URL without query) -> who calls. Raise NotAuthenticated."""

B = TypeVar("B", default=None)
Q = TypeVar("Q", default=None)


@dataclass(frozen=True, slots=True)
class Site:
    """What views may use beside the call: made once, by app.py.

    `public_url` is the address callers use (scheme, host, base path): DPoP proofs name it, so it is never
    taken from a request. `cors_origins` are exact origins.
    """

    host: Host
    authenticate: Authenticate
    public_url: str
    portal_url: str = ""
    cors_origins: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr", "en")
    quotas: Mapping[str, int] = field(default_factory=dict)
    reports_secret: bytes = field(default=b"", repr=False)
    """what signs delivery reports; empty: there are none"""

    def __post_init__(self) -> None:
        if "*" in self.cors_origins:
            message = "CORS origins are listed one by one"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form. Its file name is not kept: stored names are generated."""

    content: bytes
    media: str


@dataclass(frozen=True, slots=True)
class Call(Generic[B, Q]):
    """One request, verified and parsed: `Call[Body]`, `Call[None, Query]`, `Call[bytes]` for raw bodies."""

    site: Site
    caller: Actor | None
    params: Mapping[str, str]
    query: Q
    headers: Headers
    body: B
    parts: Mapping[str, Part]
    request_id: str

    @property
    def host(self) -> Host:
        """Return the outside world."""
        return self.site.host

    @property
    def actor(self) -> Actor:
        """Return who calls. Raise NotAuthenticated on an anonymous route."""
        if self.caller is None:
            raise NotAuthenticated
        return self.caller

    def located(self, path: str) -> Headers:
        """Return the header that says at which of our addresses the caller finds what was made."""
        return {"Location": self.site.public_url + path}


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer. A model or a mapping is written as JSON, bytes as they are with `media`, None without a body."""

    status: int = 200
    body: BaseModel | Mapping[str, Any] | bytes | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = "application/json"


View = Callable[[Call[Any, Any]], Reply]


@dataclass(frozen=True, slots=True)
class Example:
    """One request that can be sent as written, and its answer; every value is invented."""

    request: Mapping[str, Any] | None = None
    reply: Mapping[str, Any] | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    content: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Everything declared about one way in; the specification is generated from it."""

    tag: str
    method: str
    path: str
    view: View
    summary: str
    description: str = ""
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    form: bool = False
    raw: bool = False
    reply: type[BaseModel] | type[bytes] | None = None
    status: int = 200
    media: str = "application/json"
    formats: tuple[str, ...] = ()
    also: Mapping[int, str] = field(default_factory=dict)
    errors: tuple[type[CarnetError], ...] = ()
    examples: Example = Example()
    params: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    anonymous: bool = False
    signed: bool = False
    """an anonymous way in whose body a provider signed (edge/signed.py)"""

    @property
    def name(self) -> str:
        """Return the operation id: capability and function."""
        return f"{self.tag}_{self.view.__name__}"

    @property
    def takes_body(self) -> bool:
        """Tell whether a request body is read at all."""
        return self.body is not None or self.raw


class Api:
    """The routes of one capability, collected by `@api.route` and mounted by `serve.mount`."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.routes: list[Route] = []

    def route(self, method: str, path: str, *, summary: str, **declared: Any) -> Callable[[View], View]:
        """Register a view. `declared` are the fields of Route.

        `body`, `query`, `reply` are pydantic models; `reply=bytes` with `media` for content. `form=True`: `body`
        comes from the part `metadata`, bytes from the part `content`. `raw=True`: the body is bytes. `formats` are the
        media types of documents, in the part `content` or in the answer. `params` gives the pattern of path parameters
        that are not ids. `also` maps further statuses of success to their meaning. `errors` are those beyond the ones
        every such route has. `headers` are names from `parameters.HEADERS`, `gives` from `parameters.GIVEN`.
        """

        def register(view: View) -> View:
            route = Route(self.tag, method, path, view, summary, **declared)
            _refuse_open(route.body, route.query)
            self.routes.append(route)
            return view

        return register


def _refuse_open(*models: type[BaseModel] | None) -> None:
    """Refuse a model that would let unknown members pass (abuse A14). Raise TypeError."""
    if any(model and model.model_config.get("extra") != "forbid" for model in models):
        message = "body and query models forbid what they do not know: STRICT or QUERY"
        raise TypeError(message)
