"""The ways in that belong to no capability: health, specification, documentation."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Literal

from pydantic import BaseModel

from .docs import CONTENT_SECURITY, page
from .http import STRICT, Api, Call, Example, Reply
from .openapi import specification
from .parameters import Json


class Health(BaseModel):
    """The process answers."""

    model_config = STRICT
    status: Literal["ok"] = "ok"


def system_api(apis: Sequence[Api], *, server: str = "") -> Api:
    """Return the routes /health, /openapi.json and /docs over these capabilities; nobody needs a token for them.

    `server` is the address in the specification; by default the public one.
    """
    api = Api("system")

    @cache
    def document(public_url: str) -> Json:
        return specification([*apis, api], server=server or public_url)

    @api.route(
        "GET",
        "/health",
        summary="Tell that the process answers",
        reply=Health,
        examples=Example(reply={"status": "ok"}),
        anonymous=True,
    )
    def health(_: Call) -> Reply:
        return Reply(200, Health())

    @api.route("GET", "/openapi.json", summary="Give the specification of every way in", reply=bytes, anonymous=True)
    def openapi(call: Call) -> Reply:
        return Reply(200, json.dumps(document(call.site.public_url), separators=(",", ":")))

    @api.route("GET", "/docs", summary="Give the documentation page", reply=bytes, media="text/html", anonymous=True)
    def docs(call: Call) -> Reply:
        text = page(document(call.site.public_url))
        return Reply(200, text, {"Content-Security-Policy": CONTENT_SECURITY}, "text/html; charset=utf-8")

    return api
