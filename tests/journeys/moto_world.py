"""The story's world in process: the real app.py on moto, fed with the events of a Lambda host."""

import base64
import importlib
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from socketserver import ThreadingMixIn
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import boto3
from aiosmtpd.controller import Controller
from moto.server import ThreadedMotoServer

from chalicelib.hosts.table import create_table
from infra import review
from infra.context import Context
from infra.events import schedule_event
from infra.local.callers import Caller
from infra.local.issuer import Issuer
from infra.local.mailbox import Mailbox
from infra.local.oidc.people import REALMS, people
from infra.local.ports import free_port
from infra.local.send import encoded
from infra.local.story import NOBODY, Answer, Ask
from infra.routing import Router

REGION = "eu-west-3"
URL = "https://api.carnet.example"
QUEUES = ("intake", "notices", "reminders", "enrolment")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def development_issuer(folder: Path) -> Iterator[str]:
    """Serve the development issuer on the loopback interface."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    issuer = Issuer("test", base, "carnet", folder)
    with make_server("127.0.0.1", port, issuer, server_class=_Threads, handler_class=_Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield base
        server.shutdown()


@contextmanager
def moto() -> Iterator[str]:
    """Serve moto on the loopback interface, in this process."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def mailbox(folder: Path) -> Iterator[int]:
    """Keep mails in a folder."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def prepared(endpoint: str) -> dict[str, str]:
    """Make table, bucket, queues and key on moto; return the settings that name them."""
    stores = {name: boto3.client(name, REGION, endpoint_url=endpoint) for name in ("dynamodb", "s3", "sqs", "kms")}
    create_table(stores["dynamodb"], "carnet")
    stores["s3"].create_bucket(Bucket="carnet", CreateBucketConfiguration={"LocationConstraint": REGION})
    key = stores["kms"].create_key()["KeyMetadata"]["KeyId"]
    urls = {name: stores["sqs"].create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
    here = {name: url.replace("localhost", "127.0.0.1") for name, url in urls.items()}
    return {
        "CARNET_ROWS_ENDPOINT": endpoint,
        "CARNET_BLOBS_ENDPOINT": endpoint,
        "CARNET_KEYS": f"kms:{key}",
        "CARNET_QUEUE": "sqs:" + json.dumps(here),
    }


def settings(issuer: str, mail_port: int, stores: dict[str, str]) -> dict[str, str]:
    """Return every setting of the stage `test`."""
    issuers = [
        {
            "issuer": f"{issuer}/{realm}",
            "audience": "carnet",
            "kind": realm,
            "jwks_uri": f"{issuer}/{realm}/jwks",
            "algorithms": ["ES256"],
            "development": True,
        }
        for realm in REALMS
    ]
    return stores | {
        "CARNET_STAGE": "test",
        "CARNET_REGION": REGION,
        "CARNET_PUBLIC_URL": URL,
        "CARNET_PORTAL_URL": "https://portail.carnet.example",
        "CARNET_CORS_ORIGINS": "",
        "CARNET_ISSUERS": json.dumps(issuers),
        "CARNET_ROWS_CREDENTIALS": "",
        "CARNET_TABLE": "carnet",
        "CARNET_BLOBS_CREDENTIALS": "",
        "CARNET_BUCKET": "carnet",
        "CARNET_SMTP": f"smtp://127.0.0.1:{mail_port}",
        "CARNET_MAIL_FROM": "carnet@example.org",
        "CARNET_SMS": "none",
        "CARNET_SMS_SECRET": "",
        "CARNET_PUSH_HOSTS": "",
        "CARNET_PUSH_KEY": "",
        "CARNET_REPORTS_SECRET": "",
        "CARNET_SCANNER": "none",
        "CARNET_DEPOSITS_PER_ORGANISATION": "1000",
        "CARNET_DEPOSITS_PER_RECORD": "1000",
    }


@dataclass
class MotoWorld:
    """Sends HTTP, queue and schedule events to app.py, as a Lambda host would."""

    app: ModuleType
    issuer_base: str
    folder: Path
    mail: Path

    def __post_init__(self) -> None:
        self._router = Router(self.app.app.routes)
        self._callers: dict[str, Caller] = {}
        self.told: list[str] = []

    def issuer(self) -> str:
        return f"{self.issuer_base}/citizens"

    def send(self, ask: Ask) -> Answer:
        body, headers = encoded(ask)
        known = {} if ask.who == NOBODY else self._caller(ask.who).headers(ask.method, URL + ask.path)
        headers |= {**known, **ask.headers}
        answer = self.app.app(self._event(ask, body, headers), Context("app"))
        content = answer["body"]
        raw = base64.b64decode(content) if answer["isBase64Encoded"] else content.encode()
        return Answer(answer["statusCode"], {n.lower(): v for n, v in answer["headers"].items()}, raw)

    def _caller(self, who: str) -> Caller:
        if who not in self._callers:
            self._callers[who] = Caller(people()[who], self.issuer_base, self.folder / "clients")
        return self._callers[who]

    def _event(self, ask: Ask, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        match = self._router.match(ask.path)
        assert match, ask.path
        return {
            "path": ask.path,
            "httpMethod": ask.method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "multiValueQueryStringParameters": None,
            "pathParameters": dict(match.params),
            "stageVariables": None,
            "requestContext": {"resourcePath": match.resource, "httpMethod": ask.method, "requestId": "story-0001"},
            "body": None if body is None else base64.b64encode(body).decode(),
            "isBase64Encoded": body is not None,
        }

    def until(self, done: Callable[[], bool], what: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if done():
                return
            self.app.every_minute(schedule_event(datetime.now(UTC)), Context("every_minute"))
            for name in QUEUES:
                self._drain(name)
        raise TimeoutError(f"{what} did not come within {seconds:g} s")

    def _drain(self, name: str) -> None:
        queue = self.app.host().queue
        records = [
            {"messageId": d.receipt, "receiptHandle": d.receipt, "body": d.body, "eventSourceARN": name}
            for d in queue.receive(name)
        ]
        if records:
            answer = getattr(self.app, f"on_{name}")({"Records": records}, Context(f"on_{name}"))
            failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
            for record in records:
                if record["messageId"] not in failed:
                    queue.delete(name, record["receiptHandle"])

    def night(self) -> None:
        self.until(lambda: self._relayed() == 0, "the end of the relay")
        self.app.every_night(schedule_event(datetime.now(UTC)), Context("every_night"))

    def reviewed(self, professional: str) -> None:
        review.main(self.app.host(), ["--end", professional])

    def _relayed(self) -> int:
        return self.app.every_minute(schedule_event(datetime.now(UTC)), Context("m"))["relayed"]

    def mails(self, address: str) -> list[str]:
        files = sorted(self.mail.glob("*.eml"), key=lambda file: file.stat().st_mtime)
        messages = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [m.get_body().get_content() for m in messages if m["To"] == address]

    def put(self, name: str, data: bytes) -> None:
        self.app.host().blobs.put(name, data)

    def keep(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return name

    def say(self, text: str) -> None:
        self.told.append(text)


@contextmanager
def world(folder: Path, setenv: Callable[[str, str], None]) -> Iterator[MotoWorld]:
    """Start everything in this process and hand over the world."""
    with development_issuer(folder) as issuer, moto() as endpoint, mailbox(folder / "mail") as mail:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            setenv(name, "AKIATESTTESTTESTTEST")
        setenv("AWS_ENDPOINT_URL_KMS", endpoint)
        for name, value in settings(issuer, mail, prepared(endpoint)).items():
            setenv(name, value)
        app = importlib.reload(importlib.import_module("app"))
        yield MotoWorld(app, issuer, folder, folder / "mail")
