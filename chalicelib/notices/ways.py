"""On which ways a notice is told, in the person's order."""

from collections.abc import Iterator
from dataclasses import dataclass

from .contact import CHANGE, Address, Channel, Contact, Device, target_of_letter
from .events import events


@dataclass(frozen=True, slots=True)
class Way:
    """One recipient on one channel; `target` names the recipient."""

    channel: Channel
    target: str
    device: Device | None = None
    address: Address | None = None


def old_ways(contact: Contact, event: str, name: str) -> list[Way]:
    """Return where a change of contact is told, each of them: where the person was reached before (abuse T07)."""
    if event != CHANGE:
        return []
    return [Way(one.channel, one.value) for one in contact.former if one.name == name and one.value]


def ways(contact: Contact, event: str, *, coded: bool) -> Iterator[Way]:
    """Yield how to tell, in the person's order, until one takes it."""
    for channel in (one for one in contact.order if one not in contact.bounced):
        if channel == "push" and not coded:
            yield from (Way("push", device.endpoint, device=device) for device in contact.devices)
        elif channel == "letter" and contact.address and events()[event].paper:
            yield Way("letter", target_of_letter(contact.address), address=contact.address)
        elif value := contact.value(channel):
            yield Way(channel, value)
