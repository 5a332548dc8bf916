"""Documents to be announced: two weeks after the deposit the holder is told that something is (R.1111-53)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from ..access.actor import Actor, Kind
from ..access.clocks import LAW, instant, over
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..access.journal import operation_of
from ..kernel.errors import CarnetError
from ..kernel.host import Host
from .model import HEAD, Document, head_sort
from .store import document_of, find, head_of

SYSTEM = Actor(Kind.SYSTEM, "system:announcements", "Carnet")


class _NotNow(CarnetError):
    """It is too early, or there is nothing to tell."""


def tell(host: Host, record: str, document: str) -> tuple[str, bool]:
    """Journal, once, that the holder is told; the notice follows. Return the day of it, and whether to come again."""
    day, early = "", False

    def before(seen: Seen) -> None:
        nonlocal day, early
        found = find(seen, head_sort(document))
        if found is None or not _to_tell(found, seen):
            raise _NotNow
        day, early = day_of(found), instant(host.clock.now()) < over("announcement_told", found.withheld)
        if early:
            raise _NotNow

    ask = Ask(
        SYSTEM,
        record,
        "announcement:tell",
        (head_sort(document),),
        thing=head_of(document),
        before=before,
        op=operation_of("announce", document),
        once=True,
    )
    with suppress(_NotNow):
        gate(host, ask)
    return day, early


def unannounced(host: Host, record: str) -> list[str]:
    """Return the documents that the holder of an open record does not see yet."""
    grant, at = gate(host, Ask(SYSTEM, record, "reminder:arm")), instant(host.clock.now())
    return [one.id for one in withheld(host, grant) if grant.choices.withholds(one.id, one.withheld, at)]


def withheld(host: Host, grant: Grant) -> Iterator[Document]:
    """Yield the documents of a record that were withheld from its holder when they were deposited."""
    after = HEAD
    while rows := host.rows.query(partition(grant.record), after=after, upto=HEAD + "~"):
        found = (document_of(grant.policy_key, grant.record, row) for row in rows)
        yield from (one for one in found if one.withheld)
        after = str(rows[-1]["sk"])


def day_of(document: Document) -> str:
    """Return the day in Paris from which the holder is told."""
    due = datetime.fromisoformat(over("announcement_told", document.withheld))
    return due.astimezone(LAW).date().isoformat()


def _to_tell(document: Document, seen: Seen) -> bool:
    choices = seen.choices
    known = choices.announced | choices.gone | choices.disowned
    return bool(document.withheld) and document.state == "available" and document.id not in known
