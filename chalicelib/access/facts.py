"""Facts: the one small row per record that every decision reads and every access rewrites."""

from dataclasses import dataclass
from typing import cast

from ..kernel.errors import Broken
from ..kernel.ports import Row

SORT = "0facts"
STATES = ("invited", "opposed", "open", "suspended", "closed", "erasing", "deceased")
"""The life of a record; `absent` is the one that is not there (design.md, domain/facts.md § 3.4)."""
DESTROYED = "destroyed"
"""on the way out: no word of a rule names it, so that everything is refused until nothing is left"""
PENDING_LIMIT = 96
CLOSE_AT = 64
"""entries of a list at which the access that brings the last one freezes and moves it: nobody else meets a full one"""
FLUSH_AT = 32
"""pending entries at which a relay moves them into rows, before an access has to"""
HEAVY = 48_000
"""bytes of a list that is moved however few entries it has: two lists and what comes meanwhile fit in 400 KB"""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts row as read. `frozen` is the list a flush is moving, `tail` the one accesses append to.

    `turned` is the instant at which the present state began: the law's clocks are counted from it.
    """

    record: str
    state: str
    policy_version: int = 0
    choices: str = ""
    choices_hash: bytes = b""
    person: str = ""
    generation: int = 0
    frozen: tuple[bytes, ...] = ()
    tail: tuple[bytes, ...] = ()
    first: int = 0
    relayed: int = 0
    chain: bytes = b""
    turned: str = ""

    @property
    def entries(self) -> tuple[bytes, ...]:
        """Sealed journal entries not yet in their own rows; the first has number `first`."""
        return self.frozen + self.tail

    @property
    def last(self) -> int:
        """One past the number of the newest entry."""
        return self.first + len(self.frozen) + len(self.tail)

    @property
    def is_full(self) -> bool:
        """Tell whether the tail takes no more entries."""
        return len(self.tail) >= PENDING_LIMIT or _weight(self.tail) >= HEAVY

    def fills(self, sealed: bytes) -> bool:
        """Tell whether the tail is to be frozen with this entry as its last one."""
        return not self.frozen and _reaches((*self.tail, sealed), CLOSE_AT)

    def waits(self, *sealed: bytes) -> bool:
        """Tell whether a relay has entries to move, these included."""
        return _reaches((*self.entries, *sealed), FLUSH_AT)


def _weight(entries: tuple[bytes, ...]) -> int:
    return sum(map(len, entries))


def _reaches(entries: tuple[bytes, ...], number: int) -> bool:
    return len(entries) >= number or _weight(entries) >= HEAVY


_KINDS = {
    "state": str,
    "policy_version": int,
    "choices": str,
    "choices_hash": bytes,
    "person": str,
    "generation": int,
    "first": int,
    "relayed": int,
    "chain": bytes,
}


def pending_name(generation: int) -> str:
    """Return the attribute that holds the pending entries of this generation."""
    return f"pending_{generation}"


def facts_key(record: str) -> tuple[str, str]:
    """Return where the facts of this record lie."""
    return partition(record), SORT


def partition(record: str) -> str:
    """Return the partition that holds every row of this record."""
    return f"r#{record}"


def facts_of(record: str, row: Row | None) -> Facts:
    """Read the row; an absent one is a record in state `absent`, so that it takes the same path. Raise Broken."""
    if row is None:
        return Facts(record, "absent")
    for name, kind in _KINDS.items():
        if not isinstance(row.get(name), kind):
            raise Broken
    generation = cast(int, row["generation"])

    def pending(number: int) -> tuple[bytes, ...]:
        found = row.get(pending_name(number), [])
        if not isinstance(found, list):
            raise Broken
        return tuple(found)

    return Facts(
        record=record,
        state=cast(str, row["state"]),
        policy_version=cast(int, row["policy_version"]),
        choices=cast(str, row["choices"]),
        choices_hash=cast(bytes, row["choices_hash"]),
        person=cast(str, row["person"]),
        generation=generation,
        frozen=pending(generation - 1),
        tail=pending(generation),
        first=cast(int, row["first"]),
        relayed=cast(int, row["relayed"]),
        chain=cast(bytes, row["chain"]),
        turned=cast(str, row.get("turned", "")),
    )
