"""Deposit quotas per organisation and per record, counted by intake: a ceiling against floods, not an account.

Citizens are counted apart, each by what they filed in this record: a refusal by the count of the record would tell a
parent how much a minor files, or has filed, in secret (abuse A21).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..access.actor import Actor, Kind
from ..access.facts import partition
from ..access.gate import Seen
from ..access.keyring import actor_key, system_key
from ..kernel.errors import TooMany
from ..kernel.host import Host
from ..kernel.ports import Change, Key
from ..kernel.seal import fingerprint

RECORD_SORT = "0quota"
_CITIZEN = f"{Kind.CITIZEN}:"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Deposits a day that one organisation may make, and that one record may receive: of all, and of one citizen."""

    organisation: int
    record: int


def quota_keys(host: Host, depositor: str, record: str) -> Sequence[Key]:
    """Return where the counts lie: the depositor's and the record's, or the one of a citizen in this record."""
    if depositor.startswith(_CITIZEN):
        return ((partition(record), f"{RECORD_SORT}#{fingerprint(system_key(host), 'quota', record, depositor)}"),)
    return actor_key(host, depositor), (partition(record), RECORD_SORT)


def depositor(actor: Actor) -> str:
    """Return who is counted: the organisation, or the person who files alone."""
    return actor.organisation or actor.id


def within(quotas: Quotas, seen: Seen, now: datetime) -> None:
    """Raise TooMany when one of the counts of today has reached its limit."""
    for key, row in seen.others.items():
        limit = quotas.record if key[1].startswith(RECORD_SORT) else quotas.organisation
        count = row.get(_day(now), 0)
        if isinstance(count, int) and count >= limit:
            raise TooMany


def count(host: Host, depositor_id: str, record: str) -> None:
    """Add one deposit of today to the counts."""
    for key in quota_keys(host, depositor_id, record):
        host.rows.update(key, Change(add={_day(host.clock.now()): 1}))


def _day(now: datetime) -> str:
    return f"deposits_{now:%Y%m%d}"
