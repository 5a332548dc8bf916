"""What is kept of how a person was reached, in the record and outside it: what goes with it or before it."""

from collections.abc import Iterator

from ..access.facts import partition
from ..access.grant import Grant
from ..kernel.host import Host
from ..kernel.ports import Key
from . import daily, letters, told
from .contact import SORT


def lying(host: Host, grant: Grant) -> Iterator[Key]:
    """Yield what lies outside, sealed with a key that outlives the record.

    The ways back from what was told, the letters, and the hint that something waits for the night.
    """
    yield from told.lying(host, grant)
    yield from letters.lying(host, grant)
    yield daily.hint(grant.record)


def forget(host: Host, grant: Grant) -> None:
    """Delete every address to which something was sent, and those that were to be used; safe to repeat."""
    inside = (
        (partition(grant.record), str(row["sk"]))
        for prefix in (letters.PREFIX, told.PREFIX)
        for row in host.rows.query(partition(grant.record), after=prefix, upto=prefix + "~", limit=1000)
    )
    for key in (*lying(host, grant), *inside, (partition(grant.record), SORT)):
        host.rows.delete(key)
