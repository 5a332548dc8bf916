"""The product's application called in this process: how many store calls it makes, how much CPU is its own."""

import gc
import hashlib
import logging
from typing import Any

from chalicelib.kernel.host import Host

from .asked import Maker, form
from .inside import Event, Spent, Wire, application, cpu, event_of, microseconds, sealing_apart, timed_host
from .world import TITLE, TYPE, World, build_in, content, draft

AIMS = {"deposit": 6, "consult": 4, "listing": 3, "metadata": 3}
ROUNDS = 150


def _events(app: Any, maker: Maker, world: World, operation: str, number: int, size: int) -> Event:
    record = world.records[number + (operation == "deposit")]
    document = world.newest[record]
    base = f"/records/{record}/documents"
    path = {"consult": f"{base}/{document}/content", "metadata": f"{base}/{document}"}.get(operation, base)
    if operation != "deposit":
        return event_of(app, "GET", path, _lower(maker.reader.headers("GET", maker.base + path)), None)
    data = content(size)
    head, tail = form({"type": TYPE, "title": TITLE, "unique_id": draft(data, "x").sha256[:8] + str(_fresh())})
    headers = maker.laboratory.headers("POST", maker.base + path) | {"Content-Type": "multipart/form-data; boundary=bench"}
    return event_of(app, "POST", path, _lower(headers), head + data + tail)


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


_numbers = iter(range(1_000_000))


def _fresh() -> int:
    return next(_numbers)


def counts(world: World, maker: Maker) -> list[str]:
    """Return a line: requests on the wire per operation, in a process that has warmed up."""
    app, wire, found = application(world.settings, world.host), Wire(world.host), []
    logging.getLogger("chalicelib").setLevel(logging.CRITICAL)
    for operation, aim in AIMS.items():
        app(_events(app, maker, world, operation, 0, 1_000_000), None)
        wire.sent.clear()
        answer = app(_events(app, maker, world, operation, 0, 1_000_000), None)
        assert answer["statusCode"] < 300, answer
        found.append(f"{operation} {len(wire.sent)} (aim {aim}: {', '.join(wire.sent)})")
    return ["store calls at the wire: " + " · ".join(found)]


def own_cpu(world: World, maker: Maker) -> list[str]:
    """Return lines: CPU of our own code per request, on the memory host."""
    spent = Spent()
    host = timed_host(spent)
    mine = build_in(host, world, 2)
    app = application(world.settings, host)
    for operation in AIMS:
        app(_events(app, maker, mine, operation, 0, 1_000_000), None)
    sealing_apart(spent)
    gc.collect()
    gc.freeze()  # as infra/serve.py does
    found = []
    for operation in AIMS:
        size = 10_000 if operation == "deposit" else 1_000_000
        _flush(host, mine)
        events = []
        value = []
        for _ in range(ROUNDS):
            events = [_events(app, maker, mine, operation, 0, size)]
            value.append(cpu(app, spent, events))
            if len(value) % 30 == 0:
                _flush(host, mine)
        value.sort()
        found.append(f"{operation} {value[len(value) // 2]:.2f}")
    digest, data = hashlib.sha256, content()


    body = microseconds(lambda: digest(data).hexdigest(), 30) / 1000
    return [
        "CPU per request outside stores and sealing, ms (aim 0.5): " + " · ".join(found),
        f"   (deposit of 10 KB; 1 MB adds its SHA-256, {body:.2f} ms each time it is computed, and splitting the form)",
    ]


def _flush(host: Host, world: World) -> None:
    from chalicelib.access.relay import relay
    from chalicelib.jobs import follow

    for record in world.records:
        relay(host, record, follow)
        relay(host, record, follow)
