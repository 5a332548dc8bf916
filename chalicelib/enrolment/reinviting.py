"""A new code for who opposed and asks for a record after all; nothing opens until it is brought (CSP R.1111-28).

What they give to be reached by lies in a row of its own, which facts name from the write on that makes the code. A row
that facts do not name, because its request was killed or another one came, is deleted by the night.
"""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.clocks import instant
from ..access.codes import ACTIVATION, live, new_reference, publish, sent_anew, subject_of
from ..access.facts import facts_key, facts_of, partition
from ..access.gate import Ask, Seen, gate
from ..access.keyring import key_row_key, policy_key
from ..access.opening import record_of, unknown_record
from ..access.person import (
    Person,
    bare,
    came_back,
    forget_beginning,
    left_behind,
    person_row,
    place_to_come_back,
    reached_by,
)
from ..access.vigilance import Traits, agree
from ..kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from ..kernel.host import Host
from ..notices.elsewhere import forget
from .life import State, state_of
from .majority import SYSTEM
from .turning import lay_on

_ONE_DAY = timedelta(days=1)
_OTHER = "The traits are not those of the record."
_UNREACHABLE = "or a phone or an address is needed: the code is sent there (a minor's to who represents the child)"


def reinvite(host: Host, actor: Actor, asks: Person, request: str = "") -> State:
    """Send a new code to the means of contact that somebody gives who opposed; their codes of before are void.

    The record stays opposed until the code is brought (`life.activate`), and the means go with a code that is not
    (RGPD art. 5.1.c). Raise NotFound, Invalid when nothing can carry the code, Conflict when the traits are others.
    """
    record = record_of(host, asks.oid, asks.ins) or unknown_record(host, asks.oid, asks.ins)
    now, fresh = host.clock.now(), new_reference()
    if not _reachable(asks, now):
        raise Invalid(fields={"/email": _UNREACHABLE})
    place, detail = place_to_come_back(now), {"name": secrets.token_hex(8), "reference": fresh}
    traits = Traits("", "", asks.family_name, asks.given_names[0], asks.birth_date, asks.sex)

    def ready(seen: Seen) -> None:
        known = seen.holder
        if not agree(known, traits):
            raise Conflict(_OTHER)
        lay_on(host, record, instant(now + _ONE_DAY))  # first: whatever is killed, what follows is forgotten in the end
        publish(host, record, fresh)
        host.rows.put(person_row(seen.policy_key, record, reached_by(known, asks), place))

    def renewed(choices: Choices) -> Choices:
        return sent_anew(choices, fresh, subject_of(asks.birth_date, now), now)

    ask = Ask(actor, record, "record:reinvite", before=ready, change=renewed, person=True, request=request)
    try:
        gate(host, replace(ask, person_at=place, detail=detail))
    except (AccessDenied, NotFound):  # perhaps after a row was written: somebody activated the record meanwhile
        host.rows.delete((partition(record), place))
        raise
    return state_of(host, record)


def _reachable(person: Person, now: datetime) -> bool:
    theirs = person.representatives if subject_of(person.birth_date, now) else ()
    means = [(person.email, person.phone), *((one.email, one.phone) for one in theirs)]
    return bool(person.address) or any(email or phone for email, phone in means)


def drop_left_behind(host: Host, record: str) -> None:
    """Delete the means of contact of requests that were killed, or that another one came after, and those of before."""
    found = host.rows.get([facts_key(record), key_row_key(record)])
    facts, key_row = facts_of(record, found.get(facts_key(record))), found.get(key_row_key(record))
    for key in left_behind(host, facts, host.clock.now()):
        host.rows.delete(key)
    if came_back(facts) and key_row:
        forget_beginning(host, policy_key(host, record, key_row), record, key_row)


def forget_opposed(host: Host, record: str) -> tuple[str, ...]:
    """Forget how to reach who opposed; return the days to look again.

    They were told by letter that an agent recorded it, or were sent a new code and did not bring it.
    """
    ends: list[str] = []

    def due(seen: Seen) -> None:
        if not came_back(seen.facts):
            if bare(seen.holder) == seen.holder:
                raise Conflict
            return
        ends[:] = [one.ends for one in live(seen.choices, host.clock.now()).values() if one.purpose == ACTIVATION]
        if ends:
            raise Conflict

    try:
        grant = gate(host, Ask(SYSTEM, record, "contact:forget", before=due, person=True))
    except Conflict:
        return (lay_on(host, record, max(ends)),) if ends else ()
    forget(host, grant)
    return ()
