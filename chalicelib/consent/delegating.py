"""Who acts for the holder: invite with a one-time code, accept or refuse, revoke, leave."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from ..access.actor import Actor, Kind
from ..access.caring import take_place
from ..access.choices import Choices, Code, Delegation
from ..access.clocks import comes_of_age, instant, midnight
from ..access.codes import brought, led_to, live, new_code, spent
from ..access.delegation import CARER, PROXY, forget, hint, lasting, role_of, without_proxies
from ..access.gate import RECENT, Ask, Seen, gate
from ..access.journal import holds, operation_of
from ..access.mandates import AT_MAJORITY, ceilings, mandates
from ..access.person import person_in
from ..access.thing import Thing
from ..kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from ..kernel.host import Host
from .changing import Wish, without
from .issuing import Issued, issue

_ADULT = "The person is of age: parents no longer represent."
_HERSELF = "Nobody represents or helps themselves."
_OWN = "Nobody accepts an invitation that they made."
_ENOUGH = {
    PROXY: "The record has as many representatives as there can be, invited ones included.",
    CARER: "The record has as many carers as there can be, invited ones included.",
}
_CEILING = {PROXY: "proxies_per_person", CARER: "carers_per_person"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who was invited says: with which code, to become what, yes or no, and where to be told."""

    reference: str
    code: str
    role: str
    accepted: bool = True
    email: str = ""


def invite_proxy(host: Host, wish: Wish, kind: str, name: str, until: date | None = None, key: str = "") -> Issued:
    """Invite a second representative, of a child until majority at most (Code civil art. 414; abuse A23).

    Whom a representative invites represents no longer than they do themselves, whatever they say. Raise Invalid for a
    mandate that does not represent, or without its end.
    """

    def make(seen: Seen) -> Code:
        ends, own = _ends(host, seen, kind, until), seen.choices.proxies.get(wish.actor.id)
        if own and own.ends:
            ends = min(ends, own.ends)
        return _invitation(host, seen, PROXY, Delegation(kind, name, ends))

    return issue(host, wish, "proxy:invite", make, key, PROXY)


def invite_carer(host: Host, wish: Wish, name: str, key: str = "") -> Issued:
    """Invite a carer (aidant)."""

    def make(seen: Seen) -> Code:
        return _invitation(host, seen, CARER, Delegation(CARER, name))

    return issue(host, wish, "carer:invite", make, key, CARER)


def representing() -> Mapping[str, str]:
    """Return the mandates by which somebody represents the holder, each with why."""
    return {code: one.why for code, one in mandates().items() if one.represents}


def _ends(host: Host, seen: Seen, kind: str, until: date | None) -> str:
    mandate, now = mandates().get(kind), instant(host.clock.now())
    if mandate is None or not mandate.represents:
        raise Invalid(fields={"/kind": mandate.why if mandate else f"must be one of {', '.join(representing())}"})
    adult = comes_of_age(person_in(host, seen.policy_key, seen.facts).birth_date)
    if mandate.ends == AT_MAJORITY:
        if adult <= now:
            raise Conflict(_ADULT)
        return adult
    if until is None or midnight(until) <= now:
        raise Invalid(fields={"/until": "is the day on which the judge's decision ends, in the future"})
    return midnight(until) if adult <= now else min(midnight(until), adult)  # from then on a judge decides anew


def _invitation(host: Host, seen: Seen, role: str, delegation: Delegation) -> Code:
    now = host.clock.now()
    code = replace(new_code(role, "invitation", now), delegation=delegation)
    others = [one for one in live(seen.choices, now).values() if one.purpose == role]
    if len(lasting(_of(seen.choices, role), now)) + len(others) >= ceilings()[_CEILING[role]]:
        raise Conflict(_ENOUGH[role])
    return code


def _of(choices: Choices, role: str) -> Mapping[str, Delegation]:
    return choices.proxies if role == PROXY else choices.carers


