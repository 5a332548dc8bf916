"""Another means of contact, asked for in the holder's place: it counts only when its clock has run out."""

import json

from ..access.clocks import instant, over
from ..access.grant import Grant, Shelf
from ..kernel.host import Host

SORT = "6proposed"


def propose(host: Host, grant: Grant, channel: str, value: str, name: str) -> None:
    """Keep what was asked for, sealed, with the instant from which it counts (clock `contact_change`, threat T07)."""
    counts = over("contact_change", instant(host.clock.now()))
    clear = json.dumps({"channel": channel, "value": value, "name": name, "counts_from": counts}).encode()
    shelf = Shelf(host, grant)
    shelf.put(shelf.row(SORT, clear, version=1))
