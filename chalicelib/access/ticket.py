"""The read-id: one journal entry for one read, however many ranges the reader asks for."""

import hmac
from datetime import datetime, timedelta

from ..kernel.seal import fingerprint
from .actor import Actor, Kind
from .grant import Grant, Opened

_DIGITS = 12
LIFE = timedelta(seconds=60)


def issue(grant: Grant, now: datetime) -> str:
    """Return a ticket for the same person at the same place, version and state of the holder's mind, good for a minute.

    A read that a ticket let in gets that one back: its minute is counted from the entry in the journal.
    """
    if grant.ticket:
        return grant.ticket
    until = int((now + LIFE).timestamp())
    return f"{until}.{_mac(grant, grant.actor, grant.about, until)}"


def redeem(ticket: str, seen: Opened, actor: Actor, about: str, now: datetime) -> bool:
    """Tell whether the ticket holds under what was just read: any change of mind or of the thing voids it."""
    until, _, mac = ticket.partition(".")
    if not until.isascii() or not until.isdigit() or len(until) > _DIGITS or int(until) < now.timestamp():
        return False
    return hmac.compare_digest(_mac(seen, actor, about, int(until)).encode(), mac.encode())


def _mac(read: Opened, actor: Actor, about: str, until: int) -> str:
    """Return the keyed hash of all that the entry tells one reading from another by.

    Who acts for the holder is told no version of the choices: what voids the ticket would count what a minor decides
    in secret (abuse A21).
    """
    told = actor.kind is not Kind.CITIZEN or actor.id == read.choices.holder
    mind = str(read.facts.policy_version) if told else ""
    versions = (str(row["version"]) for row in read.rows.values())
    return fingerprint(read.policy_key, "ticket", *actor.names, about, *versions, mind, str(until))
