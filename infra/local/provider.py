"""The other end of short messages and Web Push: `python -m infra.local.provider PORT FOLDER` keeps each as a file.

It plays two services. `POST /sms` is a provider of short messages: bearer secret, one message for one Idempotency-Key,
422 for a number that no network knows. `POST /push/<name>` is a push service (RFC 8030): TTL, VAPID and aes128gcm
wanted, 201 with a Location, 410 once `DELETE /push/<name>` ended the subscription. `POST /reports` lets it tell what
became of a message, signed, as providers do: `{"url": …, "reference": …, "channel": …, "outcome": …}`.
"""

import hashlib
import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .kept import kept, write
from .ports import LOOPBACK
from .report import report

UNKNOWN = "+33600000000"
"""a number that no network knows"""
_BODY_LIMIT = 64 * 1024
_PUSH_LIMIT = 4096

Answer = tuple[HTTPStatus, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is kept, and the two secrets that were agreed on."""

    folder: Path
    over: set[str] = field(default_factory=set)

    @property
    def secret(self) -> str:
        """Return what lets a sender in."""
        return secret_file(self.folder, "sms").read_text()

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        if path.startswith("/push/"):
            return self.push(path.removeprefix("/push/"), headers, body)
        if path == "/reports":
            return self.tell(body)
        return self.sms(headers, body) if path == "/sms" else (HTTPStatus.NOT_FOUND, {})

    def sms(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take one short message."""
        if not secrets.compare_digest(headers.get("authorization", ""), f"Bearer {self.secret}"):
            return HTTPStatus.UNAUTHORIZED, {}
        asked = json.loads(body)
        if asked["to"] == UNKNOWN:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {}
        self._keep("sms", headers["idempotency-key"], asked)
        return HTTPStatus.ACCEPTED, {}

    def push(self, name: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take one pushed message, for whoever listens under this name."""
        if name in self.over:
            return HTTPStatus.GONE, {}
        wanted = headers.get("ttl", "").isdigit() and headers.get("content-encoding") == "aes128gcm"
        if not wanted or not headers.get("authorization", "").startswith("vapid t="):
            return HTTPStatus.BAD_REQUEST, {}
        if len(body) > _PUSH_LIMIT:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {}
        told = {key: headers.get(key, "") for key in ("topic", "ttl", "authorization", "urgency")}
        self._keep("push", headers.get("topic") or secrets.token_hex(8), {"to": name, "body": body.hex(), **told})
        return HTTPStatus.CREATED, {"Location": f"/message/{secrets.token_hex(8)}"}

    def end(self, name: str) -> Answer:
        """End a subscription."""
        self.over.add(name)
        return HTTPStatus.NO_CONTENT, {}

    def tell(self, body: bytes) -> Answer:
        """Tell the sender what became of a message; answer as the sender answered."""
        asked = json.loads(body)
        secret = secret_file(self.folder, "reports").read_text()
        return HTTPStatus(report(secret, **asked)), {}

    def _keep(self, kind: str, key: str, content: Mapping[str, Any]) -> None:
        file = self.folder / f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
        if kind == "push" or not file.exists():
            write(file, content)

    def kept(self, kind: str) -> list[dict[str, Any]]:
        """Return what arrived, oldest first."""
        files = sorted(self.folder.glob(f"{kind}-*.json"), key=lambda file: file.stat().st_mtime_ns)
        return [json.loads(file.read_text()) for file in files]


def secret_file(folder: Path, name: str) -> Path:
    """Return the file of one of the secrets agreed on, made when it is not there: sms, reports."""
    file = folder / f"{name}.secret"
    if not file.exists():
        word = kept(folder / f"{name}.json", lambda: {"secret": secrets.token_urlsafe(32)})["secret"]
        fresh = file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(word)
        fresh.replace(file)
    return file


def server(port: int, folder: Path) -> ThreadingHTTPServer:
    """Return the server, already listening on the loopback; `serve_forever` runs it."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(min(int(headers.get("content-length", 0)), _BODY_LIMIT))
            self._answer(lambda: desk.post(self.path, headers, body))

        def do_DELETE(self) -> None:
            self._answer(lambda: desk.end(self.path.removeprefix("/push/")))

        def do_GET(self) -> None:
            self._answer(lambda: (HTTPStatus.NO_CONTENT, {}))

        def _answer(self, produce: Callable[[], Answer]) -> None:
            try:
                status, headers = produce()
            except (ValueError, KeyError, TypeError):
                status, headers = HTTPStatus.BAD_REQUEST, {}
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: an address of a push service is a secret."""

    made = ThreadingHTTPServer((LOOPBACK, port), Handler)
    made.daemon_threads = True
    return made


def main() -> None:
    """Listen until SIGTERM."""
    made = server(int(sys.argv[1]), Path(sys.argv[2]))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=made.shutdown).start())
    made.serve_forever(0.1)
    made.server_close()


if __name__ == "__main__":
    main()
