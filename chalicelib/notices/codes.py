"""Single-use codes on their way out: sealed in the record until they are used, never in a queue."""

from typing import Any

from ..access.grant import Grant, Shelf
from ..kernel.host import Host
from . import kept

PREFIX = "6code#"


def lay_code(host: Host, grant: Grant, event: str, name: str, code: str) -> None:
    """Keep the code that the notice of this event and name carries; call it before the notice is asked for."""
    kept.edit(host, grant, _sort(host, grant, event, name), lambda _: code)


def code_of(host: Host, grant: Grant, event: str, name: str) -> str:
    """Return the code, empty when there is none any more."""
    content: Any = kept.read(host, grant, _sort(host, grant, event, name))[1]
    return str(content or "")


def void_code(host: Host, grant: Grant, event: str, name: str) -> None:
    """Forget the code: notices that were not sent yet are not sent any more."""
    kept.edit(host, grant, _sort(host, grant, event, name), lambda _: "")


def _sort(host: Host, grant: Grant, event: str, name: str) -> str:
    return PREFIX + Shelf(host, grant).name("code", event, name)
