"""Secret links to the calendar: who holds one reads what its maker may read, until it is revoked.

A link is a reference, which leads to the record, and a secret of 128 bits that is derived from the record's policy key
and never kept. It works while the choices name the reference, and while who made it may still share the calendar: both
are read at every request. It stands in the path of an address because a calendar client has no other place for it: it
sends neither tokens nor bodies. So no log has paths (edge/logs.py), and addresses tell nothing else.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ..access.actor import Actor, Kind, invitee
from ..access.choices import Choices, Code
from ..access.clocks import instant
from ..access.codes import is_revoked, live, named, new_reference, place_of, publish, record_named, spent
from ..access.codes import revoke as revoke_code
from ..access.decide import decide
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..access.journal import operation_of
from ..access.mandates import ceilings
from ..access.person import open_person
from ..access.thing import RECORD, Thing
from ..kernel.errors import Conflict, Invalid, NotFound
from ..kernel.host import Host
from ..kernel.ids import new_operation_id
from ..kernel.seal import fingerprint
from .feed import Shown
from .model import BOOK, Book
from .reading import Chosen, visible, with_words

PURPOSES = {"calendar": False, "calendar_in_words": True}
"""purpose of a code -> whether the calendar says more than that there is something"""
_FOR_EVER = "9999-12-31T00:00:00+00:00"
_BACK = timedelta(days=366)
_REUSED = "was used for another request"
_REVOKED = "This link was revoked; ask for another one."
_MANY = "Too many calendar links or codes of this record still work; revoke some first."


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is listed. `secret` is there once, when it is made."""

    reference: str
    in_words: bool
    mine: bool
    secret: str = ""


def share(host: Host, actor: Actor, record: str, *, in_words: bool, key: str = "", request: str = "") -> Link:
    """Make a secret link. The same Idempotency-Key gives the same one. Raise Conflict when there are enough.

    `in_words`: the maker wants titles, notes and names in that calendar; otherwise it says only that
    there is something.
    """
    purpose = next(name for name, words in PURPOSES.items() if words == in_words)
    code = Code(purpose, _FOR_EVER, actor.id)
    reference = named(host, "calendar", record, actor.id, key) if key else new_reference()

    def before(seen: Seen) -> None:
        if is_revoked(seen, reference):
            raise Conflict(_REVOKED)
        if seen.choices.codes.get(reference, code) != code:
            raise Invalid(fields={"Idempotency-Key": _REUSED})
        _check_room(seen.choices, reference, host.clock.now())
        publish(host, record, reference)

    def shared(choices: Choices) -> Choices:
        return replace(choices, codes={**live(choices, host.clock.now()), reference: code})

    ask = Ask(
        actor,
        record,
        "calendar:share",
        others=(place_of(reference),),
        before=before,
        change=shared,
        request=request,
        detail={"reference": reference, "code": purpose},
        op=operation_of("calendar:share", reference) if key else new_operation_id(),
        once=bool(key),
    )
    grant = gate(host, ask)
    return Link(reference, in_words, mine=True, secret=_secret(grant.policy_key, reference))


def _secret(policy_key: bytes, reference: str) -> str:
    return fingerprint(policy_key, "calendar-link", reference)


def _check_room(choices: Choices, reference: str, now: datetime) -> None:
    others = [code for name, code in live(choices, now).items() if name != reference]
    links = sum(code.purpose in PURPOSES for code in others)
    most = ceilings()
    if links >= most["calendars_per_record"] or len(others) >= most["codes_per_record"]:
        raise Conflict(_MANY)


def links(host: Host, actor: Actor, record: str, request: str = "") -> list[Link]:
    """Return the links that work, without their secrets."""
    made = gate(host, Ask(actor, record, "choices:read", request=request)).choices.codes
    found = {name: code for name, code in made.items() if code.purpose in PURPOSES}
    return [Link(name, PURPOSES[code.purpose], code.subject == actor.id) for name, code in sorted(found.items())]


def revoke(host: Host, actor: Actor, record: str, reference: str, request: str = "") -> None:
    """Void a link, from the next request on. Raise NotFound when there is no such link."""

    def before(seen: Seen) -> None:
        code = seen.choices.codes.get(reference)
        if code is None or code.purpose not in PURPOSES:
            raise NotFound
        revoke_code(host, reference)

    def revoked(choices: Choices) -> Choices:
        return replace(choices, codes=spent(choices, reference))

    detail = {"reference": reference, "code": "revoked"}
    gate(host, Ask(actor, record, "calendar:share", before=before, change=revoked, request=request, detail=detail))


def follow(host: Host, reference: str, secret: str, request: str = "") -> Shown:
    """Return what a link shows: from a year ago on. Raise NotFound for one that is wrong, revoked or whose maker left.

    A reference that nobody gave out is not written down: callers are unknown, and could write without end. Every other
    look is decided; the journal has the first one of each day and link, since clients look every few minutes.
    """
    now = host.clock.now()
    ask = Ask(
        invitee(reference),
        record_named(host, reference),
        "calendar:read",
        rows=(BOOK,),
        thing=_brought(reference, secret, now),
        person=True,
        request=request,
        op=operation_of("calendar:read", reference, now.date().isoformat()),
        once=True,
    )
    return _shown(host, gate(host, ask), reference, now)


def _shown(host: Host, grant: Grant, reference: str, now: datetime) -> Shown:
    code, first = grant.choices.codes[reference], now.date() - _BACK
    maker, in_words = Actor(Kind.CITIZEN, code.subject), PURPOSES[code.purpose]
    holder = open_person(grant.policy_key, grant.record, grant.rows[grant.facts.person])

    def chosen(book: Book) -> Chosen:
        lines = [one for one in visible(grant, book, maker, now) if (one[1].day or date.min) >= first]
        return (lines if in_words else [(entry, line.model_copy(update={"words": ""})) for entry, line in lines]), ""

    entries, _ = with_words(host, grant, chosen)
    uid = {one.id: fingerprint(grant.policy_key, "calendar-uid", reference, one.id) for one in entries}
    return Shown(tuple((uid[one.id], one.line, one.words) for one in entries), holder.language, in_words)


def _brought(reference: str, secret: str, now: datetime) -> Callable[[Seen], Thing]:
    def thing(seen: Seen) -> Thing:
        code = seen.choices.codes.get(reference)
        same = hmac.compare_digest(_secret(seen.policy_key or b"-", reference).encode(), secret.encode())
        good = bool(seen.policy_key) and same and code is not None and _works(seen, code, now)
        return Thing("code", reference, state="code_good" if good else "code_wrong")

    return thing


def _works(seen: Seen, code: Code, now: datetime) -> bool:
    """Tell whether it is a link, and its maker may still share the calendar."""
    maker = Actor(Kind.CITIZEN, code.subject)
    may = decide(seen.facts, seen.choices, maker, "calendar:share", RECORD, now).allowed
    return code.purpose in PURPOSES and instant(now) < code.ends and may
