"""Opening a record in an emergency, and who is told of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.clocks import instant, over
from ..access.codes import CARD, again, brought, led_to
from ..access.gate import RECENT, Ask, Seen, gate
from ..access.journal import holds, operation_of
from ..access.thing import Thing
from ..kernel.errors import Conflict, Invalid, TooMany
from ..kernel.host import Host
from .model import FLAGGED, SUSPENDED, Ledger, Reason, ledger_key
from .review import flag

EVENT = "emergency"
_GIVEN = Thing("reason", state="reason_given")
_COPIED = "say why this time: these words were used for another emergency"
_ENDED = "This emergency was ended since; say why anew to open another one."
_REVIEW = "Emergency access is suspended until what happened today has been reviewed."


def open_(host: Host, actor: Actor, record: str, reason: Reason, request: str = "") -> str:
    """Open the record to this professional in an emergency; return until when.

    The same request twice on one day is one emergency. Raise Invalid for a reason that is none or was used before,
    Conflict when the holder ended since what the same request had opened, TooMany when this professional's emergencies
    wait for a review.
    """
    return _open(host, actor, record, reason, lambda _: _GIVEN, request)


def open_by_card(host: Host, actor: Actor, card: tuple[str, str], reason: Reason, request: str = "") -> tuple[str, str]:
    """Do the same with reference and code of the emergency card that the person carries; return the record and until.

    It is as good as often as it is needed, within the switches. A wrong, void or unknown card is no access at all.
    """
    reason.check()
    reference, text = card
    carried = brought(reference, text, CARD, host.clock.now())

    def thing(seen: Seen) -> Thing:
        return _GIVEN if carried(seen).state == "code_good" else Thing("reason")

    record = led_to(host, reference)
    until = _open(host, actor, record, reason, thing, request)
    again(host, reference)
    return record, until


def _open(host: Host, actor: Actor, record: str, reason: Reason, thing: Callable[[Seen], Thing], request: str) -> str:
    reason.check()
    now, mark, key = host.clock.now(), reason.fingerprint(host, actor), ledger_key(host, actor.id)
    op, until = operation_of("emergency", record, actor.id, mark, now.date().isoformat()), over(EVENT, instant(now))

    def opened(choices: Choices) -> Choices:
        running = {who: ends for who, ends in choices.emergencies.items() if ends > instant(now)}
        return replace(choices, emergencies={**running, actor.id: until})

    def before(seen: Seen) -> None:
        nonlocal until
        ledger = Ledger.of(key, seen.others)
        if ledger.knows(op) and holds(host, seen.facts, op, seen.facts.last - RECENT):
            until = _standing(seen.choices, actor, now)
        _count(host, actor, ledger, mark, op)

    ask = Ask(
        actor,
        record,
        "emergency:open",
        others=(key,),
        thing=thing,
        before=before,
        change=opened,
        request=request,
        detail={"reason": reason.code, "text": reason.text},
        op=op,
        once=True,
        reserve=True,
    )
    gate(host, ask)
    return until


def _standing(choices: Choices, actor: Actor, now: datetime) -> str:
    """Return until when an emergency that was opened before still lasts. Raise Conflict: a block has ended it."""
    until = choices.emergencies.get(actor.id, "")
    if until <= instant(now):
        raise Conflict(_ENDED)
    return until


def _count(host: Host, actor: Actor, ledger: Ledger, mark: str, op: bytes) -> None:
    """Enter the opening into the professional's ledger, before the journal; a request that comes again is there."""
    if ledger.knows(op):
        return
    if ledger.suspended:
        raise TooMany(_REVIEW)
    if ledger.copied(mark):
        raise Invalid(fields={"/text": _COPIED})
    now = host.clock.now()
    following = ledger.opened(now, mark, op)
    count = following.recent(now)
    if count > FLAGGED:
        flag(host, actor, now, count, op)
    if count > SUSPENDED:
        replace(ledger, suspended=True).write(host)
        raise TooMany(_REVIEW)
    following.write(host)
