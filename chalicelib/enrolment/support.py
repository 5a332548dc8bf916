"""The help desk: it sees states and times, and acts only with two factors or the holder's own code.

Whoever calls names the reference of their letter, which leads to the record, as references do that others hold: where
something has to be known only the letter's own counts, and tries are counted. What is wrong is told as one constant
answer, so that no agent learns by trying (threat T07).
"""

import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from ..access.actor import Actor
from ..access.choices import ASSISTED, Choices, Code
from ..access.clocks import instant, over
from ..access.codes import (
    ACTIVATION,
    ASSISTANCE,
    TRIES,
    activations,
    again,
    attempt,
    brought,
    named,
    new_reference,
    opens,
    place_of,
    publish,
    record_named,
    sent_anew,
    subject_of,
)
from ..access.delegation import is_own_letter
from ..access.gate import EVER, Ask, Seen, gate
from ..access.grant import Grant
from ..access.journal import operation_of
from ..access.reach import reached
from ..access.refusal import admitted
from ..access.thing import Thing
from ..kernel.errors import AccessDenied, Conflict, NotFound
from ..kernel.host import Host
from ..kernel.ids import new_operation_id
from ..notices.contact import Means, change_named
from .life import State, state_of
from .turning import ahead, forgotten_later

_ACTIVATED = "The record was activated already: there is nothing left to do with a new code."
_NO_CODE = "The code that was sent with this Idempotency-Key works no longer; take another key to send a new one."
Propose = Callable[[Host, Grant, Means, str, str], None]
"""(host, grant, channel, value, name): what writes the new means of contact, which counts 72 hours later"""


def look(host: Host, actor: Actor, reference: str, request: str = "") -> State:
    """Return state and times of the record that a reference leads to: no name, no content, no history."""
    admitted(host, actor, "support:look", request)
    record = record_named(host, reference)
    with one_answer():
        gate(host, Ask(actor, record, "support:look", request=request))
    return state_of(host, record)


def resend(host: Host, actor: Actor, reference: str, key: str = "", request: str = "") -> State:
    """Send a new code to the known contact; the old one is void. Raise Conflict when the record is somebody's already.

    The agent sees neither code nor contact. The same Idempotency-Key sends one code, however late it is repeated:
    another one would void the first. Raise Conflict when that sends nothing and no code works: another key is needed.
    """
    admitted(host, actor, "support:resend", request)
    record = record_named(host, reference)
    fresh = named(host, "resent", record, actor.id, key) if key else new_reference()
    op = operation_of("support:resend", fresh) if key else new_operation_id()
    detail = {"name": op.hex()[:16], "reference": fresh}
    births, made, now = list[date](), list[str](), host.clock.now()

    def ready(seen: Seen) -> None:
        if seen.choices.holder:
            raise Conflict(_ACTIVATED)
        if _tried_out(seen, fresh):
            raise Conflict(_NO_CODE)
        births[:] = [seen.holder.birth_date]
        publish(host, record, fresh)

    def voided(seen: Seen) -> Mapping[str, Any]:
        return {"void": sorted(activations(seen.choices) - {fresh})}

    def renewed(choices: Choices) -> Choices:
        made.append(fresh)
        return sent_anew(choices, fresh, subject_of(births[0], now), now)

    ask = Ask(actor, record, "support:resend", person=True, detail=detail, detail_of=voided, request=request, op=op)
    if key:
        ask = replace(ask, once=True, recent=EVER, others=(place_of(fresh),))
    with one_answer():
        choices = gate(host, replace(ask, before=ready, change=renewed)).choices
    if not made and not opens(choices, births[0], now):
        raise Conflict(_NO_CODE)
    return state_of(host, record)


def oppose(host: Host, actor: Actor, reference: str, code: str, birth: date, request: str = "") -> State:
    """Record an opposition told by phone or letter: with the code and the date of birth. Again, it changes nothing.

    A night later on forgets what a letter about it needed.
    """
    bring = brought(reference, code, ACTIVATION, host.clock.now())
    ask = Ask(actor, "", "support:oppose", turns={"invited": "opposed"}, before=forgotten_later(host), request=request)
    return _with_factors(host, ask, reference, lambda seen: bring(seen).state == "code_good" and _born(seen, birth))


