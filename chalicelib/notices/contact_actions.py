"""How the holder is reached: read and changed by the holder; what somebody else asks for counts three days later."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from ..access.actor import Actor
from ..access.clocks import over
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Opened
from ..kernel.errors import ConditionFailed, Conflict, Invalid, NotFound, Stale
from ..kernel.host import Host
from ..kernel.ids import new_device_id
from ..kernel.ports import Subscription
from . import kept
from .contact import (
    CHANGE,
    SORT,
    Address,
    Change,
    Channel,
    Contact,
    Device,
    Means,
    change_named,
    named_for_nobody,
)
from .contact_row import contact_of, counting, edit_contact, set_by
from .events import Group, Preference
from .told import heard

_MEANWHILE = "The contact was changed at the same time; read it again and repeat the change."
MEANS, PREFERENCES, DEVICE = "means", "preferences", "devices"


def read(host: Host, actor: Actor, record: str, request: str = "") -> tuple[int, Contact]:
    """Return (edition, contact) to the holder; edition 0 was never changed."""
    version, contact = contact_of(host, gate(host, Ask(actor, record, "contact:read", rows=(SORT,), request=request)))
    return contact.edition(version), contact


def reach(
    host: Host,
    actor: Actor,
    record: str,
    means: tuple[str, str, Address | None],
    edition: int | None = None,
    request: str = "",
) -> None:
    """Set e-mail, phone and postal address, from the next notice on; the old ones are told. Raise Stale, Conflict."""
    now, (email, phone, address) = host.clock.now(), means

    def renewed(contact: Contact, name: str) -> Contact:
        changed = contact.with_means("email", email, name, now).with_means("sms", phone, name, now)
        bounced = tuple(channel for channel in changed.bounced if channel != "letter")
        return changed.model_copy(update={"address": address, "bounced": bounced})

    _change(host, actor, record, MEANS, renewed, edition, request)


def prefer(
    host: Host,
    actor: Actor,
    record: str,
    language: str,
    order: tuple[Channel, ...],
    preferences: dict[Group, Preference],
    edition: int | None = None,
    request: str = "",
) -> None:
    """Set language, order of channels and what is told when, from the next notice on. Raise Stale, Conflict.

    An address or a number that is used no longer is told so: whoever stole a session must not silence it unseen.
    """
    now, said = host.clock.now(), {"language": language, "preferences": preferences}

    def preferred(contact: Contact, name: str) -> Contact:
        return contact.less(order, name, now).model_copy(update=said)

    _change(host, actor, record, PREFERENCES, preferred, edition, request)


def subscribe(host: Host, actor: Actor, record: str, subscription: Subscription, request: str = "") -> str:
    """Add a browser, and tell of it by mail or text; return its id.

    Raise Invalid for an endpoint we never send to, Conflict at the sixth.
    """
    if not host.push.accepts(subscription):
        raise Invalid(fields={"/endpoint": "is not at a push service we use, or its keys are not valid"})
    made = Device(
        id=new_device_id(),
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        maker=actor.id,
    )

    def added(contact: Contact, name: str) -> Contact:
        return contact.with_device(made, name, host.clock.now())

    _change(host, actor, record, DEVICE, added, None, request)
    return made.id


def unsubscribe(host: Host, actor: Actor, record: str, device: str, request: str = "") -> None:
    """Forget a browser. Raise NotFound."""

    def left(contact: Contact, name: str) -> Contact:  # noqa: ARG001
        others = tuple(one for one in contact.devices if one.id != device)
        if len(others) == len(contact.devices):
            raise NotFound
        return contact.model_copy(update={"devices": others})

    _change(host, actor, record, DEVICE, left, None, request)


def propose(host: Host, grant: Grant, channel: Means, value: str, name: str) -> None:
    """Let a new address or number count when its delay is over: for whoever asks in the holder's place.

    The caller's own action asked the gate; a notice `contact-change` of this name, asked for at once, goes to the old
    address. One is pending for each channel; `reach`, by the holder, ends them. Safe to repeat.
    """
    counts = datetime.fromisoformat(over("contact_change", host.clock.now().isoformat()))
    change = Change(channel=channel, value=value, counts_from=counts)

    def proposed(contact: Contact) -> Contact:
        if any(one.name == name for one in contact.former):
            return contact
        return _remembered(host, grant, contact, channel, name).awaiting(change)

    edit_contact(host, grant, proposed)


def _remembered(host: Host, grant: Grant, contact: Contact, channel: Means, name: str) -> Contact:
    """Return it with the old value remembered. Where there is no room, the notice goes by the usual ways.

    Nothing counts before its delay is over, and who asks is known by two factors: it is never refused.
    """
    with suppress(Conflict):
        return _making_room(host, grant, contact, lambda now: now.remembering(channel, name, host.clock.now()))
    return contact


def _making_room(host: Host, found: Opened, contact: Contact, change: Callable[[Contact], Contact]) -> Contact:
    """Return the contact changed, old addresses that were told forgotten when there is no room for another."""
    try:
        return change(contact)
    except Conflict:
        return change(contact.having_told(heard(host, found, contact.former)))


def _change(
    host: Host,
    actor: Actor,
    record: str,
    what: str,
    change: Callable[[Contact, str], Contact],
    edition: int | None,
    request: str,
) -> None:
    name, told = change_named(host.clock.now()), ""

    def fresh(seen: Seen) -> None:
        nonlocal told
        row, clear = seen.rows.get(SORT), seen.open(SORT)
        known = counting(Contact.model_validate_json(clear) if clear else None, lambda: seen.holder, host.clock.now())
        if edition is not None and edition != known.edition(int(str(row["version"])) if row else 0):
            raise Stale
        # May refuse, before the journal says that it was done.
        changed = _making_room(host, seen, known, lambda now: change(now, name))
        if any(one.name == name for one in changed.former):
            told = name
        else:
            told = named_for_nobody(name) if what == MEANS else ""

    def detailed(_seen: Seen) -> Mapping[str, Any]:
        return {"what": what, **({"tell": {"event": CHANGE, "name": told}} if told else {})}

    ask = Ask(actor, record, "contact:change", (SORT,), before=fresh, detail_of=detailed, person=True, request=request)
    grant = gate(host, ask)
    number, contact = contact_of(host, grant)
    changed = _making_room(host, grant, contact, lambda now: change(now, name))
    if what == MEANS:
        own = {} if actor.id != grant.choices.holder else {"until": None}  # all of it is the minor's own now
        changed = changed.model_copy(update={"pending": (), **own})
    try:
        kept.write(
            host, grant, SORT, number, set_by(host, grant, contact if number else None, changed).model_dump(mode="json")
        )
    except ConditionFailed:
        raise Conflict(_MEANWHILE) from None
