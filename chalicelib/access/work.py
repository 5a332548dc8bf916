"""The work index: which rows have something left to do, and how it is worked off. Decisions never read it."""

import zlib
from collections.abc import Callable, Iterable
from typing import TypeVar

from ..kernel.errors import Broken, Busy, Unavailable

T = TypeVar("T")

SHARDS = 4
IN_A_ROW = 5
"""things that cannot be had one after the other, after which no more is tried"""
JOURNAL, INTAKE, REFUSED, EXPIRY, ENROLMENT = "journal", "intake", "refused", "expiry", "enrolment"
INVITING, OUTCOME, SHRED, HEALTH = "inviting", "outcome", "shred", "health"


def _shard(kind: str, record: str) -> str:
    return f"{kind}#{zlib.crc32(record.encode()) % SHARDS}"


def journal_shard(record: str) -> str:
    """Return the shard of a record whose journal has entries to relay."""
    return _shard(JOURNAL, record)


def intake_shard(record: str) -> str:
    """Return the shard of a document version that intake has not settled."""
    return _shard(INTAKE, record)


def expiry_shard(record: str) -> str:
    """Return the shard of a deposit whose bytes must not be kept for ever."""
    return _shard(EXPIRY, record)


def inviting_shard(job: str) -> str:
    """Return the shard of what an intake file has begun or left: people to tell, and records of nobody."""
    return _shard(INVITING, job)


def outcome_shard(job: str) -> str:
    """Return the shard of what is left of an intake file once it is over."""
    return _shard(OUTCOME, job)


def enrolment_shard(job: str) -> str:
    """Return the shard of an intake file that is not read to its end, or whose people are not told."""
    return _shard(ENROLMENT, job)


def shred_shard(record: str) -> str:
    """Return the shard of a destruction that is not finished."""
    return _shard(SHRED, record)


def health_shard(record: str) -> str:
    """Return the shard of an entry of the profile from which reminders are not computed yet."""
    return _shard(HEALTH, record)


def refused_shard(partition: str) -> str:
    """Return the shard of a refusal that is not yet in a chain."""
    return _shard(REFUSED, partition)


def shards(kind: str) -> list[str]:
    """Return all shards of one kind."""
    return [f"{kind}#{number}" for number in range(SHARDS)]


def work_off(found: Iterable[T], work: Callable[[T], int], in_a_row: int = IN_A_ROW) -> int:
    """Return the sum of what `work` returns. Raise Broken or Unavailable at the end: what is so keeps nothing waiting.

    When so many in a row are Unavailable, and not only Busy, nothing is to be had now: the rest waits with them.
    """
    done, unavailable = 0, 0
    left: list[Broken | Unavailable] = []
    for one in found:
        try:
            done += work(one)
            unavailable = 0
        except (Broken, Busy) as error:
            left.append(error)
            unavailable = 0
        except Unavailable as error:
            left.append(error)
            unavailable += 1
        if unavailable == in_a_row:
            break
    if left:
        raise left[0]
    return done
