"""The development issuer as a WSGI application: `granian --interface wsgi --factory infra.local.issuer:application`.

Reads ISSUER_STAGE, ISSUER_BASE, ISSUER_AUDIENCE, ISSUER_FOLDER; refuses to exist on a real stage.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from .home import inherited
from .oidc.clients import Clients
from .oidc.errors import Refused
from .oidc.people import REALMS
from .oidc.provider import Provider

STAGES = ("local", "test")
_BODY_LIMIT = 64 * 1024
_HTML = "text/html; charset=utf-8"

Reply = tuple[HTTPStatus, dict[str, str], str]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class NotHere(Exception):
    """The development issuer was started on a real stage."""


class Issuer:
    """All realms behind one port."""

    def __init__(self, stage: str, base: str, audience: str, folder: Path) -> None:
        if stage not in STAGES:
            raise NotHere(stage)
        clients = Clients(folder / "clients")
        self.realms = {realm: Provider(base, realm, audience, folder / "keys", clients) for realm in REALMS}

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer one request."""
        try:
            status, headers, text = self._answer(environ)
        except Refused as refused:
            status, headers, text = _json({"error": refused.code}, HTTPStatus.BAD_REQUEST)
        body = text.encode()
        common = {"Cache-Control": "no-store", "Content-Length": str(len(body))}
        start_response(f"{status.value} {status.phrase}", [*(common | headers).items()])
        return [body]

    def _answer(self, environ: Mapping[str, Any]) -> Reply:
        _, realm, *rest = str(environ["PATH_INFO"]).split("/")
        if realm == "health":
            return _json({"status": "ok"})
        found = self.realms.get(realm)
        way = _WAYS.get((environ["REQUEST_METHOD"], "/".join(rest)))
        return way(found, environ) if found and way else _json({"error": "not_found"}, HTTPStatus.NOT_FOUND)


def _json(content: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(content)


def _discovery(provider: Provider, _: Mapping[str, Any]) -> Reply:
    return _json(provider.discovery())


def _jwks(provider: Provider, _: Mapping[str, Any]) -> Reply:
    return _json(provider.signer.jwks())


def _rotate(provider: Provider, _: Mapping[str, Any]) -> Reply:
    provider.signer.rotate()
    return _json(provider.signer.jwks())


def _authorize(provider: Provider, environ: Mapping[str, Any]) -> Reply:
    redirect, page = provider.authorize(dict(parse_qsl(environ["QUERY_STRING"])))
    if redirect:
        return HTTPStatus.FOUND, {"Location": redirect}, ""
    return HTTPStatus.OK, {"Content-Type": _HTML}, page


def _token(provider: Provider, environ: Mapping[str, Any]) -> Reply:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), _BODY_LIMIT)
    form = dict(parse_qsl(environ["wsgi.input"].read(length).decode()))
    return _json(provider.token(form, environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_DPOP", "")))


_WAYS: Mapping[tuple[str, str], Callable[[Provider, Mapping[str, Any]], Reply]] = {
    ("GET", ".well-known/openid-configuration"): _discovery,
    ("GET", "jwks"): _jwks,
    ("POST", "rotate"): _rotate,
    ("GET", "authorize"): _authorize,
    ("POST", "token"): _token,
}


def application() -> Issuer:
    """Make the issuer from the environment."""
    env = inherited()
    return Issuer(env["ISSUER_STAGE"], env["ISSUER_BASE"], env["ISSUER_AUDIENCE"], Path(env["ISSUER_FOLDER"]))
