"""Deposit quotas per organisation and per record, counted by intake: a ceiling against floods, not an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..access.actor import Actor
from ..access.facts import partition
from ..access.gate import Seen
from ..access.keyring import actor_key
from ..kernel.errors import TooMany
from ..kernel.host import Host
from ..kernel.ports import Change, Key

RECORD_SORT = "0quota"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Deposits a day that one organisation may make, and that one record may receive."""

    organisation: int
    record: int


def quota_keys(host: Host, depositor: str, record: str) -> Sequence[Key]:
    """Return where both counts lie: first the depositor's, then the record's."""
    return actor_key(host, depositor), (partition(record), RECORD_SORT)


def depositor(actor: Actor) -> str:
    """Return who is counted: the organisation, or the person who files alone."""
    return actor.organisation or actor.id


def within(quotas: Quotas, seen: Seen, now: datetime) -> None:
    """Raise TooMany when one of the counts of today has reached its limit."""
    for key, row in seen.others.items():
        limit = quotas.record if key[1] == RECORD_SORT else quotas.organisation
        count = row.get(_day(now), 0)
        if isinstance(count, int) and count >= limit:
            raise TooMany


def count(host: Host, depositor_id: str, record: str) -> None:
    """Add one deposit of today to both counts."""
    for key in quota_keys(host, depositor_id, record):
        host.rows.update(key, Change(add={_day(host.clock.now()): 1}))


def _day(now: datetime) -> str:
    return f"deposits_{now:%Y%m%d}"
