"""Telling under a grant that was given for what is told: no second decision, no message in between.

A minor's notices go to whoever represents the child: the contact that the record holds, and every representative who
gave an address of their own.
"""

from collections.abc import Iterator

from ..access.clocks import comes_of_age, instant
from ..access.delegation import lasting
from ..access.grant import Grant, Shelf
from ..access.person import read_person
from ..kernel.host import Host
from . import daily
from .contact import Contact
from .contact_row import contact_of
from .model import Letterhead, Notice
from .sending import tell

REMINDER = "reminder"
_BESIDE = "."


def inform(host: Host, letterhead: Letterhead, grant: Grant, notice: Notice, *, fresh: bool) -> bool:
    """Tell it, or lay it aside for the day's one notice, as they prefer; return whether anybody is or will be told.

    `fresh` says that it was never tried before. The grant read the contact along. Raise Unavailable.
    """
    _, contact = contact_of(host, grant)
    preference = contact.preference(notice.event)
    if preference == "daily":
        daily.wait(host, grant, notice)
    if preference != "instant":
        return preference == "daily"
    told = [tell(host, letterhead, grant, *one, fresh=fresh) for one in _whom(host, grant, contact, notice)]
    return any(told)


def theirs(notice: Notice) -> bool:
    """Tell whether this went to a representative beside the record's contact: nobody is told in their place."""
    return notice.event == REMINDER and _BESIDE in notice.name


def _whom(host: Host, grant: Grant, contact: Contact, notice: Notice) -> Iterator[tuple[Contact, Notice]]:
    """Yield each recipient, and the notice under a name of its own for each of them."""
    yield contact, notice
    now = host.clock.now()
    if not grant.choices.proxies or instant(now) >= comes_of_age(read_person(host, grant).birth_date):
        return
    for email in sorted({one.email for one in lasting(grant.choices.proxies, now).values()} - {"", contact.email}):
        name = f"{notice.name}{_BESIDE}{Shelf(host, grant).name('representative', email)[:8]}"
        bare = contact.model_copy(update={"email": email, "phone": "", "devices": (), "address": None, "bounced": ()})
        yield bare, Notice(notice.record, notice.event, name)
