"""Heirs, court experts, court decisions: one agent of the legal desk proposes, another one confirms."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..access.actor import Actor
from ..access.choices import Choices, Disclosure
from ..access.clocks import instant, over
from ..access.delegation import CARER, HEIR, PROXY, forget, hint
from ..access.gate import Ask, Seen, gate
from ..access.thing import Thing
from ..kernel.errors import Conflict, Invalid
from ..kernel.host import Host
from ..kernel.seal import fingerprint
from .changing import Wish
from .delegating import removed
from .model import DISCLOSURE, ENDS, EXPERT, Ground, grounds, grounds_of

_CLOCK = "disclosure"
_NAME = 20
_ENDED = "ended:"
"""in front of whose representation was ended: the disclosure stays for a repeated request, and opens nothing"""
_NOT_DECEASED = "Heirs come after a death."
_NO_PROXY = "This person does not represent the holder."


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal: its name for the second agent, and until when it can be confirmed."""

    name: str
    ends: str


def propose(host: Host, wish: Wish, subject: str, ground: str) -> Proposed:
    """Propose to open the record to an heir or a court's expert, or to end a representation that a court ended.

    The same proposal twice is one, and the first agent's.
    """
    name = fingerprint(b"disclosure", ground, subject)[:_NAME]
    ends = over(_CLOCK, instant(host.clock.now()))

    def change(choices: Choices) -> Choices:
        found = choices.disclosures.get(name)
        if found and _lives(host, found):
            return choices
        fresh = Disclosure(subject, ground, wish.actor.id, ends=ends)
        return replace(choices, disclosures={**_living(host, choices), name: fresh})

    def before(seen: Seen) -> None:
        _possible(seen, _ground(ground, subject), subject)

    ask = Ask(
        wish.actor,
        wish.record,
        "disclosure:propose",
        thing=lambda _: Thing("subject", subject),
        before=before,
        change=change,
        request=wish.request,
    )
    grant = gate(host, replace(ask, detail={"ground": ground}))
    found = grant.choices.disclosures.get(name)
    return Proposed(name, found.ends if found and _lives(host, found) else ends)


def _ground(ground: str, subject: str) -> Ground:
    known = grounds().get(ground)
    if known is None or known.use != DISCLOSURE:
        raise Invalid(fields={"/ground": f"must be one of {', '.join(grounds_of(DISCLOSURE))}"})
    if not subject or subject.startswith("pro:") != (known.effect == EXPERT):
        raise Invalid(fields={"/professional" if known.effect == EXPERT else "/person": "is whom this ground is for"})
    return known


def _possible(seen: Seen, ground: Ground, subject: str) -> None:
    if ground.effect == HEIR and seen.facts.state != "deceased":
        raise Conflict(_NOT_DECEASED)
    if ground.effect == ENDS and subject not in seen.choices.proxies:
        raise Conflict(_NO_PROXY)


def confirm(host: Host, wish: Wish, name: str) -> None:
    """Confirm as another agent than the proposer: what was proposed counts from the next request on, for a while.

    The same request again gives the same answer and changes nothing.
    """
    ends = over(_CLOCK, instant(host.clock.now()))

    def thing(seen: Seen) -> Thing:
        """Name the person in the journal: the holder sees whom the desk let in or sent away."""
        found = seen.choices.disclosures.get(name)
        if found is None:
            return Thing("code", name, state="code_wrong")
        other = _lives(host, found) and found.proposed_by != wish.actor.id
        return Thing("code", _whom(found), state="code_good" if other else "code_wrong")

    def told_once(seen: Seen) -> Mapping[str, str]:
        """Name the notice by what was proposed and until when it counts: no repeated request tells it again."""
        found = seen.choices.disclosures[name]
        until = found.ends if found.confirmed_by else ends
        return {"name": fingerprint(seen.policy_key, "rights", name, until)}

    def before(seen: Seen) -> None:
        found = seen.choices.disclosures[name]
        if grounds()[found.ground].effect == HEIR:
            hint(host, found.subject, wish.record, HEIR, ends)

    ask = Ask(
        wish.actor,
        wish.record,
        "disclosure:confirm",
        thing=thing,
        before=before,
        change=lambda choices: _confirmed(choices, wish.actor, name, ends),
        detail_of=told_once,
        request=wish.request,
    )
    grant = gate(host, ask)
    found = grant.choices.disclosures[name]
    if grounds()[found.ground].effect == ENDS:
        forget(host, _whom(found), wish.record)


def _whom(found: Disclosure) -> str:
    return found.subject.removeprefix(_ENDED)


def _confirmed(choices: Choices, agent: Actor, name: str, ends: str) -> Choices:
    found = choices.disclosures[name]
    if found.confirmed_by:
        return choices
    confirmed = replace(found, confirmed_by=agent.id, ends=ends)
    if grounds()[found.ground].effect == ENDS:
        choices, confirmed = _ended(choices, found.subject), replace(confirmed, subject=_ENDED + found.subject)
    return replace(choices, disclosures={**choices.disclosures, name: confirmed})


def _ended(choices: Choices, subject: str) -> Choices:
    """Remove the representative, and keep out who the court kept out: no invitation brings them back."""
    left = removed(removed(choices, PROXY, subject), CARER, subject)
    return replace(left, blocked=left.blocked | {subject})


def _lives(host: Host, found: Disclosure) -> bool:
    return instant(host.clock.now()) < found.ends


def _living(host: Host, choices: Choices) -> dict[str, Disclosure]:
    return {name: one for name, one in choices.disclosures.items() if _lives(host, one)}
