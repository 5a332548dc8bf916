"""How the holder is reached: what stands in one sealed row of the record."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from ..kernel.errors import Conflict
from ..kernel.ports import Subscription
from .events import Preference, defaults, events

OPPOSED = "opposed"
CHANGE = "contact-change"
SORT = "6contact"
DEVICES = 5
FORMER = 10
"""old addresses and numbers that wait to be told at a time"""
TOLD_WITHIN = timedelta(days=7)
"""how long one is remembered at most: its notice leaves at once, or when the mail is back"""
_MADE, _WRITTEN_WITHIN = 10, 60
"""digits of a name that say when; seconds after which a change that is not in the row never will be"""
_FULL = "As many browsers are told as there may be; take one out first."
_OFTEN = "Address and number were changed too often; the old ones have to be told first. Try again in a minute."
Channel = Literal["push", "email", "sms", "letter"]
CHANNELS: tuple[Channel, ...] = ("push", "email", "sms", "letter")
Means = Literal["email", "sms"]


class Part(BaseModel):
    """A part of the row."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(Part):
    """Where letters go: at most four lines, postcode and city, INSEE code of the place (99xxx abroad), ISO country."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    insee: str
    country: str = "FR"

    @property
    def department(self) -> str:
        """Return the department, for counting: `29`, `2A`, `974`, `99` abroad."""
        return self.insee[:3] if self.insee.startswith(("97", "98")) else self.insee[:2]


class Device(Part):
    """One browser that listens; `id` is random and ours. `maker` is whose it is: an actor id, empty the holder's."""

    id: str
    endpoint: str
    p256dh: str
    auth: str
    maker: str = ""

    @property
    def subscription(self) -> Subscription:
        """Return it as the port wants it."""
        return Subscription(self.endpoint, self.p256dh, self.auth)


class Change(Part):
    """A new means of contact that does not count yet."""

    channel: Means
    value: str
    counts_from: datetime


def _each(given: Any) -> Any:
    """Return the pending changes of a row; one that was written when there was one at most has it bare, or null."""
    if given is None:
        return ()
    return given if isinstance(given, list | tuple) else (given,)


def change_named(now: datetime) -> str:
    """Return a new name for a change of contact that is told to an old address: it says when it was made."""
    return f"{int(now.timestamp()):0{_MADE}d}{secrets.token_hex(4)}"


def named_for_nobody(name: str) -> str:
    """Return the name of a change that no old address hears of: it does not say when, so that nothing is awaited."""
    return f"x{name}"


class Former(Part):
    """What a means of contact was before the change of this name, which is told there."""

    name: str
    channel: Means
    value: str
    since: datetime | None = None


