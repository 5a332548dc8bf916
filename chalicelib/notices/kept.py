"""Sealed JSON rows of a record that several workers may change: read, change, write on condition, look again."""

import json
from collections.abc import Callable
from typing import Any, cast

from ..access.facts import partition
from ..access.grant import Grant, Shelf
from ..kernel.errors import ConditionFailed, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, Row, When

TRIES = 8


def read(host: Host, grant: Grant, sort: str) -> tuple[int, Any]:
    """Return (version, content) as it is now; (0, None) when there is none."""
    key = (partition(grant.record), sort)
    return opened(host, grant, host.rows.get([key]).get(key))


def opened(host: Host, grant: Grant, row: Row | None) -> tuple[int, Any]:
    """Return (version, content) of a row that was read."""
    if row is None:
        return 0, None
    return cast(int, row["version"]), json.loads(Shelf(host, grant).open(row))


def write(host: Host, grant: Grant, sort: str, version: int, content: Any) -> None:
    """Write the version after this one. Raise ConditionFailed when somebody else did."""
    shelf = Shelf(host, grant)
    clear = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    shelf.put(shelf.row(sort, clear, version=version + 1), When(equals={"version": version}) if version else NEW)


def edit(host: Host, grant: Grant, sort: str, change: Callable[[Any], Any]) -> Any:
    """Put what `change` makes of the content in its place, and return it; unchanged content is not written."""
    for attempt in range(TRIES):
        version, content = read(host, grant, sort)
        changed = change(content)
        if changed == content:
            return content
        try:
            write(host, grant, sort, version, changed)
            return changed
        except ConditionFailed:
            host.clock.sleep(0.002 * 2**attempt)
    raise Unavailable
