"""Rows of the profile: opened, found, written; earlier versions kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from ..access.facts import partition
from ..access.gate import Seen
from ..access.grant import Grant, Shelf, open_row
from ..access.thing import Thing
from ..access.work import health_shard
from ..kernel.errors import Broken
from ..kernel.host import Host
from ..kernel.ports import ALWAYS, Pending, Row, When
from .model import HEAD, VERSION, Entry, head_sort, version_sort
from .words import KEPT, SECTIONS

PAGE = 100
SWEEP_AFTER = timedelta(minutes=2)
"""how long the wake-up sent with a write has before the sweep sends another"""


def entry_of(policy_key: bytes, record: str, row: Row) -> Entry:
    """Open a row. Raise Broken when it was moved, altered or mixed."""
    kept = Entry.model_validate_json(open_row(policy_key, record, row), context=KEPT)
    version = row["version"]
    if not isinstance(version, int):
        raise Broken
    known = {"version": version, "state": row["state"], "id": str(row["sk"]).split("#")[1]}
    return kept.model_copy(update=known)


def find(seen: Seen, entry: str) -> Entry | None:
    """Return the entry that was read along, None when there is none or it was deleted."""
    row = seen.rows.get(head_sort(entry))
    found = entry_of(seen.policy_key, seen.record, row) if row else None
    return found if found and found.content else None


def granted(grant: Grant, entry: str) -> Entry:
    """Return the entry of a grant whose decision was made about it."""
    return entry_of(grant.policy_key, grant.record, grant.rows[head_sort(entry)])


def thing_of(entry: str) -> Callable[[Seen], Thing]:
    """Return what the gate decides on.

    An absent entry is asked for like one that a minor keeps secret, so that representatives are refused both alike.
    """

    def thing(seen: Seen) -> Thing:
        found = find(seen, entry)
        return found.thing() if found else Thing("profile", entry, state="absent", secret=True)

    return thing


def begin_write(host: Host, grant: Grant, entry: Entry, when: When) -> Pending[None]:
    """Start to write the next version of what nothing follows from; its result raises ConditionFailed."""
    return host.rows.begin_put(_row(host, grant, entry), when)


def write(host: Host, grant: Grant, entry: Entry, when: When) -> Entry:
    """Write the next version as the current one, marked when reminders follow from it. Raise ConditionFailed.

    Nothing follows from what a minor keeps secret: even the journal of an arming would tell representatives of it.
    """
    Shelf(host, grant).put(_row(host, grant, entry), when)
    return entry.model_copy(update={"version": entry.version + 1, "state": _state(entry)})


def _state(entry: Entry) -> str:
    return "available" if entry.content else "gone"


def _row(host: Host, grant: Grant, entry: Entry) -> Row:
    todo = {"work": health_shard(grant.record), "since": (host.clock.now() + SWEEP_AFTER).isoformat()}
    plain = todo if counts(entry) else {}
    shelf, clear = Shelf(host, grant), entry.model_dump_json().encode()
    return shelf.row(head_sort(entry.id), clear, version=entry.version + 1, state=_state(entry), **plain)


def counts(entry: Entry) -> bool:
    """Tell whether reminders follow from an entry."""
    return SECTIONS[entry.section].counts and not entry.secret


def keep(host: Host, grant: Grant, entry: Entry) -> None:
    """Keep a version beside the current one, before that is overwritten. The same version again changes nothing."""
    shelf, clear = Shelf(host, grant), entry.model_dump_json().encode()
    sort = version_sort(entry.id, entry.version)
    shelf.put(shelf.row(sort, clear, version=entry.version, state=entry.state), ALWAYS)


def unchanged(entry: Entry) -> When:
    """Return the condition that the row is still as it was read."""
    return When(equals={"version": entry.version, "state": entry.state})


def earlier(host: Host, grant: Grant, entry: str) -> Iterator[Entry]:
    """Yield the kept versions of an entry, oldest first."""
    begins = f"{VERSION}{entry}#"
    for row in _rows(host, grant.record, begins, begins + "~"):
        yield entry_of(grant.policy_key, grant.record, row)


def begin_heads(host: Host, record: str, begins: str, limit: int = 5) -> Pending[list[Row]]:
    """Start to read the first rows of the entries whose ids begin so."""
    return host.rows.begin_query(partition(record), after=HEAD + begins, upto=HEAD + begins + "~", limit=limit)


def heads(host: Host, record: str, begins: str, after: str = "", upto: str = "") -> Iterator[Row]:
    """Yield the rows of the entries whose ids begin so, `after` an id, up to one that begins with `upto`."""
    yield from _rows(host, record, HEAD + (after or begins), HEAD + (upto or begins) + "~")


def _rows(host: Host, record: str, after: str, upto: str) -> Iterator[Row]:
    rows = host.rows.query(partition(record), after=after, upto=upto, limit=PAGE)
    while rows:
        yield from rows
        if len(rows) < PAGE:
            return
        rows = host.rows.query(partition(record), after=str(rows[-1]["sk"]), upto=upto, limit=PAGE)
