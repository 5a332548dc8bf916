"""The deployed API as callers see it: through the gateway of the stand-in, with tokens of the development issuer."""

import base64
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
from requests import PreparedRequest, Request

from infra.local.callers import Caller
from tests.infra.deployment import Deployed

PUBLIC_URL = "https://carnet.test"
INS = {"value": "276119999000162", "oid": "1.2.250.1.213.1.4.10"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    media: str
    body: Any


@dataclass(frozen=True, slots=True)
class DeployedApi:
    """The gateway of a deployment."""

    deployed: Deployed

    def call(self, method: str, path: str, caller: Caller | None = None, **more: Any) -> Answer:
        """Send one request; `more` are arguments of requests.Request. Bodies have to be text (see `_body`)."""
        proof = caller.headers(method, PUBLIC_URL + path) if caller else {}
        sent = Request(method, self._url(path), headers={"Accept": "*/*", **proof}, **more).prepare()
        return self._send(sent)

    def _url(self, path: str) -> str:
        return f"{self.deployed.cloud.url}/restapis/{self.deployed.edge['RestAPIId']}/v1/_user_request_{path}"

    def _send(self, sent: PreparedRequest) -> Answer:
        with requests.Session() as session:
            found = session.send(sent, verify=str(self.deployed.cloud.certificate), timeout=180)
        return Answer(found.status_code, found.headers.get("Content-Type", ""), _body(found.content))


def _body(content: bytes) -> Any:
    """Return the body, which the stand-in leaves in base64: it ignores the media types declared in the definition."""
    with suppress(ValueError):  # an answer of the gateway itself
        content = base64.b64decode(content, validate=True)
    return json.loads(content) if content else None
