"""What the holder decides about others, and what a caller may do."""

from dataclasses import dataclass, replace

from ..access.actor import Actor
from ..access.choices import Choices, Limit
from ..access.decide import decide
from ..access.delegation import CARER, HEIR, Hint, hints, role_of
from ..access.facts import facts_of
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..access.predicates import ends
from ..access.refusal import refuse
from ..access.rules import ACTIONS, ALREADY
from ..access.thing import RECORD
from ..kernel.errors import AccessDenied, NotFound
from ..kernel.host import Host
from ..vault.reading import choices_as_told
from .changing import Wish, change, without

EVERYTHING = Limit()
LOOK = "record:look"


def read(host: Host, actor: Actor, record: str, request: str = "") -> Grant:
    """Return the grant that holds the choices and their version, with only the documents that exist for the reader."""
    grant = gate(host, Ask(actor, record, "choices:read", request=request))
    return replace(grant, choices=choices_as_told(host, grant))


def allow(
    host: Host,
    actor: Actor,
    record: str,
    subject: str,
    request: str = "",
    limit: Limit = EVERYTHING,
    version: int | None = None,
) -> None:
    """Let a professional, an organisation or a profession read, within the access matrix and the limit.

    It counts from the next request on, ends an earlier block, and replaces an earlier limit. A limit takes the
    subject out of the care team, which would lift it.
    """
    wish = Wish(actor, record, request, version)

    def permitted(choices: Choices) -> Choices:
        team = choices.team if limit == EVERYTHING else choices.team - {subject}
        return replace(allowed(choices, subject, limit), team=team)

    change(host, wish, "choices:allow", permitted, subject=subject)


def allowed(choices: Choices, subject: str, limit: Limit) -> Choices:
    """Return the choices with this permission."""
    limits = without(choices.limits, subject) | ({subject: limit} if limit != EVERYTHING else {})
    return replace(choices, allowed=choices.allowed | {subject}, blocked=choices.blocked - {subject}, limits=limits)


def block(host: Host, actor: Actor, record: str, subject: str, request: str = "", version: int | None = None) -> None:
    """Shut somebody out, from the next request on; a permission given before is void, and whatever else let them in.

    So lifting the block opens nothing by itself. Who the treating physician is stays as it was said.
    """

    def blocked(choices: Choices) -> Choices:
        return replace(
            _forgotten(choices, subject),
            blocked=choices.blocked | {subject},
            team=choices.team - {subject},
            express=choices.express - {subject},
            designated=choices.designated - {subject},
            emergencies=without(choices.emergencies, subject),
        )

    change(host, Wish(actor, record, request, version), "choices:block", blocked, subject=subject)


def withdraw(
    host: Host, actor: Actor, record: str, subject: str, request: str = "", version: int | None = None
) -> None:
    """Forget what was decided about somebody: no permission, no block, and colleagues may declare them again."""
    wish = Wish(actor, record, request, version)
    change(host, wish, "choices:withdraw", lambda choices: _forgotten(choices, subject), subject=subject)


def _forgotten(choices: Choices, subject: str) -> Choices:
    return replace(
        choices,
        allowed=choices.allowed - {subject},
        blocked=choices.blocked - {subject},
        dismissed=choices.dismissed - {subject},
        limits=without(choices.limits, subject),
        consents=without(choices.consents, subject),
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """One record that a caller may act for, as what, its state and when that ends, and what is allowed on all of it."""

    record: str
    role: str
    state: str
    until: str
    """empty when the law sets this state no end"""
    may: list[str]


def mine(host: Host, actor: Actor, request: str = "") -> list[Mine]:
    """Return every record this caller may act for: as holder, proxy, carer or heir.

    Holder and proxy see a suspended one too: they may object to its closing (CSP R.1111-36).
    A class that the law keeps out is told so even here, and the refusal is written down (CSP L.1111-18).
    """
    nowhere, now = facts_of("unknown", None), host.clock.now()
    decision = decide(nowhere, Choices(), actor, LOOK, RECORD, now)
    if decision.reason == "FORBIDDEN_BY_LAW":
        refuse(host, nowhere, Choices(), actor, LOOK, RECORD, decision, request)
    return [found for one in hints(host, actor) if (found := _may(host, actor, one, request))]


def _may(host: Host, actor: Actor, one: Hint, request: str) -> Mine | None:
    action = "document:list" if one.role in (CARER, HEIR) else LOOK
    try:
        grant = gate(host, Ask(actor, one.record, action, request=request))
    except (AccessDenied, NotFound):
        return None  # a hint that facts no longer confirm
    now = host.clock.now()
    decided = {action: decide(grant.facts, grant.choices, actor, action, RECORD, now) for action in ACTIONS}
    may = [action for action, found in decided.items() if found.allowed and found.reason != ALREADY]
    role = role_of(grant.choices, actor.id, now) or one.role
    return Mine(one.record, role, grant.facts.state, ends(grant.facts), may)
