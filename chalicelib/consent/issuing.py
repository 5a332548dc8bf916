"""Making a one-time code: its reference is published and named in the choices by one conditional write."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ..access.choices import ASSISTED, Choices, Code
from ..access.clocks import instant
from ..access.codes import (
    CARD,
    code_of,
    is_revoked,
    live,
    named,
    new_reference,
    place_of,
    publish,
    revoke,
    spent,
)
from ..access.gate import RECENT, Ask, Seen, gate
from ..access.grant import Grant
from ..access.journal import holds, operation_of
from ..access.mandates import ceilings
from ..kernel.errors import ConditionFailed, Conflict, Invalid
from ..kernel.host import Host
from ..kernel.ids import new_operation_id
from .changing import Wish, unchanged

_REUSED = "This Idempotency-Key was used for another request."
_SPENT = "This code was used, replaced or revoked, or has ended; ask for another one."
_MANY = "Too many codes of this record still work; revoke some first."


@dataclass(frozen=True, slots=True)
class Issued:
    """A code as it is shown once: the reference names it, the text opens."""

    reference: str
    text: str
    ends: str
    grant: Grant

    @property
    def token(self) -> str:
        """Return both as one word in capitals, which a QR code holds in its densest alphabet."""
        return f"{self.reference}.{self.text.replace('-', '')}".upper()


@dataclass(slots=True)
class _Maker:
    """What the callbacks of one request share."""

    host: Host
    wish: Wish
    reference: str
    make: Callable[[Seen], Code]
    op: bytes
    once: bool
    code: Code | None = None

    def before(self, seen: Seen) -> None:
        unchanged(seen, self.wish)
        others = replace(seen, choices=replace(seen.choices, codes=spent(seen.choices, self.reference)))
        made = self.make(others)
        # the card stays with the person who carries it, whoever printed it: it opens in an emergency only
        self.code = self._agreed(seen, made if made.purpose == CARD else replace(made, maker=self.wish.actor.id))
        if self.code.purpose == CARD:
            self._void_cards(seen.choices)
        publish(self.host, self.wish.record, self.reference)

    def _void_cards(self, choices: Choices) -> None:
        """Note that the card before is void, so that a late copy of the request that made it does not make it again."""
        for name, one in choices.codes.items():
            if one.purpose == CARD and name != self.reference:
                revoke(self.host, name)

    def _agreed(self, seen: Seen, code: Code) -> Code:
        known = seen.choices.codes.get(self.reference)
        if known is None or known.purpose == ASSISTED:
            if self._was_made(seen):
                raise Conflict(_SPENT)
            return code
        if instant(self.host.clock.now()) >= known.ends:
            raise Conflict(_SPENT)
        if replace(known, ends=code.ends, maker=code.maker) != code:  # the reference says already whose key it is
            raise Invalid(fields={"Idempotency-Key": _REUSED})
        return known

    def _was_made(self, seen: Seen) -> bool:
        """Tell whether a code that the choices name no more was made by this key before."""
        place = seen.others.get(place_of(self.reference))
        if place is None:  # never published: nothing has to be looked for in the journal
            return False
        known = place.get("tries") or is_revoked(seen, self.reference)
        return bool(known) or (self.once and holds(self.host, seen.facts, self.op, seen.facts.last - RECENT))

    def change(self, choices: Choices) -> Choices:
        if self.code is None:
            raise ConditionFailed
        return with_code(choices, self.reference, self.code, self.host.clock.now())


def issue(host: Host, wish: Wish, action: str, make: Callable[[Seen], Code], key: str = "", detail: str = "") -> Issued:
    """Make a code, and show it. `make` may refuse after the decision.

    The same Idempotency-Key gives the same code as long as it works. Raise Conflict when it does no more: nobody is
    shown a code as if it opened.
    """
    reference = named(host, "handed", wish.record, wish.actor.id, key) if key else new_reference()
    op = operation_of(action, reference) if key else new_operation_id()
    maker = _Maker(host, wish, reference, make, op, bool(key))
    ask = Ask(
        wish.actor,
        wish.record,
        action,
        others=(place_of(reference),),
        before=maker.before,
        change=maker.change,
        request=wish.request,
        detail={"code": detail},
        op=op,
        once=bool(key),
    )
    grant = gate(host, ask)
    ends = maker.code.ends if maker.code else ""
    return Issued(reference, code_of(grant.policy_key, reference), ends, grant)


def with_code(choices: Choices, reference: str, code: Code, now: datetime) -> Choices:
    """Return the choices with one more code; ended ones go, and a new card ends the old one. Raise Conflict."""
    kept = {
        name: one
        for name, one in live(choices, now).items()
        if name != reference and not one.purpose == code.purpose == CARD
    }
    if len(kept) >= ceilings()["codes_per_record"]:
        raise Conflict(_MANY)
    return replace(choices, codes={**kept, reference: code})
