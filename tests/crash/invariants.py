"""What must hold after every kill, whatever the operation was."""

import hashlib
from collections import Counter
from collections.abc import Iterator

from chalicelib.access.facts import FLUSH_AT
from chalicelib.access.journal import PREFIX, entries_of, operation
from chalicelib.kernel.errors import Broken

from .worlds import QUEUES, Snapshot, World

ONCE = frozenset({"document:settle", "reminder:send", "emergency:open", "announcement:tell"})
"""actions whose entries, details included, are never alike"""


def broken(world: World, before: Snapshot) -> Iterator[str]:
    """Yield what is wrong with the stores of a world that began as `before`."""
    yield from world.wrong
    yield from _left_over(world)
    yield from _repeated_mail(world, before)
    for record in world.records:
        yield from journal_wrong(world, record)


def _left_over(world: World) -> Iterator[str]:
    for name in QUEUES:
        if world.left(name) or world.left(f"{name}-dead"):
            yield f"left over: messages of {name}"
    for record in world.records:  # not by the work index, which may lag on a real host
        for row in world.rows.query(f"r#{record}", limit=10_000):
            if "work" in row and str(row["since"]) <= world.clock.now().isoformat():
                yield f"left over: work in {str(row['work']).partition('#')[0]}"


def mails(world: World, before: Snapshot) -> Counter[str]:
    """Return how often each Message-ID was sent beyond the prepared state."""
    return Counter(str(message["Message-ID"]) for message in world.mail.sent[len(before.mails) :])


def _repeated_mail(world: World, before: Snapshot) -> Iterator[str]:
    for name, count in mails(world, before).items():
        if count > 1 + world.excused[name]:
            yield "doubled: a mail was sent again without a kill between the server's answer and the row"


def journal_wrong(world: World, record: str) -> Iterator[str]:
    """Yield what is wrong with a journal: a gap, a wrong link, an entry twice, one that does not open."""
    facts = world.facts(record)
    rows = world.rows.query(f"r#{record}", after=PREFIX, upto=PREFIX + "~", limit=10_000)
    chain, reached = b"", 0
    for row in rows:
        if row["sk"] != f"{PREFIX}{reached:012d}":
            yield "journal: a gap"
        for number, entry in entries_of(row):
            chain, reached = hashlib.sha256(chain + entry).digest(), number + 1
            if number >= facts.first and entry != facts.entries[number - facts.first]:
                yield "journal: a row that is not the entry waiting for it"
            if number == facts.first - 1 and facts.chain != chain:
                yield "journal: facts name another end of the chain"
        if row["chain"] != chain:
            yield "journal: a wrong link"
    if reached < facts.first:
        yield "journal: rows are missing"
    try:
        yield from _entries_wrong(world, record)
    except Broken:
        yield "journal: it cannot be read"


def _entries_wrong(world: World, record: str) -> Iterator[str]:
    facts = world.facts(record)
    sealed = [entry for entry, _ in world.journal(record)]
    if len(sealed) != facts.last or len({operation(entry) for entry in sealed}) != len(sealed):
        yield "journal: an entry is missing or stands twice"
    if any(count > 1 for count in _done_once(world, record).values()):
        yield "doubled: two entries of one effect"
    waiting = [entry for _, entry in world.journal(record)][facts.relayed :]
    if any(entry.obligations for entry in waiting) or len(facts.entries) >= FLUSH_AT:
        yield "journal: something follows from entries and they were not relayed"


def _done_once(world: World, record: str) -> Counter[str]:
    entries = [entry for _, entry in world.journal(record) if entry.action in ONCE]
    return Counter(f"{entry.action} {entry.about} {sorted(entry.detail.items())}" for entry in entries)


def history_kept(world: World, record: str, sealed: list[bytes]) -> bool:
    """Tell whether the journal still begins with the entries of the prepared state."""
    try:
        return [entry for entry, _ in world.journal(record)][: len(sealed)] == sealed
    except Broken:
        return False