def answer(host: Host, actor: Actor, said: Answer, request: str = "") -> str:
    """Accept or refuse an invitation with its code; return the record. A wrong, spent or ended code: NotFound.

    The same answer of the same person is given again and changes nothing, as often as a code may be tried.
    """
    record, op = led_to(host, said.reference), operation_of(str(said.accepted), said.role, said.reference, actor.id)

    def had(seen: Seen, choices: Choices) -> bool:
        if said.accepted:
            return actor.id in lasting(_of(choices, said.role), host.clock.now())
        return holds(host, seen.facts, op, seen.facts.last - RECENT)  # a refusal leaves nothing but its entry

    def thing(seen: Seen) -> Thing:
        return brought(said.reference, said.code, said.role, host.clock.now(), partial(had, seen))(seen)

    def before(seen: Seen) -> None:
        code = seen.choices.codes.get(said.reference)
        if said.accepted and code and code.delegation:
            if actor.id == code.maker:
                raise Conflict(_OWN)  # a mandate would be given by who has it, to prolong it
            _welcome(host, seen, actor, said.role, code.delegation.ends)

    ask = Ask(
        actor,
        record,
        f"{said.role}:accept",
        thing=thing,
        before=before,
        change=partial(_answered, actor, said),
        request=request,
        detail={"accepted": said.accepted},
        op=op,
        once=True,
    )
    gate(host, ask)
    return record


def _answered(actor: Actor, said: Answer, choices: Choices) -> Choices:
    code = choices.codes.get(said.reference)
    left = replace(choices, codes=spent(choices, said.reference))
    if code is None or code.delegation is None or not said.accepted:
        return left
    return _with(left, said.role, actor.id, replace(code.delegation, name=actor.name, email=said.email))


def _welcome(host: Host, seen: Seen, actor: Actor, role: str, ends: str) -> None:
    """Check that there is room on both sides, and say to the delegate where to look; all before the one write."""
    now, choices = host.clock.now(), seen.choices
    if actor.id in choices.blocked:
        raise NotFound  # a court ended what this person was; an invitation does not bring it back
    if actor.id == choices.holder:
        raise Conflict(_HERSELF)
    others = set(lasting(_of(choices, role), now)) - {actor.id}
    if len(others) >= ceilings()[_CEILING[role]]:
        raise Conflict(_ENOUGH[role])
    if role == CARER:
        take_place(host, actor.id, seen.record)
    if role == PROXY or role_of(choices, actor.id, now) != PROXY:
        hint(host, actor.id, seen.record, role, ends)


def _with(choices: Choices, role: str, who: str, delegation: Delegation) -> Choices:
    entries = {**_of(choices, role), who: delegation}
    return replace(choices, proxies=entries) if role == PROXY else replace(choices, carers=entries)


def revoke(host: Host, wish: Wish, role: str, who: str) -> None:
    """End a delegation from the next request on; repeating it changes nothing. One may always leave.

    Whoever left is a stranger, whom no rule lets into the journal: asking again is refused and written down as any
    stranger's request is. Yet it is answered like the first time, to every citizen and about every record, even one
    that never was.
    """
    found: list[Seen] = []

    def thing(seen: Seen) -> Thing:
        found[:] = [seen]
        return Thing("subject", who, state="may_end" if _may_end(seen.choices, role, who) else "")

    def change(choices: Choices) -> Choices:
        return removed(choices, role, who)

    action = f"{role}:revoke"
    detail = {"left": who == wish.actor.id}
    ask = Ask(wish.actor, wish.record, action, thing=thing, change=change, request=wish.request, detail=detail)
    try:
        left = change(gate(host, ask).choices)
    except (AccessDenied, NotFound):
        (seen,) = found
        if not _left(host, wish.actor, role, who, seen.choices):
            raise
        if seen.facts.state != "open":
            return  # the hint may be an heir's
        left = seen.choices
    if not role_of(left, who, host.clock.now()):
        forget(host, who, wish.record)


def _left(host: Host, actor: Actor, role: str, who: str, choices: Choices) -> bool:
    """Tell whether a citizen leaves what does not name them, or no longer."""
    gone = who not in lasting(_of(choices, role), host.clock.now())
    return gone and who == actor.id and actor.kind is Kind.CITIZEN


def _may_end(choices: Choices, role: str, who: str) -> bool:
    """Tell whether the holder may end it: a carer's always, a representative's as policies/mandates.csv says."""
    found = _of(choices, role).get(who)
    return role == PROXY and (found is None or mandates()[found.kind].holder_may_end)


def removed(choices: Choices, role: str, who: str) -> Choices:
    """Return the choices without this delegate, nor the codes and the help that a representative gave."""
    if role != PROXY:
        return replace(choices, carers=without(choices.carers, who))
    if who not in choices.proxies:
        return choices
    left = {name: one for name, one in choices.codes.items() if one.maker != who}
    return replace(without_proxies(choices, {who}), codes=left)
