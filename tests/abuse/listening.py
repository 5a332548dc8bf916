"""The product over HTTP with an ear at every port and at every answer."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from chalicelib.access.keyring import subject_id
from chalicelib.edge.authn import Authenticator
from chalicelib.kernel.host import Host
from tests.http import api_world
from tests.http.api_people import issuers
from tests.http.api_world import Answer, World

from .canaries import Tap


@dataclass(slots=True)
class Heard:
    """What went where: everything handed to rows, blobs and queue, every answer, every authorization header."""

    rows: list[bytes] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    queue: list[bytes] = field(default_factory=list)
    errors: list[bytes] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)


class Listening(World):
    """The product over HTTP on a host whose ports are tapped."""

    def on(self, host: Host, heard: Heard) -> "Listening":
        """Work on this host from now on."""
        rows, blobs, queue = (Tap(host.rows, heard.rows), Tap(host.blobs, heard.blobs), Tap(host.queue, heard.queue))
        self.host = replace(host, rows=rows, blobs=blobs, queue=queue)  # type: ignore[arg-type]
        name = partial(subject_id, self.host)
        self.site = replace(
            self.site, host=self.host, authenticate=Authenticator(issuers(), api_world._keys, self.clock, name)
        )
        self.heard = heard
        return self

    def ask(self, asked: dict[str, Any]) -> Answer:
        """Keep tokens and refusals."""
        for name in ("HTTP_AUTHORIZATION", "HTTP_DPOP"):
            if value := asked.get(name):
                self.heard.tokens.add(value.rpartition(".")[2] or value)
        answer = super().ask(asked)
        if answer.status >= 400:
            self.heard.errors += [answer.body, *(f"{name}: {value}".encode() for name, value in answer.headers.items())]
        return answer
