"""What lies of a record's notices outside it, sealed with a key that outlives it: what goes when it is destroyed."""

from collections.abc import Iterator

from ..access.grant import Grant
from ..kernel.host import Host
from ..kernel.ports import Key
from . import daily, letters, told


def lying(host: Host, grant: Grant) -> Iterator[Key]:
    """Yield the ways back from what was told, the letters, and the hint that something waits for the night."""
    yield from told.lying(host, grant)
    yield from letters.lying(host, grant)
    yield daily.hint(grant.record)
