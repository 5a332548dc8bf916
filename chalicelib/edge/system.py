"""The ways in that belong to no capability: health, specification, documentation."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from .http import STRICT, Api, Call, Example, Reply

if TYPE_CHECKING:
    from .parameters import Json


class Health(BaseModel):
    """The process answers."""

    model_config = STRICT
    status: Literal["ok"] = "ok"


def _plain(document: "Json") -> str:
    return json.dumps(document, separators=(",", ":"))


def system_api(apis: Callable[[], Sequence[Api]], *, server: str = "") -> Api:
    """Return the routes /health, /openapi.json and /docs over these capabilities; nobody needs a token for them.

    `apis` is asked at the first request for the specification. `server` is the address in it; by default the public
    one.
    """
    api = Api("system")

    @cache
    def written(public_url: str, form: Callable[["Json"], str]) -> str:
        from .openapi import specification  # noqa: PLC0415  no other request needs it

        return form(specification([*apis(), api], server=server or public_url))

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
        return Reply(200, written(call.site.public_url, _plain))

    @api.route("GET", "/docs", summary="Give the documentation page", reply=bytes, media="text/html", anonymous=True)
    def docs(call: Call) -> Reply:
        from .docs import CONTENT_SECURITY, page  # noqa: PLC0415  no other request needs it

        text = written(call.site.public_url, page)
        return Reply(200, text, {"Content-Security-Policy": CONTENT_SECURITY}, "text/html; charset=utf-8")

    return api
