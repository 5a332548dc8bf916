"""Coming of age: what parents could do and had decided ends, the new adult gets a code and is asked again."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..access.actor import Actor, Kind
from ..access.choices import Choices, Code
from ..access.clocks import comes_of_age, instant
from ..access.codes import ACTIVATION, REPRESENTATIVE, new_code, new_reference, publish
from ..access.delegation import without_proxies
from ..access.gate import Ask, Seen, gate
from ..access.mandates import PARENT
from ..kernel.errors import Conflict
from ..kernel.host import Host

SYSTEM = Actor(Kind.SYSTEM, "system:life", "Carnet")


def come_of_age(host: Host, record: str) -> str:
    """Do what majority asks for; return the instant at which it will, for a child, and "" when nothing is to do.

    Parents lose access at that instant by the mandate itself (`Delegation.ends`), whenever this runs.
    """
    now, reference, waits = host.clock.now(), new_reference(), [""]
    code = new_code(ACTIVATION, ACTIVATION, now)

    def due(seen: Seen) -> None:
        if not _spoken_for(seen.choices):
            raise Conflict
        adult = comes_of_age(seen.holder.birth_date)
        if instant(now) < adult:
            waits[:] = [adult]
            raise Conflict
        publish(host, record, reference)

    def voided(seen: Seen) -> Mapping[str, Any]:
        """Name them all: from here a destruction knows where their tries are counted."""
        return {"void": sorted(seen.choices.codes)}

    detail = {"name": secrets.token_hex(8), "reference": reference}
    ask = Ask(SYSTEM, record, "record:majority", before=due, person=True, detail=detail, detail_of=voided)
    try:
        gate(host, replace(ask, change=lambda choices: asked_again(choices, reference, code)))
    except Conflict:
        return waits[0]
    return ""


def asked_again(choices: Choices, reference: str, code: Code) -> Choices:
    """Return what is left of the choices at eighteen.

    Parental authority ends with majority (Code civil art. 371-1 and 414), and with it what was decided under it: a
    consent is the adult's own or is none (CSP L.1111-4, R.1111-46). So every permission that a parent gave is asked for
    again, and carers whom parents named go (Code civil art. 2003). Protections stay (blocked, hidden, refused,
    discreet, the emergency switches): to keep one harms nobody, the adult lifts it at any time, and lifting it unasked
    would show what a child had hidden. The care team and the treating physician stay as well: theirs is a
    presumption of the law (CSP L.1110-12, L.1111-16). A guardian under a mandate of a judge stays until it ends. Codes
    given out are void, and the help that somebody was let in with is over.
    """
    parents = {who for who, given in choices.proxies.items() if given.kind == PARENT}
    return replace(
        without_proxies(choices, parents),
        allowed=frozenset(),
        limits={},
        express=frozenset(),
        designated=frozenset(),
        consents={},
        shows_hidden=False,
        carers={},
        codes={reference: code},
    )


def _spoken_for(choices: Choices) -> bool:
    """Tell whether parents act, or nobody has come yet with the code that was for them."""
    return any(given.kind == PARENT for given in choices.proxies.values()) or any(
        code.subject == REPRESENTATIVE for code in choices.codes.values()
    )
