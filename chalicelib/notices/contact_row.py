"""The row that says how the holder is reached; absent, it follows from the person's own row."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..access.clocks import comes_of_age, instant
from ..access.grant import Grant
from ..access.mandates import PARENT
from ..access.person import Person, read_person
from ..kernel.host import Host
from . import kept
from .contact import OPPOSED, SORT, Address, Channel, Contact

_PLACE = re.compile(r"([0-9]{5}) +(.+)")
_ABROAD = "99"
_SOUTHERN_CORSICA = ("200", "201")
_MONACO = "980"
"""a country (99138 in INSEE's code officiel géographique) in the numbering of the French post"""
_OF_THEIR_OWN = {"97133": "977", "97150": "978"}
"""Saint-Barthélemy and Saint-Martin: no longer of 971 (loi organique 2007-223), whose postcodes they kept"""


def contact_of(host: Host, grant: Grant) -> tuple[int, Contact]:
    """Return (version, contact) from the row read along with the grant."""
    version, content = kept.opened(host, grant, grant.rows.get(SORT))
    return version, _contact(host, grant, content)


def edit_contact(host: Host, grant: Grant, change: Any) -> Contact:
    """Change the contact as it is now (`change` takes and gives a Contact)."""

    def changed(content: Any) -> Any:
        before = _contact(host, grant, content)
        after = change(before)
        if after == before:
            return content
        return set_by(host, grant, None if content is None else before, after).model_dump(mode="json")

    return _contact(host, grant, kept.edit(host, grant, SORT, changed))


def mark_bounced(host: Host, grant: Grant, channel: Channel, target: str) -> None:
    """Write down that a channel failed for good, until it is renewed.

    Not of whoever opposed: nothing of how to reach them is kept but what they gave for a new code, and another one may
    come with other means.
    """
    if grant.facts.state != OPPOSED:
        edit_contact(host, grant, lambda now: now.with_bounce(channel, target))


def _contact(host: Host, grant: Grant, content: Any) -> Contact:
    found = Contact.model_validate(content) if content is not None else None
    return counting(found, lambda: read_person(host, grant), host.clock.now())


def counting(found: Contact | None, person: Callable[[], Person], now: datetime) -> Contact:
    """Return what counts at this time of what a row says (None: there is none)."""
    if found and not found.is_over(now):
        return found.at(now)
    enrolled = _enrolled(person(), now)
    return enrolled.after(found) if found else enrolled


def set_by(host: Host, grant: Grant, before: Contact | None, contact: Contact) -> Contact:
    """Return it as the caller of this grant leaves it: where others say a child is reached counts until majority.

    A language or a browser that a parent adds to a row that is there (`before`) takes no address from the minor.
    """
    if grant.actor.id == grant.choices.holder or (before and _where(before) == _where(contact)):
        return contact
    adult = comes_of_age(read_person(host, grant).birth_date)
    given = grant.choices.proxies.get(grant.actor.id)
    childs = instant(host.clock.now()) < adult or (given and given.kind == PARENT)  # asked for before that midnight
    return contact.model_copy(update={"until": datetime.fromisoformat(adult)}) if childs else contact


def _where(contact: Contact) -> tuple[object, ...]:
    return contact.email, contact.phone, contact.address, contact.pending


def _enrolled(person: Person, now: datetime) -> Contact:
    """Return how somebody is reached who never said how: as whoever enrolled them knows.

    What is a parent's too is no longer the means of who is of age: the letter to the house is left.
    """
    found = Contact(email=person.email, phone=person.phone, address=_postal(person), language=person.language)
    if instant(now) < comes_of_age(person.birth_date):
        return found
    parents = [one for one in person.representatives if one.kind == PARENT]
    theirs = {text.casefold() for one in parents for text in (one.email, one.phone)}
    own = {name: text for name in ("email", "phone") if (text := getattr(found, name)).casefold() not in theirs}
    return found.model_copy(update={"email": "", "phone": "", **own})


def _postal(person: Person) -> Address | None:
    """Return the address that the fund gave; postcode and city stand in its last line."""
    if not person.address:
        return None
    *lines, last = person.address
    found = _PLACE.fullmatch(last)
    postcode, city = (found[1], found[2]) if found else ("", last)
    insee = (person.territory or _department(postcode)).ljust(5, "0")
    return Address(lines=tuple(lines), postcode=postcode, city=city, insee=insee)


def _department(postcode: str) -> str:
    """Return the INSEE department of a postcode: three digits overseas, 2A or 2B in Corsica; 99 abroad or for none."""
    if postcode.startswith(_MONACO):
        return _ABROAD
    if postcode.startswith(("97", "98")):
        return _OF_THEIR_OWN.get(postcode, postcode[:3])
    if postcode.startswith("20"):
        return "2A" if postcode[:3] in _SOUTHERN_CORSICA else "2B"
    return postcode[:2] or _ABROAD
