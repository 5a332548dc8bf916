"""The life of a record: what its holder, enrolment and the clocks of the law turn it into, one conditional write each.

invited → opposed | open → closed → open | erasing → destroyed; open → suspended → open | closed; any → deceased.
Ten years of archive begin with the day a record was closed last: cancelling an erasure closes it anew. A turn asked
for again, because its answer was lost, gives the same answer: it turns from the states it names and from no other.
With an Idempotency-Key (`key`) it turns once: a copy that comes late does not undo what was decided since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..access.actor import Actor, invitee
from ..access.choices import Choices
from ..access.codes import ACTIVATION, again, attempt, brought, outgrown
from ..access.delegation import HOLDER, PROXY, bound, point_to, role_of, with_letter
from ..access.facts import Facts, facts_key, facts_of
from ..access.gate import EVER, Ask, Seen, gate
from ..access.journal import operation_of
from ..access.person import Person
from ..access.predicates import ends
from ..access.reach import reached
from ..access.refusal import admitted
from ..kernel.errors import AccessDenied, Conflict, NotFound
from ..kernel.host import Host
from ..notices.elsewhere import forget
from .turning import ahead

_DIES = dict.fromkeys(("invited", "open", "suspended", "closed"), "deceased")


@dataclass(frozen=True, slots=True)
class State:
    """The state a record is in, since when, and the instant at which the law's clock of that state runs out."""

    record: str
    state: str
    since: str
    until: str = ""


def state_of(host: Host, record: str) -> State:
    """Return the state as facts say it now: for an action that asked the gate."""
    return states_of(host, [record])[0]


def states_of(host: Host, records: Sequence[str]) -> list[State]:
    """Return the state of each of up to 100 records."""
    found = host.rows.get([facts_key(record) for record in records])
    return [_state(facts_of(record, found.get(facts_key(record)))) for record in records]


def _state(facts: Facts) -> State:
    return State(facts.record, facts.state, facts.turned, ends(facts))


def oppose(host: Host, reference: str, code: str, request: str = "") -> tuple[State, bool]:
    """Oppose with the code of the invitation; return the state and whether it is new. No account is needed.

    The same code gives the same answer again and changes nothing: whoever opposed finds the proof. What is kept is the
    identity, so that nobody invites again, and the proof; the means of contact go (RGPD art. 5.1.c). Raise NotFound for
    a code that is wrong, spent, over or was tried too often: one answer for all (CSP R.1111-28).
    """
    record = attempt(host, reference)
    ask = Ask(invitee(reference), record, "record:oppose", turns={"invited": "opposed"}, request=request)
    grant = gate(host, replace(ask, thing=brought(reference, code, ACTIVATION, host.clock.now())))
    again(host, reference)
    reached(host, record)
    forget(host, grant)
    return state_of(host, record), grant.facts.state == "invited"


def activate(host: Host, actor: Actor, reference: str, code: str, request: str = "") -> State:
    """Open the record at once and bind it to whoever brings the code: the holder, or the parent of a minor.

    A suspended record stays so: whoever never came may object to its closing from then on (`resume`). The code is
    spent; whoever it made holder or parent gets the same answer again. A record that is bound to somebody else is not
    given away, none to whom a court kept out, no child to a third parent, no adult to who has the code of the child or
    represented it. Raise NotFound as `oppose` does.
    """
    admitted(host, actor, "record:activate", request)
    record, now = attempt(host, reference), host.clock.now()
    people: list[Person] = []

    def ready(seen: Seen) -> None:
        people[:] = [seen.holder]
        if (code := seen.choices.codes.get(reference)) and outgrown(code, seen.holder.birth_date, now):
            raise Conflict
        point_to(host, bound(seen.choices, seen.holder, actor, now), actor.id, record, now)

    def owned(choices: Choices) -> Choices:
        if reference not in choices.codes:
            return choices
        return with_letter(bound(choices, people[0], actor, now), reference, actor.id, now)

    thing = brought(
        reference, code, ACTIVATION, now, lambda choices: role_of(choices, actor.id, now) in (HOLDER, PROXY)
    )
    ask = Ask(actor, record, "record:activate", before=ready, change=owned, person=True, request=request)
    turned = replace(ask, turns={"invited": "open", "opposed": "open"}, thing=thing)
    try:
        gate(host, replace(turned, op=operation_of("activate", reference, actor.id), once=True))
    except (AccessDenied, Conflict):
        raise NotFound from None
    again(host, reference)
    reached(host, record)
    return state_of(host, record)


def close(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Close: an archive of ten years that its holder still reads (CSP R.1111-36)."""
    return _turn(host, Ask(actor, record, "record:close", turns={"open": "closed"}, request=request), key)


def reopen(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Open a closed record again, with everything in it."""
    return _turn(host, Ask(actor, record, "record:reopen", turns={"closed": "open"}, request=request), key)


def erase(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Ask for the erasure of a closed record; until it is done the request can be cancelled."""
    return _turn(host, Ask(actor, record, "record:erase", turns={"closed": "erasing"}, request=request), key)


def keep(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Cancel the request for erasure: the record is a closed one again."""
    return _turn(host, Ask(actor, record, "record:keep", turns={"erasing": "closed"}, request=request), key)


def resume(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Object to the closing of a suspended record: it is open again."""
    return _turn(host, Ask(actor, record, "record:resume", turns={"suspended": "open"}, request=request), key)


def suspend(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Suspend on suspicion of fraud or a fault: nobody enters, and six weeks later it is closed."""
    return _turn(host, Ask(actor, record, "record:suspend", turns={"open": "suspended"}, request=request), key)


def decease(host: Host, actor: Actor, record: str, request: str = "", key: str = "") -> State:
    """Freeze the record of a dead person. An opposition and an erasure asked for in life stand."""
    return _turn(host, Ask(actor, record, "record:decease", turns=_DIES, request=request), key)


def _turn(host: Host, ask: Ask, key: str) -> State:
    turned = replace(ask, before=ahead(host, ask.turns))
    if key:
        turned = replace(
            turned, op=operation_of("turn", ask.record, ask.action, ask.actor.id, key), once=True, recent=EVER
        )
    gate(host, turned)
    return state_of(host, ask.record)
