"""The relay: what follows from journal entries is sent to the queues, at least once. The journal is the outbox.

Something follows only from entries whose rule has obligations; only they, and a tail that wants to be flushed, put the
record into the work index. Entries from which nothing follows wait for the next of those.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta

from pydantic_core import to_json

from ..kernel.errors import Broken, ConditionFailed, NotFound
from ..kernel.host import Host
from ..kernel.ports import Change, Key, When
from .facts import Facts, facts_key, facts_of, pending_name
from .flush import flush
from .journal import Entry, open_entry, read
from .keyring import key_row_key, policy_key
from .work import JOURNAL, shards, work_off

LATER = timedelta(hours=1)
"""after which a record that does not open is looked at again"""
Message = tuple[str, dict[str, str | int]]
Route = Callable[[str, Entry], Iterable[Message]]
"""(record, entry) -> (queue, body): what follows from one entry. Bodies carry ids only."""


def send(host: Host, queue: str, body: dict[str, str | int]) -> None:
    """Put one message of ids on a queue."""
    host.queue.send(queue, to_json(body).decode())


def relay(host: Host, record: str, route: Route) -> None:
    """Send what follows from entries not yet relayed, then say so in facts; flush when the tail is long. Raise Broken.

    Of a journal that is damaged there nothing is said to be relayed: whatever was put back is found.
    """
    keys: list[Key] = [facts_key(record), key_row_key(record)]
    found = host.rows.get(keys)
    if len(found) < len(keys):
        return  # erased: nothing can follow from entries that nobody can open
    if "work" not in found[keys[0]]:
        return  # nothing follows from what was not relayed yet
    facts, key = facts_of(record, found[keys[0]]), policy_key(host, record, found[keys[1]])
    try:
        for _, sealed in read(host, facts, facts.relayed, facts.last):
            for queue, body in route(record, open_entry(key, record, sealed)):
                send(host, queue, body)
    except NotFound:
        return  # erased while it was read
    if facts.waits():  # before the mark goes: a flush that is killed must be found again
        flush(host, facts)
        _mark(host, _again(host, facts), facts.last)
    else:
        _mark(host, facts, facts.last)


def _again(host: Host, facts: Facts) -> Facts:
    key = facts_key(facts.record)
    return facts_of(facts.record, host.rows.get([key]).get(key))


def _mark(host: Host, facts: Facts, upto: int) -> None:
    """Say in facts that entries below `upto` were relayed; take the mark away when nothing is left to do."""
    upto = max(upto, facts.relayed)  # another relay may have been faster
    if facts.last > upto or facts.waits():  # whoever froze a list may have died
        _mark_busy(host, facts, upto)
        return
    as_read = {"relayed": facts.relayed, "generation": facts.generation}
    relayed = {"relayed": upto}
    quiet = When(equals=as_read, shorter={pending_name(facts.generation): len(facts.tail) + 1})
    try:
        host.rows.update(facts_key(facts.record), Change(set=relayed, remove=("work", "since")), quiet)
    except ConditionFailed:
        _mark_busy(host, facts, upto)


def _mark_busy(host: Host, facts: Facts, upto: int) -> None:
    """Keep the row in the work index: new entries came meanwhile."""
    try:
        host.rows.update(
            facts_key(facts.record), Change(set={"relayed": upto}), When(equals={"relayed": facts.relayed})
        )
    except ConditionFailed:
        return  # another relay has said so already


def relay_all(host: Host, route: Route, limit: int = 100) -> int:
    """Relay every record in the work index, at most `limit` of each shard; return how many. Raise as `work_off`."""
    return work_off(_marked(host, limit), lambda record: _relayed(host, record, route))


def _marked(host: Host, limit: int) -> Iterator[str]:
    now = host.clock.now().isoformat()
    for shard in shards(JOURNAL):
        yield from (pk.removeprefix("r#") for pk, _ in host.rows.work(shard, upto=now, limit=limit))


def _relayed(host: Host, record: str, route: Route) -> int:
    try:
        relay(host, record, route)
        return 1
    except Broken:  # looked at again later, and behind all others: many of them must not fill the first page
        with suppress(ConditionFailed):
            later = Change(set={"since": (host.clock.now() + LATER).isoformat()})
            host.rows.update(facts_key(record), later, When(present=("work",)))
        raise
