"""Telling one notice: the channels in the person's order, until one takes it; never twice for one reference.

A change of contact is told to every old address and number before: whoever has stolen one of them must not be the only
one to hear of it.
"""

from ..access.clocks import instant
from ..access.grant import Grant
from ..kernel.errors import Refused, Unavailable
from ..kernel.host import Host
from . import channels, letters
from .contact import Contact
from .contact_row import mark_bounced
from .invitation import code_for, to_representative
from .model import Letterhead, Notice, Said
from .texts import CODED
from .told import REACHED, Sending, lay, reference_of, say, told
from .ways import Way, old_ways, ways


def tell(
    host: Host, letterhead: Letterhead, grant: Grant, contact: Contact, notice: Notice, *, fresh: bool = False
) -> bool:
    """Tell it unless it was told; return False when nobody could be reached. A kill repeats it as it was.

    A channel that refuses for good is marked, and the next one is tried. Raise Unavailable when one cannot be asked
    now, once every old address was tried: the message comes again, and ends among the dead letters by count. `fresh`:
    it was never tried before, so that nothing has to be read.
    """
    known, coded = {} if fresh else told(host, grant, notice), notice.event in CODED
    fresh = not known
    old = {reference_of(grant, notice, way): way for way in old_ways(contact, notice.event, notice.name)}
    reached = bool(REACHED & set(known.values()))
    if reached and old.keys() <= known.keys():
        return True
    code = code_for(grant, host.clock.now()) if coded else ""
    said = Said(notice.event, contact.language, code, to_representative(host, grant, notice.event))
    if coded and not said.code:
        return True  # used or void by now: there is nothing left to tell

    def offered(way: Way, reference: str) -> bool:
        nonlocal fresh
        if reference in known or not _open(host, grant, way):
            return False
        sent = _sent(host, letterhead, grant, notice, way, said, reference)
        known[reference] = "sent" if sent else "refused"
        say(host, grant, notice, reference, "sent" if sent else "refused", fresh=fresh and sent)
        fresh = False
        return sent

    down: Unavailable | None = None
    for reference, way in old.items():
        try:
            reached |= offered(way, reference)
        except Unavailable as error:
            down = error
    if down:
        raise down
    return reached or any(
        offered(way, reference_of(grant, notice, way)) for way in ways(contact, notice.event, coded=coded)
    )


def _sent(
    host: Host, letterhead: Letterhead, grant: Grant, notice: Notice, way: Way, said: Said, reference: str
) -> bool:
    lay(host, reference, Sending(notice.record, notice.event, notice.name, way.channel, way.target))
    try:
        if way.address:
            letters.lay(host, letterhead, grant, way.address, said, reference)
        else:
            channels.send(host, letterhead, way, said, reference)
    except Refused:
        mark_bounced(host, grant, way.channel, way.target)
        return False
    return True


def _open(host: Host, grant: Grant, way: Way) -> bool:
    """Tell whether this deployment uses the channel at all; that it does not says nothing about the address.

    The browser of a representative is told nothing any more once they represent the holder no longer.
    """
    if way.channel == "sms":
        return host.sms.accepts(way.target)
    if way.device is None:
        return True
    theirs = grant.choices.stands(way.device.maker, instant(host.clock.now()))
    return theirs and host.push.accepts(way.device.subscription)