def close(host: Host, actor: Actor, reference: str, birth: date, request: str = "") -> State:
    """Record a closing told by phone or letter: with the reference of the letter and the date of birth.

    Again, it changes nothing.
    """
    turns = {"open": "closed"}
    ask = Ask(actor, "", "support:close", turns=turns, before=ahead(host, turns), request=request)
    return _with_factors(host, ask, reference, lambda seen: _lettered(host, seen, reference, birth))


def contact(
    host: Host,
    actor: Actor,
    reference: str,
    birth: date,
    change: tuple[Means, str],
    propose: Propose,
    request: str = "",
) -> State:
    """Note another (channel, value) to reach the holder: it counts 72 hours later, and the old channel is told."""
    name = change_named(host.clock.now())
    ask = Ask(actor, "", "support:contact", detail={"channel": change[0], "name": name}, request=request)
    granted: list[Grant] = []
    state = _with_factors(host, ask, reference, lambda seen: _lettered(host, seen, reference, birth), granted)
    propose(host, granted[0], *change, name)
    return state


def session(host: Host, actor: Actor, reference: str, code: str, request: str = "") -> State:
    """Open half an hour of help with the code that the holder made for it: no content, journaled as theirs who helped.

    `until` of the answer is when it ends; the same request again gives the same answer as long as it lasts. The code
    stands for the session until then: the help ends at once with the code, and with the mandate of who made it.
    """
    admitted(host, actor, "support:session", request)
    record, now = attempt(host, reference), host.clock.now()
    ends = over("assisted", instant(now))

    def helped(choices: Choices) -> Choices:
        if reference not in choices.codes or in_session(choices):
            return choices
        codes = {**choices.codes, reference: Code(ASSISTED, ends, actor.id, maker=choices.codes[reference].maker)}
        return replace(choices, codes=codes)

    def in_session(choices: Choices) -> bool:
        known = choices.codes.get(reference)
        return known is not None and (known.purpose, known.subject) == (ASSISTED, actor.id)

    def bring(seen: Seen) -> Thing:
        return brought(reference, code, ASSISTED if in_session(seen.choices) else ASSISTANCE, now)(seen)

    ask = Ask(actor, record, "support:session", thing=bring, change=helped, request=request, once=True)
    with one_answer():
        found = gate(host, replace(ask, op=operation_of("session", reference, actor.id))).choices
    return replace(state_of(host, record), until=found.codes[reference].ends if in_session(found) else ends)


def _tried_out(seen: Seen, reference: str) -> bool:
    """Tell whether this code still stands and opens nothing any more, for it was tried too often."""
    tries = int(str(seen.others.get(place_of(reference), {}).get("tries", 0)))
    return reference in seen.choices.codes and tries >= TRIES


@contextmanager
def one_answer() -> Iterator[None]:
    """Tell everything that a caller is not told the reason of like a reference that leads nowhere."""
    try:
        yield
    except AccessDenied as refused:
        if refused.reason == "NO_ACCESS":
            raise NotFound from None
        raise


def _with_factors(
    host: Host, ask: Ask, reference: str, known: Callable[[Seen], bool], granted: list[Grant] | None = None
) -> State:
    """Ask the gate with both factors compared inside, after a try was counted."""
    admitted(host, ask.actor, ask.action, ask.request)
    record = attempt(host, reference)

    def factors(seen: Seen) -> Thing:
        return Thing("code", reference, state="code_good" if seen.policy_key and known(seen) else "code_wrong")

    with one_answer():
        grant = gate(host, replace(ask, record=record, thing=factors, person=True))
    again(host, reference)
    reached(host, record)
    if granted is not None:
        granted.append(grant)
    return state_of(host, record)


def _lettered(host: Host, seen: Seen, reference: str, birth: date) -> bool:
    """Tell whether the caller knows the reference of the holder's own letter, and when the holder was born."""
    own = is_own_letter(seen.choices, reference, seen.holder.birth_date, host.clock.now())
    return _born(seen, birth) and own


def _born(seen: Seen, birth: date) -> bool:
    return hmac.compare_digest(seen.holder.birth_date.isoformat(), birth.isoformat())
