"""The read-id: one journal entry for one read, however many ranges the reader asks for."""

import hmac
from datetime import datetime, timedelta

from ..kernel.seal import fingerprint
from .facts import Facts
from .grant import Grant

_DIGITS = 12
LIFE = timedelta(seconds=60)


def issue(grant: Grant, now: datetime) -> str:
    """Return a ticket for the same person, document and state of the holder's mind, good for a minute.

    A read that a ticket let in gets that one back: its minute is counted from the entry in the journal.
    """
    if grant.ticket:
        return grant.ticket
    until = int((now + LIFE).timestamp())
    return f"{until}.{_mac(grant.policy_key, grant.actor.id, grant.about, grant.facts.policy_version, until)}"


def redeem(ticket: str, policy_key: bytes, actor: str, about: str, facts: Facts, now: datetime) -> bool:
    """Tell whether the ticket holds under facts just read: any change of mind since then voids it."""
    until, _, mac = ticket.partition(".")
    if not until.isascii() or not until.isdigit() or len(until) > _DIGITS or int(until) < now.timestamp():
        return False
    return hmac.compare_digest(_mac(policy_key, actor, about, facts.policy_version, int(until)).encode(), mac.encode())


def _mac(policy_key: bytes, actor: str, about: str, policy_version: int, until: int) -> str:
    return fingerprint(policy_key, "ticket", actor, about, str(policy_version), str(until))
