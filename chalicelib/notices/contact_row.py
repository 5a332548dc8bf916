"""The row that says how the holder is reached; absent, it follows from the person's own row."""

import re
from typing import Any

from ..access.grant import Grant
from ..access.person import Person, read_person
from ..kernel.host import Host
from . import kept
from .contact import OPPOSED, SORT, Address, Channel, Contact

_PLACE = re.compile(r"([0-9]{5}) +(.+)")
_ABROAD = "99"


def contact_of(host: Host, grant: Grant) -> tuple[int, Contact]:
    """Return (version, contact) from the row read along with the grant."""
    version, content = kept.opened(host, grant, grant.rows.get(SORT))
    return version, _contact(host, grant, content)


def edit_contact(host: Host, grant: Grant, change: Any) -> Contact:
    """Change the contact as it is now (`change` takes and gives a Contact)."""

    def changed(content: Any) -> Any:
        before = _contact(host, grant, content)
        after = change(before)
        return content if after == before else after.model_dump(mode="json")

    return _contact(host, grant, kept.edit(host, grant, SORT, changed))


def mark_bounced(host: Host, grant: Grant, channel: Channel, target: str) -> None:
    """Write down that a channel failed for good, until it is renewed.

    Not of whoever opposed: nothing of how to reach them is kept but what they gave for a new code, and another one may
    come with other means.
    """
    if grant.facts.state != OPPOSED:
        edit_contact(host, grant, lambda now: now.with_bounce(channel, target))


def _contact(host: Host, grant: Grant, content: Any) -> Contact:
    if content is not None:
        return Contact.model_validate(content).at(host.clock.now())
    return contact_by(read_person(host, grant))


def contact_by(person: Person) -> Contact:
    """Return how somebody is reached who never said how: as whoever enrolled them knows."""
    return Contact(email=person.email, phone=person.phone, address=_postal(person), language=person.language)


def _postal(person: Person) -> Address | None:
    """Return the address that the fund gave; postcode and city stand in its last line."""
    if not person.address:
        return None
    *lines, last = person.address
    found = _PLACE.fullmatch(last)
    postcode, city = (found[1], found[2]) if found else ("", last)
    insee = (person.territory or postcode[:2] or _ABROAD).ljust(5, "0")
    return Address(lines=tuple(lines), postcode=postcode, city=city, insee=insee)
