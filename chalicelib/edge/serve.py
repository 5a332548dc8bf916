"""Chalice ↔ Call and Reply: every route is mounted here, and every exception of a view ends here."""

import re
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

from chalice.app import Chalice, Request, Response

from ..kernel.errors import CarnetError, NotFound
from . import logs
from .answers import NO_CORS, Cors, Ready, cors_for, preflight_of, render
from .bodies import body_of, params_of, query_of, raw_of
from .caught import caught
from .http import Call, Route, Site
from .problems import OUTSIDE, Fault, Unparseable, code_of, problem_reply
from .signed import check_signature
from .strictjson import SIZE
from .ways import Way, way_of

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_ONCE = frozenset(
    {"authorization", "carnet-signature", "dpop", "content-type", "if-match", "range", "if-range", "idempotency-key"}
)
_HANDED_OVER = Response(body="")
_NO_METHOD, _PREFLIGHT = 405, "OPTIONS"

Event = dict[str, Any]


@dataclass(slots=True)
class _Exchange:
    """One request under way. Chalice keeps the current request in an attribute that all threads share."""

    request: Request | None
    request_id: str
    route: str = "?"
    actor: str = "-"
    code: str = "-"
    cors: Cors = NO_CORS
    answer: Event | None = None


_CURRENT: ContextVar[_Exchange] = ContextVar("exchange")


def mount(app: Chalice, site: Callable[[], Site], ways: Iterable[Way]) -> None:
    """Register every way in, a preflight answer per path, and the middleware that writes every answer.

    `site` is asked at the first request: packaging mounts the routes where there is no deployment.
    """
    logs.silence(app.log)
    app.api.binary_types = ["*/*"]
    methods: dict[str, list[str]] = {}
    for way in ways:
        methods.setdefault(way.path, []).append(way.method)
        _register(app, way, site)
    for path, names in methods.items():
        preflight = Route("cors", _PREFLIGHT, path, preflight_of(sorted(names)), "", anonymous=True)
        _register(app, way_of(preflight), site)
    app.register_middleware(_middleware(site), "http")


def _register(app: Chalice, way: Way, site: Callable[[], Site]) -> None:
    def view(**_: str) -> Response:
        exchange = _CURRENT.get()
        exchange.route = way.path
        exchange.answer = _guarded(exchange, lambda: _answered(site(), way, exchange))
        return _HANDED_OVER

    # Media types are checked in bodies.py, where application/*+json is understood and routes without body take any.
    app.route(way.path, methods=[way.method], name=way.name, content_types=[])(view)


def _guarded(exchange: _Exchange, produce: Callable[[], Event]) -> Event:
    return caught(produce, lambda error, code: _problem(error, code, exchange))


def _problem(error: CarnetError, code: str, exchange: _Exchange) -> Event:
    exchange.code = code
    return render(problem_reply(error, exchange.request_id), exchange.request, exchange.request_id, exchange.cors)


def _answered(site: Site, way: Way, exchange: _Exchange) -> Event:
    exchange.cors = cors_for(site.cors_origins)
    route = way.route()  # may fail: a portal has to be able to read that
    reply = route.view(_call(site, route, exchange))
    return render(reply, exchange.request, exchange.request_id, exchange.cors)


def _call(site: Site, route: Route, exchange: _Exchange) -> Call[Any, Any]:
    request = exchange.request
    if request is None:
        raise NotFound
    event: Event = request.to_original_event()
    _refuse_repeated_headers(event)
    if route.method == _PREFLIGHT:  # it asks what a path allows, whatever stands in it and behind it
        return Call(site, None, {}, None, request.headers, None, {}, exchange.request_id)
    caller = None
    if not route.anonymous:
        caller = site.authenticate(request.headers, request.method, site.public_url + str(event["path"]))
        exchange.actor = caller.kind
    if route.signed:
        check_signature(site.reports_secret, request.headers, raw_of(request, SIZE), site.host.clock.now())
    params, query = params_of(route, request), query_of(route, request)
    body, parts = body_of(route, request)
    return Call(site, caller, params, query, request.headers, body, parts, exchange.request_id)


def _refuse_repeated_headers(event: Event) -> None:
    for name, values in (event.get("multiValueHeaders") or {}).items():
        if len(values) > 1 and name.lower() in _ONCE:
            raise Unparseable


def _middleware(site: Callable[[], Site]) -> Callable[[Any, Callable[[Any], Any]], Any]:
    def answer(request: Request | None, get_response: Callable[[Any], Any]) -> Response:
        started = perf_counter_ns()
        exchange = _Exchange(request, _request_id(request))
        token = _CURRENT.set(exchange)
        try:
            outside = get_response(request)
        finally:
            _CURRENT.reset(token)
        event = exchange.answer or _guarded(exchange, lambda: _born_outside(site(), exchange, outside))
        _log(exchange, event["statusCode"], started)
        return Ready(event)

    return answer


def _born_outside(site: Site, exchange: _Exchange, response: Response) -> Event:
    """Turn Chalice's own refusals into problems: no such path (the front found no route), method or syntax."""
    exchange.cors = cors_for(site.cors_origins)
    allowed = str(response.headers.get("Allow", ""))
    missing = exchange.request is None or (response.status_code == _NO_METHOD and not allowed)
    error = NotFound() if missing else OUTSIDE.get(response.status_code, Fault)()
    event = _problem(error, code_of(error), exchange)
    if allowed:
        event["headers"]["Allow"] = allowed
    return event


def _request_id(request: Request | None) -> str:
    given = str(request.context.get("requestId", "")) if request else ""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def _log(exchange: _Exchange, status: int, started: int) -> None:
    logs.line(
        request=exchange.request_id,
        route=exchange.route,
        method=exchange.request.method if exchange.request else "-",
        status=status,
        ms=round((perf_counter_ns() - started) / 1e6, 2),
        actor=exchange.actor,
        code=exchange.code,
    )
