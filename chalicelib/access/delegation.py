"""Who acts for the holder: the first representative of a child, hints to the delegates' records, whom to tell.

A hint lies with the delegate, sealed, and says which record to look at and as what; facts and choices alone decide.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from ..kernel.errors import Broken, Conflict
from ..kernel.host import Host
from ..kernel.ports import Row
from ..kernel.seal import seal, unseal
from .actor import Actor
from .choices import NO_HOLDER, Choices, Delegation, lasts
from .clocks import comes_of_age, instant
from .codes import ACTIVATION, outgrown, spent
from .keyring import actor_key, system_key
from .mandates import PARENT, ceilings
from .opening import HINT
from .person import Person
from .vigilance import bears

HOLDER, PROXY, CARER, HEIR = "holder", "proxy", "carer", "heir"
_TAKEN = "The record has its holder or its representatives already."
_PAGE = 100


def bound(choices: Choices, person: Person, actor: Actor, now: datetime) -> Choices:
    """Return the choices once this citizen has activated the record: holder of an adult's, proxy of a minor's.

    For `Ask.change` of record:activate; `point_to` writes the hint before. Raise
    Conflict when somebody else is the holder, when a court kept this person out, when somebody of another name
    represents the holder or did, or when the minor has as many representatives as there can be.
    """
    if actor.id in choices.blocked:
        raise Conflict(_TAKEN)
    if instant(now) < comes_of_age(person.birth_date):
        return first_proxy(choices, person, actor, now)
    if choices.holder == actor.id:
        return choices
    # A minor who logs in brings the parents' letter too: only the name tells them from a parent.
    another = actor.id in (*choices.proxies, *choices.represented) and not bears(person, actor.name)
    if choices.holder or another:
        raise Conflict(_TAKEN)
    others = {who: one for who, one in choices.proxies.items() if who != actor.id}
    return replace(choices, holder=actor.id, proxies=others)


def with_letter(choices: Choices, reference: str, actor_id: str, now: datetime) -> Choices:
    """Return the choices in which this person, whom they name, brought the code of this letter: it is spent.

    Letters of those who are nobody here any more are forgotten.
    """
    still = {name: who for name, who in choices.letters.items() if choices.decided_by(who, instant(now))}
    return replace(choices, codes=spent(choices, reference), letters={**still, reference: actor_id})


def is_own_letter(choices: Choices, reference: str, birth: date, now: datetime) -> bool:
    """Tell whether a letter of this reference is the holder's own, or a child's representative's; used or not.

    Codes made for others name the record as well, and a parent keeps the letter of a child who is of age by now: none
    of these says who is on the telephone (abuse T07).
    """
    if code := choices.codes.get(reference):
        return code.purpose == ACTIVATION and not outgrown(code, birth, now)
    return choices.decided_by(choices.letters.get(reference, NO_HOLDER), instant(now))


def first_proxy(choices: Choices, person: Person, actor: Actor, now: datetime) -> Choices:
    """Let who activates a child's record with the child's code represent the child until majority. Raise Conflict."""
    others = {who: one for who, one in lasting(choices.proxies, now).items() if who != actor.id}
    if len(others) >= ceilings()["proxies_per_person"]:
        raise Conflict(_TAKEN)
    parent = Delegation(PARENT, actor.name, comes_of_age(person.birth_date))
    return replace(without_proxies(choices, set(choices.proxies) - {*others}), proxies={**others, actor.id: parent})


def without_proxies(choices: Choices, ended: Collection[str]) -> Choices:
    """Return the choices without these representatives, and with the memory that they were.

    Whoever has come into the letter of the person they acted for does not become that person (abuse A23).
    """
    left = {who: one for who, one in choices.proxies.items() if who not in ended}
    return replace(choices, proxies=left, represented=choices.represented.union(ended))


def lasting(delegations: Mapping[str, Delegation], now: datetime) -> dict[str, Delegation]:
    """Return the delegations that have not ended."""
    at = instant(now)
    return {who: one for who, one in delegations.items() if lasts(one.ends, at)}


@dataclass(frozen=True, slots=True)
class Hint:
    """A record that may name this caller, and as what: `holder`, `proxy`, `carer` or `heir`."""

    record: str
    role: str


def role_of(choices: Choices, actor_id: str, now: datetime) -> str:
    """Return as what the choices name this person, empty when they do not."""
    if actor_id and actor_id == choices.holder:
        return HOLDER
    if actor_id in lasting(choices.proxies, now):
        return PROXY
    return CARER if actor_id in lasting(choices.carers, now) else ""


def point_to(host: Host, choices: Choices, actor_id: str, record: str, now: datetime) -> None:
    """Write the hint that goes with the choices which are to name this person."""
    one = choices.proxies.get(actor_id) or choices.carers.get(actor_id)
    role = role_of(choices, actor_id, now)
    hint(host, actor_id, record, role, one.ends if one and role != HOLDER else "")


def hint(host: Host, actor_id: str, record: str, role: str, ends: str = "") -> None:
    """Say to this person where to look, and until when. Written before the choices: a kill leaves a vain hint only."""
    pk, sk = actor_key(host, actor_id)[0], HINT + record
    body = seal(system_key(host), "hint", f"{role} {ends}".encode(), pk, sk)
    host.rows.put({"pk": pk, "sk": sk, "body": body})


def forget(host: Host, actor_id: str, record: str) -> None:
    """Take the hint away."""
    host.rows.delete((actor_key(host, actor_id)[0], HINT + record))


def hints(host: Host, actor: Actor) -> Iterator[Hint]:
    """Yield the records that may name this caller; a hint that has ended is passed over, so that nobody is refused."""
    now = instant(host.clock.now())
    pk, after = actor_key(host, actor.id)[0], HINT
    while after:
        rows = host.rows.query(pk, after=after, upto=HINT + "~", limit=_PAGE)
        for row in rows:
            role, _, ends = _opened(host, row).partition(" ")
            if lasts(ends, now):
                yield Hint(str(row["sk"]).removeprefix(HINT), role)
        after = str(rows[-1]["sk"]) if len(rows) == _PAGE else ""


def _opened(host: Host, row: Row) -> str:
    pk, sk, body = str(row["pk"]), str(row["sk"]), row.get("body")
    with suppress(Broken):  # a hint from elsewhere says nothing, and decides nothing
        return unseal(system_key(host), "hint", cast(bytes, body), pk, sk).decode() if body else HOLDER
    return HOLDER
