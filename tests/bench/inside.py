"""What can be told without the network: calls at the wire, CPU of our own code and of the SDK, sealing."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median
from threading import get_ident
from time import perf_counter_ns, process_time_ns
from typing import Any

import boto3
from chalice.app import Chalice
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.access.facts import facts_key
from chalicelib.access.keyring import key_row_key
from chalicelib.config import Config
from chalicelib.edge import answers
from chalicelib.edge.serve import mount
from chalicelib.hosts.clock import SystemClock
from chalicelib.hosts.expressions import key_item
from chalicelib.hosts.keys import CachedKeys
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel import parts, seal
from chalicelib.kernel.host import Host
from chalicelib.routes import ways
from chalicelib.vault import actions, store
from chalicelib.wiring import site_for
from infra.context import Context
from infra.routing import Router

from .world import World, place_of

Event = dict[str, Any]


def application(settings: Mapping[str, str], host: Host) -> Chalice:
    """Return the product's application on this host."""
    site = site_for(Config.read(settings), host)
    app = Chalice("bench")
    mount(app, lambda: site, ways())
    return app


def event_of(app: Chalice, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Event:
    """Return what the front would hand over."""
    match = Router(app.routes).match(path)
    assert match
    return {
        "resource": match.resource,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": None,
        "pathParameters": dict(match.params),
        "stageVariables": None,
        "requestContext": {
            "resourcePath": match.resource,
            "httpMethod": method,
            "path": path,
            "requestId": "bench-request",
            "identity": {"sourceIp": "127.0.0.1"},
            "carnet": {"raw": True},
        },
        "body": body,
        "isBase64Encoded": False,
    }


class Wire:
    """Counts the HTTP requests that the SDK really sends, and the rows that those of many rows name."""

    def __init__(self, host: Host) -> None:
        self.sent: list[str] = []
        self.rows: Counter[str] = Counter()
        for client in (host.rows._client, host.blobs.client()):  # type: ignore[attr-defined]
            client.meta.events.register_first("before-send", self._count)

    def _count(self, event_name: str, request: Any = None, **_: object) -> None:
        operation = event_name.rpartition(".")[2]
        self.sent.append(operation)
        if operation in ("BatchGetItem", "BatchWriteItem"):
            tables = json.loads(request.body)["RequestItems"].values()
            self.rows[operation] += sum(len(one["Keys"] if operation == "BatchGetItem" else one) for one in tables)


class Spent:
    """Time spent in ports and in sealing, in this thread, to be taken off the whole.

    Nothing waits on the memory host, so time is CPU and at most too much of it. The clock of a thread's CPU is a system
    call, on some machines slower than what is measured: 58 of them a list were five sixths of its figure.
    """

    def __init__(self) -> None:
        self.ns = 0
        self._depth: dict[int, int] = {}

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same call, timed; a call inside another is counted once."""

        def timed(*positional: Any, **named: Any) -> Any:
            start = perf_counter_ns()  # first, and the end last: what this takes itself is not the product's
            me = get_ident()
            self._depth[me] = self._depth.get(me, 0) + 1
            try:
                answer = call(*positional, **named)
                return Timed(answer, self) if hasattr(answer, "result") else answer
            finally:
                self._depth[me] -= 1
                if not self._depth[me]:
                    self.ns += perf_counter_ns() - start

        return timed


class Timed:
    """An object whose methods are timed, and those of the answers that are waited for later (`Pending`)."""

    def __init__(self, inner: Any, spent: Spent) -> None:
        self._inner, self._spent = inner, spent

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if callable(found):  # kept: made anew at each call, it would be a part of what is measured
            found = self.__dict__[name] = self._spent.around(found)
        return found


def timed_host(spent: Spent) -> Host:
    """Return a memory host whose stores do not count."""
    host = memory_host(SystemClock())
    timed = {name: Timed(getattr(host, name), spent) for name in ("rows", "blobs", "queue")}
    return replace(host, keys=CachedKeys(host.keys, host.clock), **timed)  # type: ignore[arg-type]


def apart(spent: Spent, content: bytes) -> None:
    """Take sealing and the text of answers out, in this process and for good: parts are what they were last time.

    Timing parts apart would not do: their tens of thousands of steps push everything else out of the caches.
    """
    for module in [module for name, module in sys.modules.items() if name.startswith("chalicelib.")]:
        for name in ("seal", "unseal"):
            if module is not seal and vars(module).get(name) is vars(seal)[name]:
                vars(module)[name] = spent.around(vars(seal)[name])
    vars(answers)["_body"] = spent.around(answers._body)
    sealed = parts.seal_part(bytes(32), parts.Place("r", "d", 1, 1, 1), content)
    vars(actions)["seal_part"] = lambda *_: sealed
    vars(store)["open_part"] = lambda *_: content


def cpu(app: Chalice, spent: Spent, events: list[Event]) -> float:
    """Return the median milliseconds of CPU per request outside what is timed apart."""
    taken = []
    for event in events:
        spent.ns, start = 0, perf_counter_ns()
        answer = app(event, Context("app", "bench-request"))
        taken.append((perf_counter_ns() - start - spent.ns) / 1e6)
        if answer["statusCode"] >= 300:
            raise AssertionError(answer)
    return median(taken)


def sdk_call(world: World) -> float:
    """Return the median milliseconds of CPU of bare boto3 reading two rows: what our own code is held against."""
    bare, taken = boto3.client("dynamodb", **place_of(world.settings, "rows")), []
    keys = [key_item(key_of(world.records[0])) for key_of in (facts_key, key_row_key)]
    for _ in range(60):
        start = process_time_ns()
        bare.batch_get_item(RequestItems={world.table: {"Keys": keys, "ConsistentRead": True}})
        taken.append((process_time_ns() - start) / 1e6)
    return median(taken)


def microseconds(call: Callable[[], Any], times: int) -> float:
    """Return the median of what a call takes."""
    taken = []
    for _ in range(times):
        start = perf_counter_ns()
        call()
        taken.append((perf_counter_ns() - start) / 1000)
    return median(taken)


def sealing() -> list[str]:
    """Return lines: parts beside raw AES-GCM, and a row."""
    key, place = os.urandom(32), parts.Place("r", "d", 1, 1, 1)
    raw, lines = AESGCM(key), []
    for label, size in (("10 KB", 10_000), ("1 MB", 1_000_000), ("4 MB", 4 * 1024 * 1024)):
        data, nonce, times = os.urandom(size), os.urandom(12), 60 if size < 2_000_000 else 20
        sealed = parts.seal_part(key, place, data)
        plain = microseconds(lambda: raw.encrypt(nonce, data, b""), times)
        closed = microseconds(lambda: parts.seal_part(key, place, data), times)
        opened = microseconds(lambda: parts.open_part(key, place, sealed), times)
        lines.append(f"part of {label:5}: raw AES-GCM {plain:.0f} us · sealed {closed:.0f} us · opened {opened:.0f} us")
    body = os.urandom(760)
    row = seal.seal(key, "rows", body, "r", "s", "1", "available")
    sealed_in = microseconds(lambda: seal.seal(key, "rows", body, "r", "s", "1", "available"), 2000)
    opened_in = microseconds(lambda: seal.unseal(key, "rows", row, "r", "s", "1", "available"), 2000)
    lines.append(f"row of 760 bytes: sealed in {sealed_in:.1f} us, opened in {opened_in:.1f} us (aim 20 us)")
    return lines
