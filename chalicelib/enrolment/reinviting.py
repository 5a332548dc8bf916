"""A new code for who opposed and asks for a record after all; nothing opens until it is brought (CSP R.1111-28)."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.clocks import instant
from ..access.codes import ACTIVATION, activations, code_row, live, new_reference, sent_anew, subject_of
from ..access.gate import Ask, Seen, gate
from ..access.opening import record_of, unknown_record
from ..access.person import Person, bare, put_instead, reached_by
from ..access.vigilance import Traits, agree
from ..kernel.errors import Conflict
from ..kernel.host import Host
from ..notices.elsewhere import forget
from .life import State, state_of
from .majority import SYSTEM
from .turning import lay_on

_ONE_DAY = timedelta(days=1)
_OTHER = "The traits are not those of the record."


def reinvite(host: Host, actor: Actor, asks: Person, request: str = "") -> State:
    """Send a new code to the means of contact that somebody gives who opposed; their codes of before are void.

    The record stays opposed until the code is brought (`life.activate`), and the means go with a code that is not
    (RGPD art. 5.1.c). Raise NotFound, and Conflict when the traits are not those of the record.
    """
    record = record_of(host, asks.oid, asks.ins) or unknown_record(host, asks.oid, asks.ins)
    now, fresh = host.clock.now(), new_reference()
    detail: dict[str, Any] = {"name": secrets.token_hex(8), "reference": fresh}
    traits = Traits("", "", asks.family_name, asks.given_names[0], asks.birth_date, asks.sex)

    def ready(seen: Seen) -> None:
        known = seen.holder
        if not agree(known, traits):
            raise Conflict(_OTHER)
        detail["void"] = sorted(activations(seen.choices))
        lay_on(host, record, instant(now + _ONE_DAY))  # first: whatever is killed, what follows is forgotten in the end
        host.rows.put(code_row(record, fresh))
        put_instead(host, seen.policy_key, seen.facts, reached_by(known, asks))

    def renewed(choices: Choices) -> Choices:
        return sent_anew(choices, fresh, subject_of(asks.birth_date, now), now)

    ask = Ask(actor, record, "record:reinvite", before=ready, change=renewed, person=True, request=request)
    gate(host, replace(ask, detail=detail))
    return state_of(host, record)


def forget_unused(host: Host, record: str) -> tuple[str, ...]:
    """Forget how to reach who opposed, was sent a new code and did not bring it; return the days to look again."""
    ends: list[str] = []

    def unused(seen: Seen) -> None:
        if bare(seen.holder) == seen.holder:
            raise Conflict
        ends[:] = [one.ends for one in live(seen.choices, host.clock.now()).values() if one.purpose == ACTIVATION]
        if ends:
            raise Conflict

    try:
        grant = gate(host, Ask(SYSTEM, record, "contact:forget", before=unused, person=True))
    except Conflict:
        return (lay_on(host, record, max(ends)),) if ends else ()
    forget(host, grant)
    return ()
