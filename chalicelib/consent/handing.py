"""What the holder hands over: a one-time access code to a professional, an emergency card to carry."""

from dataclasses import replace

from ..access.actor import Actor
from ..access.choices import ASSISTED, Choices, Code, Limit
from ..access.codes import ASSISTANCE, CARD, brought, led_to, new_code, revoke, spent
from ..access.gate import Ask, Seen, gate
from ..access.person import Person, read_person
from ..access.room import with_room
from ..kernel.errors import Conflict
from ..kernel.host import Host
from .actions import EVERYTHING, allowed
from .changing import Wish, change
from .issuing import Issued, issue

ACCESS = "access"
_FOR_EVER = "9999-12-31T00:00:00+00:00"
_OPPOSED = "Emergency access is switched off; a card would open nothing."


def hand_over(host: Host, wish: Wish, limit: Limit = EVERYTHING, key: str = "") -> Issued:
    """Make a one-time access code for whichever professional it is handed to (CSP R.1111-32)."""

    def make(_seen: Seen) -> Code:
        return replace(new_code(ACCESS, "access_code", host.clock.now()), limit=limit)

    return issue(host, wish, "choices:code", make, key, ACCESS)


def ask_for_help(host: Host, wish: Wish, key: str = "") -> Issued:
    """Make a one-time code with which an agent of the support line may help for half an hour: no content is shown."""
    return issue(
        host, wish, "choices:code", lambda _: new_code(ASSISTANCE, "access_code", host.clock.now()), key, ASSISTANCE
    )


def take_back(host: Host, wish: Wish, reference: str) -> None:
    """Revoke a code, an invitation or a card that was not used; that of an assisted session ends it at once."""

    def change_(choices: Choices) -> Choices:
        code = choices.codes.get(reference)
        if code is None or code.purpose != ASSISTED:
            return replace(choices, codes=spent(choices, reference))
        return _unassisted(choices, code.subject)

    def noted(choices: Choices) -> None:
        if reference in choices.codes:  # of another record, nobody but its holder may say so
            revoke(host, reference)

    change(host, wish, "choices:code", change_, noted, code="revoked")


def _unassisted(choices: Choices, agent: str) -> Choices:
    """Return the choices in which this agent helps no longer, whichever codes they were given for it."""
    left = {name: one for name, one in choices.codes.items() if (one.purpose, one.subject) != (ASSISTED, agent)}
    return replace(choices, codes=left)


def use(host: Host, actor: Actor, reference: str, text: str, request: str = "") -> str:
    """Let a professional in with the code that the person handed over; return the record. It works once."""
    record, now = led_to(host, reference), host.clock.now()

    def used(choices: Choices) -> Choices:
        code = choices.codes.get(reference)
        if code is None:
            return choices
        left = replace(choices, codes=spent(choices, reference))
        return with_room(choices, allowed(left, actor.id, _wider(choices, actor.id, code.limit or EVERYTHING)))

    thing = brought(reference, text, ACCESS, now, lambda choices: actor.id in choices.allowed)
    gate(host, Ask(actor, record, "code:use", thing=thing, change=used, request=request))
    return record


def _wider(choices: Choices, who: str, limit: Limit) -> Limit:
    """Return the limit of the permission: a code narrows nobody whom the holder had allowed without one."""
    return EVERYTHING if who in choices.allowed and who not in choices.limits else limit


def print_card(host: Host, wish: Wish, key: str = "") -> tuple[Issued, Person]:
    """Make the emergency card; the one before opens nothing any more. Raise Conflict when emergencies are opposed."""

    def make(seen: Seen) -> Code:
        if "break_glass" in seen.choices.opposed:
            raise Conflict(_OPPOSED)
        return Code(CARD, _FOR_EVER)

    card = issue(host, wish, "choices:card", make, key, CARD)
    return card, read_person(host, card.grant)


def revoke_card(host: Host, wish: Wish) -> None:
    """Void the card, wherever it is."""

    def voided(choices: Choices) -> Choices:
        return replace(choices, codes={name: one for name, one in choices.codes.items() if one.purpose != CARD})

    def noted(choices: Choices) -> None:
        for name, one in choices.codes.items():
            if one.purpose == CARD:
                revoke(host, name)

    change(host, wish, "choices:card", voided, noted, code="revoked")