class Contact(Part):
    """How to reach the holder. `bounced` are channels that proved dead and were not renewed since."""

    email: str = ""
    phone: str = ""
    address: Address | None = None
    devices: tuple[Device, ...] = ()
    language: str = "fr"
    order: tuple[Channel, ...] = CHANNELS
    preferences: dict[str, Preference] = {}
    bounced: tuple[Channel, ...] = ()
    pending: Annotated[tuple[Change, ...], BeforeValidator(_each)] = ()
    former: tuple[Former, ...] = ()
    until: datetime | None = None
    """the majority of a child, when somebody else set some of it: then none of it counts any more (abuse A23)"""
    hours: int = 0
    """how often the hour alone has changed it"""

    def preference(self, event: str) -> Preference:
        """Return how this event is told: what always counts, then what the person said, then the table."""
        group = events()[event].group
        return defaults()[group] if group == "always" else self.preferences.get(group, defaults()[group])

    def at(self, now: datetime) -> "Contact":
        """Return it as it counts at this time: a pending change whose hour has come is one no longer."""
        due = [one for one in self.pending if one.counts_from <= now]
        counted = self
        for one in due:
            counted = counted.having(one.channel, one.value)
        left = tuple(one for one in self.pending if one not in due)
        return counted.model_copy(update={"pending": left, "hours": self.hours + len(due)}) if due else self

    def awaiting(self, change: Change) -> "Contact":
        """Return it with a change that is pending, instead of the one that was of this channel."""
        others = tuple(one for one in self.pending if one.channel != change.channel)
        return self.model_copy(update={"pending": (*others, change)})

    def is_over(self, now: datetime) -> bool:
        """Tell whether it was for a child that is of age by now, and set by others."""
        return self.until is not None and self.until <= now

    def after(self, other: "Contact") -> "Contact":
        """Return it as what counts once the other is over, whatever has begun to count of that before."""
        return self.model_copy(update={"hours": other.hours + len(other.pending) + 1})

    def edition(self, version: int) -> int:
        """Return the number of what the holder read in this version of the row: it changes with the hour too."""
        return version + self.hours

    def value(self, channel: Channel) -> str:
        """Return the e-mail address or the number; empty for the other channels."""
        return {"email": self.email, "sms": self.phone}.get(channel, "")

    def having(self, channel: Means, value: str) -> "Contact":
        """Return it with this address or number, which is not known to be dead."""
        changed = {"email" if channel == "email" else "phone": value}
        return self.model_copy(update={**changed, "bounced": tuple(c for c in self.bounced if c != channel)})

    def with_means(self, channel: Means, value: str, name: str, now: datetime) -> "Contact":
        """Return it with this address or number, another old one remembered to be told. Raise Conflict.

        The same one given again is tried again: a mailbox was full, and is not any more.
        """
        old = self.value(channel)
        if old == value:
            return self.having(channel, value)
        return (self.remembering(channel, name, now) if old else self).having(channel, value)

    def remembering(self, channel: Means, name: str, now: datetime) -> "Contact":
        """Return it with what this channel is now remembered under a name, to be told of the change of that name.

        None makes room for another before it was told or had its time to be: ten changes faster than the notices go are
        refused (Conflict), so that nobody hides a change of address from the old one (abuse T07).
        """
        known = tuple(one.model_copy(update={"since": one.since or now}) for one in self.former)
        waiting = tuple(one for one in known if one.since and now < one.since + TOLD_WITHIN)
        if len(waiting) >= FORMER:
            raise Conflict(_OFTEN)
        old = Former(name=name, channel=channel, value=self.value(channel), since=now)
        return self.model_copy(update={"former": (*waiting, old)})

    def awaits(self, name: str, now: datetime) -> bool:
        """Tell whether the row may not say yet whom a change of this name is told to: its entry is written first."""
        made = name[:_MADE]
        young = made.isdecimal() and now.timestamp() < int(made) + _WRITTEN_WITHIN
        return young and all(one.name != name for one in self.former)

    def having_told(self, told: Collection[Former]) -> "Contact":
        """Return it without the old addresses that heard of their change."""
        return self.model_copy(update={"former": tuple(one for one in self.former if one not in told)})

    def less(self, order: tuple[Channel, ...], name: str, now: datetime) -> "Contact":
        """Return it with this order, each address or number that is used no longer remembered to be told so."""
        found = self
        for channel in self._means():
            if channel in self.order and channel not in order:
                found = found.remembering(channel, name, now)
        return found.model_copy(update={"order": order})

    def with_device(self, device: Device, name: str, now: datetime) -> "Contact":
        """Return it with one more browser, of which the person is told elsewhere: it hears first from now on.

        Raise Conflict at the sixth.
        """
        others = tuple(one for one in self.devices if one.endpoint != device.endpoint)
        if len(others) >= DEVICES:
            raise Conflict(_FULL)
        found = self.model_copy(update={"devices": (*others, device)})
        if len(others) < len(self.devices):
            return found
        told = next((one for one in self._means() if one not in self.bounced), None)
        return found.remembering(told, name, now) if told else found

    def _means(self) -> list[Means]:
        """Return whether there is an address, a number, the preferred one first."""
        means: tuple[Means, ...] = ("email", "sms")
        places = {channel: place for place, channel in enumerate(self.order)}
        return sorted((one for one in means if self.value(one)), key=lambda one: places.get(one, len(CHANNELS)))

    def with_bounce(self, channel: Channel, target: str) -> "Contact":
        """Return it with the mark, if what bounced is still what counts; a browser that is over is forgotten."""
        if channel == "push":
            left = tuple(device for device in self.devices if device.endpoint != target)
            return self.model_copy(update={"devices": left})
        current = target_of_letter(self.address) if channel == "letter" else self.value(channel)
        if not current or current != target or channel in self.bounced:
            return self
        return self.model_copy(update={"bounced": (*self.bounced, channel)})


def target_of_letter(address: Address | None) -> str:
    """Return one text for an address."""
    return "\n".join((*address.lines, address.postcode, address.city, address.country)) if address else ""
