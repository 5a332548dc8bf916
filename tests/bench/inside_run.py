"""The product's application called in this process: how many store calls it makes, how much CPU is its own."""

import gc
import hashlib
import logging
from itertools import count
from operator import truediv
from statistics import median
from typing import Any

from chalicelib.access.relay import relay
from chalicelib.following import follow
from chalicelib.kernel.host import Host

from .asked import Maker, form
from .inside import Event, Spent, Wire, apart, application, cpu, event_of, microseconds, sdk_call, timed_host
from .world import MEGABYTE, TITLE, TYPE, World, build_in, content

AIMS = {"deposit": 6, "consult": 4, "listing": 3, "metadata": 3}
TURNS, ROUNDS = 8, 30
"""turns of everything, since the machine's speed changes by the second, and requests in each; ours is time on the wall
in which nothing waits, the SDK's is time of the processor: what interrupts counts against us alone"""
SDK_CALL = 0.8
"""milliseconds of CPU of one SDK call on the machine that the aims were set for"""
_CONTENT = content()
_numbers = count()


def _events(app: Any, maker: Maker, world: World, operation: str, number: int, size: int) -> Event:
    record = world.records[number + (operation == "deposit")]
    document = world.newest[record]
    base = f"/records/{record}/documents"
    path = {"consult": f"{base}/{document}/content", "metadata": f"{base}/{document}"}.get(operation, base)
    if operation != "deposit":
        return event_of(app, "GET", path, _lower(maker.reader.headers("GET", maker.base + path)), None)
    data = content(size)
    head, tail = form({"type": TYPE, "title": TITLE, "unique_id": f"2.25.{next(_numbers)}"})
    media = {"Content-Type": "multipart/form-data; boundary=bench"}
    headers = _lower(maker.laboratory.headers("POST", maker.base + path) | media)
    return event_of(app, "POST", path, headers, head + data + tail)


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


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
    """Return lines: CPU of our own code per request, on the memory host, in turns with bare SDK calls."""
    spent = Spent()
    host = timed_host(spent)
    mine = build_in(host, world, 2)
    app = application(world.settings, host)
    for operation in AIMS:
        app(_events(app, maker, mine, operation, 0, 1_000_000), None)
    apart(spent, _CONTENT)
    gc.collect()
    gc.freeze()  # as infra/serve.py does
    sdk, own = list[float](), dict[str, list[float]]({operation: [] for operation in AIMS})
    for _ in range(TURNS):
        sdk.append(sdk_call(world))
        for operation, taken in own.items():
            taken.append(_own(app, spent, maker, mine, operation))
    found = [
        f"{operation} {median(taken):.2f} ({median(map(truediv, taken, sdk)):.2f}x)" for operation, taken in own.items()
    ]
    body = microseconds(lambda: hashlib.sha256(_CONTENT).hexdigest(), 30) / 1000
    return [
        "CPU per request outside stores, sealing and the text of answers, ms (aim 0.5): " + " · ".join(found),
        f"   (x: beside the {median(sdk):.2f} ms of one SDK call here; aim {0.5 / SDK_CALL:.2f}, {SDK_CALL} ms there)",
        f"   (deposit of 10 KB; 1 MB adds splitting the form and {body:.2f} ms of SHA-256)",
    ]


def _own(app: Any, spent: Spent, maker: Maker, world: World, operation: str) -> float:
    _flush(world.host, world)
    size = 10_000 if operation == "deposit" else MEGABYTE
    return median(cpu(app, spent, [_events(app, maker, world, operation, 0, size)]) for _ in range(ROUNDS))


def _flush(host: Host, world: World) -> None:
    for record in world.records:
        relay(host, record, follow)
        relay(host, record, follow)
