"""Documents that are not for everybody: what a depositor may say at birth, and what becomes of it afterwards."""

from dataclasses import replace

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.clocks import comes_of_age, instant
from ..access.gate import Ask, Seen, gate
from ..access.person import person_in
from ..access.room import with_room
from ..kernel.errors import CarnetError, Conflict, Invalid
from ..kernel.host import Host
from .model import MASKED, SECRET, WITHHELD, Document, Draft, head_sort
from .store import find, head_of

_POINTER = "/confidentiality"
_ADULT = "only a minor keeps a document from representatives"
_NOT_HOLDER = "only a professional or the holder keeps a document from representatives"
_NOT_DECIDING = "only a professional, or who decides about the record, hides a document from professionals"
_NOT_PROFESSIONAL = "only a professional withholds a document from its holder"
_OTHER = "is decided at the first deposit"
_ANNOUNCE_NOTHING = frozenset({Kind.CITIZEN, Kind.HEALTH_FUND})
"""who files and has found nothing; who may not file at all is refused by the gate"""


class Done(CarnetError):
    """It is so already."""


def check(draft: Draft, actor: Actor) -> None:
    """Raise Invalid when somebody withholds a document from the holder who has nothing to announce (R.1111-53)."""
    if WITHHELD in draft.confidentiality and actor.kind in _ANNOUNCE_NOTHING:
        raise Invalid(fields={_POINTER: _NOT_PROFESSIONAL})


def suits(host: Host, draft: Draft, actor: Actor, seen: Seen) -> None:
    """Raise Invalid unless it is kept back by somebody who may.

    Who helps the holder decides for nobody who sees what; from representatives a professional or the minor keeps
    something, and only as long as the holder is one.
    """
    helps = actor.kind is Kind.CITIZEN and not seen.choices.decided_by(actor.id, instant(host.clock.now()))
    if MASKED in draft.confidentiality and helps:
        raise Invalid(fields={_POINTER: _NOT_DECIDING})
    if SECRET not in draft.confidentiality:
        return
    if actor.kind is not Kind.PROFESSIONAL and actor.id != seen.choices.holder:
        raise Invalid(fields={_POINTER: _NOT_HOLDER})
    if instant(host.clock.now()) >= comes_of_age(person_in(host, seen.policy_key, seen.facts).birth_date):
        raise Invalid(fields={_POINTER: _ADULT})


def same(draft: Draft, current: Document) -> None:
    """Raise Invalid when a replacement says something else than the first deposit did; saying nothing is fine."""
    if draft.confidentiality and draft.confidentiality != current.draft.confidentiality:
        raise Invalid(fields={_POINTER: _OTHER})


def inherited(following: Document, current: Document) -> Document:
    """Return the next version, withheld and secret as the first one: no replacement starts a clock again."""
    said = following.draft.model_copy(update={"confidentiality": current.draft.confidentiality})
    return following.model_copy(update={"draft": said, "withheld": current.withheld, "secret": current.secret})


def reveal(host: Host, actor: Actor, record: str, document: str, request: str = "") -> None:
    """Let representatives see a minor's document, for good (R.1111-50). Raise Conflict when it never was secret."""

    def before(seen: Seen) -> None:
        found = find(seen, head_sort(document))
        if found is None or not found.secret:
            raise Conflict("This document is not kept from representatives.")
        if document in seen.choices.revealed:
            raise Done

    def revealed(choices: Choices) -> Choices:
        return replace(choices, revealed=choices.revealed | {document})

    _gated(host, replace(_ask(actor, record, "document:reveal", document, request), before=before, change=revealed))


def keep_secret(host: Host, actor: Actor, record: str, document: str, request: str = "") -> None:
    """Change nothing about a document that is secret. Raise Conflict once it was revealed: there is no way back."""

    def before(seen: Seen) -> None:
        found = find(seen, head_sort(document))
        if found is None or not found.secret or document in seen.choices.revealed:
            raise Conflict("What representatives may see cannot be kept from them any more.")
        raise Done

    _gated(host, replace(_ask(actor, record, "document:reveal", document, request), before=before))


def announce(host: Host, actor: Actor, record: str, document: str, request: str = "") -> None:
    """Let the holder see what the author has announced (R.1111-53).

    Raise Conflict when it never was withheld, while it has not passed the checks (the holder would be told of what is
    not there), and when nothing more can be noted: then the law's clock shows it.
    """

    def before(seen: Seen) -> None:
        found = find(seen, head_sort(document))
        if found is None or not found.withheld:
            raise Conflict("This document is not withheld from its holder.")
        if document in seen.choices.announced:
            raise Done
        if found.state != "available":
            raise Conflict("This document has not passed the checks.")

    def announced(choices: Choices) -> Choices:
        return with_room(choices, replace(choices, announced=choices.announced | {document}))

    _gated(host, replace(_ask(actor, record, "document:announce", document, request), before=before, change=announced))


def _ask(actor: Actor, record: str, action: str, document: str, request: str) -> Ask:
    return Ask(actor, record, action, (head_sort(document),), thing=head_of(document), request=request)


def _gated(host: Host, ask: Ask) -> None:
    try:
        gate(host, ask)
    except Done:
        return
