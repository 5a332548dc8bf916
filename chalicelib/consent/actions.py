"""What the holder decides about others, and what a caller may do."""

from collections.abc import Callable
from dataclasses import replace

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.decide import decide
from ..access.facts import facts_of
from ..access.gate import Ask, gate
from ..access.opening import records_of
from ..access.refusal import refuse
from ..access.rules import ACTIONS
from ..access.thing import RECORD
from ..kernel.errors import AccessDenied, NotFound
from ..kernel.host import Host
from ..vault.reading import choices_as_told


def read(host: Host, actor: Actor, record: str, request: str = "") -> Choices:
    """Return the holder's choices, with only those documents in them that exist for the reader."""
    grant = gate(host, Ask(actor, record, "choices:read", request=request))
    return choices_as_told(host, grant)


def allow(host: Host, actor: Actor, record: str, subject: str, request: str = "") -> None:
    """Let a professional or an organisation read, within the access matrix, from the next request on."""
    _change(
        host, actor, record, "choices:allow", request, lambda c: _set(c, c.allowed | {subject}, c.blocked - {subject})
    )


def block(host: Host, actor: Actor, record: str, subject: str, request: str = "") -> None:
    """Shut a professional or an organisation out, from the next request on; a permission given before is void."""
    _change(
        host, actor, record, "choices:block", request, lambda c: _set(c, c.allowed - {subject}, c.blocked | {subject})
    )


def withdraw(host: Host, actor: Actor, record: str, subject: str, request: str = "") -> None:
    """Forget what was decided about a professional or an organisation: no permission, no block."""
    _change(
        host,
        actor,
        record,
        "choices:withdraw",
        request,
        lambda c: _set(c, c.allowed - {subject}, c.blocked - {subject}),
    )


def _set(choices: Choices, allowed: frozenset[str], blocked: frozenset[str]) -> Choices:
    return replace(choices, allowed=allowed, blocked=blocked)


def _change(
    host: Host, actor: Actor, record: str, action: str, request: str, change: Callable[[Choices], Choices]
) -> None:
    gate(host, Ask(actor, record, action, change=change, request=request))


def mine(host: Host, actor: Actor, request: str = "") -> list[tuple[str, list[str]]]:
    """Return (record, actions allowed on the record as a whole) for every record this caller may act for.

    A class that the law keeps out is told so even here, and the refusal is written down (CSP L.1111-18).
    """
    nowhere, now = facts_of("unknown", None), host.clock.now()
    decision = decide(nowhere, Choices(), actor, "choices:read", RECORD, now)
    if decision.reason == "FORBIDDEN_BY_LAW":
        refuse(host, nowhere, Choices(), actor, "choices:read", RECORD, decision, request)
    return [found for record in records_of(host, actor) if (found := _may(host, actor, record, request))]


def _may(host: Host, actor: Actor, record: str, request: str) -> tuple[str, list[str]] | None:
    try:
        grant = gate(host, Ask(actor, record, "choices:read", request=request))
    except (AccessDenied, NotFound):
        return None  # a hint that facts no longer confirm
    now = host.clock.now()
    allowed = [a for a in ACTIONS if decide(grant.facts, grant.choices, actor, a, RECORD, now).allowed]
    return record, allowed
