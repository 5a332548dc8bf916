"""The whole product in one process: every capability mounted as app.py does it, behind the container front, on memory.

Callers have real tokens; the authenticator, the front and the sealed stores are the product's own.
"""

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote

from chalice.app import Chalice

from chalicelib import jobs
from chalicelib.access.keyring import subject_id
from chalicelib.edge.authn import Authenticator
from chalicelib.edge.http import Site
from chalicelib.edge.logs import configure_logging
from chalicelib.edge.serve import mount
from chalicelib.hosts.memory import MemoryClock, MemoryRows, memory_host
from chalicelib.hosts.memory.table import Table
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.routes import ways
from chalicelib.vault.inspection.whole import inspect
from infra.front import Front
from infra.local.report import signed
from infra.local.send import form as form_of

from .api_people import KEY, PUBLIC_URL, headers, issuers

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
BOUNDARY = "limit-7f3e"
PLENTY = {"organisation": 10**6, "record": 10**6}
REPORTS_SECRET = "shared-with-the-provider"
LETTERHEAD = Letterhead("carnet@example.org", PUBLIC_URL)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as sent to the caller; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    @property
    def told(self) -> str:
        """Return the status, with the code of a problem: `403 NO_ACCESS`."""
        return f"{self.status} {self.json['code']}" if self.status >= 400 else str(self.status)


def errors(answer: Answer) -> dict[str, str]:
    """Return what is wrong with a body: where, and what."""
    return {one["pointer"]: one["detail"] for one in answer.json["errors"]}


@dataclass(slots=True)
class World:
    """One empty instance; `quotas` are deposits a day, `origins` those that CORS lets in."""

    quotas: Mapping[str, int] = field(default_factory=lambda: PLENTY)
    origins: tuple[str, ...] = ()
    clock: MemoryClock = field(default_factory=lambda: MemoryClock(START))
    host: Host = field(init=False)
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        self.host = memory_host(self.clock)
        name = partial(subject_id, self.host)
        authenticate = Authenticator(issuers(), _keys, self.clock, name)
        self.site = Site(
            self.host,
            authenticate,
            PUBLIC_URL,
            PUBLIC_URL,
            self.origins,
            quotas=self.quotas,
            reports_secret=REPORTS_SECRET.encode(),
        )

    @property
    def is_usual(self) -> bool:
        """Tell whether it is empty, and would keep what the usual one keeps, whichever browsers it lets in."""
        return self.quotas is PLENTY and self.clock.now() == START and not self._rows

    @property
    def _rows(self) -> Table:
        assert isinstance(self.host.rows, MemoryRows)
        return self.host.rows._rows

    def holds_the_same(self, other: "World") -> bool:
        """Tell whether nothing happened here that did not happen there, nor the reverse."""
        mine, theirs = vars(self.host.blobs)["_blobs"], vars(other.host.blobs)["_blobs"]
        return self.clock.now() == other.clock.now() and self._rows == other._rows and bool(mine == theirs)

    def take_over(self, other: "World") -> None:
        """Hold what another instance holds. Neither rows nor objects are ever changed in place."""
        mine, theirs = self.host, other.host
        vars(mine.rows)["_rows"] = other._rows.copy()
        vars(mine.blobs)["_blobs"].update(vars(theirs.blobs)["_blobs"])
        for port in ("mail", "sms", "push"):
            getattr(mine, port).sent = copy(getattr(theirs, port).sent)
        mine.memo.update(theirs.memo)

    def become(self, other: "World") -> None:
        """Hold what another instance holds, and nothing else."""
        vars(self.host.blobs)["_blobs"].clear()
        self.take_over(other)

    def send(
        self,
        who: str,
        method: str,
        path: str,
        *,
        body: object = None,
        form: tuple[object, bytes, str] | None = None,
        raw: bytes | None = None,
        more: Mapping[str, str] | None = None,
        query: str = "",
    ) -> Answer:
        """Send one request; `body` is JSON, `form` is (metadata, content, media type), `raw` a body of bytes.

        `path` is as callers write it, percent-encoded or not.
        """
        content, media = _encoded(body, form, raw)
        auth = self._authentication(who, method, path, content)
        return self.ask(environ(method, path, query, content, {**media, **auth, **(more or {})}))

    def _authentication(self, who: str, method: str, path: str, content: bytes) -> Mapping[str, str]:
        if who == "provider":
            return signed(REPORTS_SECRET, content, int(self.clock.now().timestamp()))
        return headers(who, method, unquote(path), self.clock)

    def ask(self, asked: dict[str, Any]) -> Answer:
        """Send one WSGI request as it is."""
        got: list[Any] = []
        body = b"".join(self.wsgi(asked, lambda status, sent: got.extend((status, sent))))
        return Answer(int(got[0].split()[0]), {name.lower(): value for name, value in got[1]}, body)

    def wsgi(self, asked: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer as a WSGI application."""
        _SITES.append(self.site)
        try:
            return application()(asked, start_response)
        finally:
            _SITES.pop()

    def work(self) -> None:
        """Let the queues run empty."""
        handlers = {
            "intake": jobs.intake(self.host, inspect),
            "notices": jobs.notices(self.host, LETTERHEAD),
            "reminders": jobs.reminders(self.host, LETTERHEAD),
            "enrolment": jobs.enrolment(self.host),
        }
        jobs.minute(self.host)
        while any([self._drain(name, work) for name, work in handlers.items()]):
            pass

    def _drain(self, name: str, work: jobs.Work) -> bool:
        deliveries = self.host.queue.receive(name)
        for delivery in deliveries:
            work(json.loads(delivery.body))
            self.host.queue.delete(name, delivery.receipt)
        return bool(deliveries)

    def night(self) -> None:
        """Run the night's schedule and what follows from it."""
        jobs.night(self.host)
        self.work()


_SITES: list[Site] = []


@cache
def application() -> Front:
    """Return the application behind the front. Whose site it is, is asked for every request."""
    configure_logging()
    app = Chalice("api", configure_logs=False, env={})
    mount(app, lambda: _SITES[-1], ways())
    return Front(app, app.routes)


def _keys(_address: str) -> bytes:
    return json.dumps({"keys": [KEY.as_dict(private=False)]}).encode()


def _encoded(body: object, form: tuple[Any, bytes, str] | None, raw: bytes | None) -> tuple[bytes, dict[str, str]]:
    if form is not None:
        return form_of(*form, BOUNDARY), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if raw is not None:
        return raw, {"Content-Type": "application/octet-stream"}
    if body is not None:
        return json.dumps(body).encode(), {"Content-Type": "application/json"}
    return b"", {}


def environ(method: str, path: str, query: str, body: bytes, sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the request as a WSGI server hands it over."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.items()}
    media = named.pop("HTTP_CONTENT_TYPE", "")
    decoded = unquote(quote(path, safe="/%"), encoding="utf-8", errors="surrogateescape")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": decoded.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": media,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": BytesIO(body),
        **named,
    }
