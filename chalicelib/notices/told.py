"""What became of one notice: a sealed row of the record, and a way back from each reference a provider may report.

A way back is sealed with the deployment's own key and outlives the record's, so that the record says in clear, in rows
that hold nothing but a reference, which ways lead to it: whoever destroys it finds them, and needs no key.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, cast

from ..access.facts import partition
from ..access.grant import Grant, Opened, open_row
from ..access.keyring import system_key
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import Key
from ..kernel.seal import fingerprint, seal, unseal
from . import kept
from .contact import CHANGE, Channel, Former
from .model import Notice
from .ways import Way

PREFIX, WAYS, LAST_WAY = "6told#", "6way#", "6way#~"
REACHED = frozenset({"sent", "delivered"})
HANDED = REACHED | {"bounced"}
"""what a service took responsibility for, whatever became of it"""


@dataclass(frozen=True, slots=True)
class Sending:
    """One notice to one recipient on one channel; its reference is the same at every try and tells nothing."""

    record: str
    event: str
    name: str
    channel: Channel
    target: str

    @property
    def notice(self) -> Notice:
        """Return what was told."""
        return Notice(self.record, self.event, self.name)


def reference_of(found: Opened, notice: Notice, way: Way) -> str:
    """Return the one reference of this notice for this recipient on this channel: Message-ID, Topic, letter."""
    return fingerprint(found.policy_key, "notice", notice.event, notice.name, way.channel, way.target)


def told(host: Host, grant: Grant, notice: Notice) -> dict[str, str]:
    """Return what became of each reference so far: sent, delivered, refused, bounced."""
    content: dict[str, str] | None = kept.read(host, grant, _sort(grant, notice))[1]
    return content or {}


def heard(host: Host, found: Opened, former: Collection[Former]) -> list[Former]:
    """Return which old addresses and numbers were offered the notice of their change, or never can be. 1 read."""
    notices = {one: Notice(found.record, CHANGE, one.name) for one in former}
    keys = {one: (partition(found.record), _sort(found, notice)) for one, notice in notices.items()}
    rows = host.rows.get(sorted({*keys.values()}))
    said = {key: json.loads(open_row(found.policy_key, found.record, row)) for key, row in rows.items()}

    def is_offered(one: Former) -> bool:
        return reference_of(found, notices[one], Way(one.channel, one.value)) in said.get(keys[one], {})

    return [one for one in former if is_offered(one) or _is_mute(host, one)]


def _is_mute(host: Host, former: Former) -> bool:
    """Tell whether nobody can be told there: nothing stood there, or this deployment sends no texts to it."""
    return not former.value or (former.channel == "sms" and not host.sms.accepts(former.value))


def say(host: Host, grant: Grant, notice: Notice, reference: str, state: str, *, fresh: bool = False) -> None:
    """Write down what became of one reference. What bounced stays bounced until it is sent again.

    `fresh`: nothing was written down of this notice yet, so that nothing has to be read first.
    """
    if fresh:
        with suppress(ConditionFailed):  # another worker was faster: what it wrote stands, and this is added to it
            kept.write(host, grant, _sort(grant, notice), 0, {reference: state})
            return

    def said(content: Any) -> dict[str, str]:
        known = content or {}
        return known if state == "delivered" and known.get(reference) != "sent" else {**known, reference: state}

    kept.edit(host, grant, _sort(grant, notice), said)


def lay(host: Host, reference: str, sending: Sending) -> None:
    """Leave the way back before anything is sent, so that no report comes too early, and that it lies, in one call."""
    pk, sk = way_key(reference)
    body = seal(system_key(host), "notices", json.dumps(asdict(sending)).encode(), pk, sk)
    lies = {"pk": partition(sending.record), "sk": WAYS + reference}
    host.rows.put_many([lies, {"pk": pk, "sk": sk, "body": body}])


def sending_of(host: Host, reference: str) -> Sending | None:
    """Return what a reference stands for; None when nothing of ours does."""
    key = way_key(reference)
    row = host.rows.get([key]).get(key)
    if row is None:
        return None
    return Sending(**json.loads(unseal(system_key(host), "notices", cast(bytes, row["body"]), *key)))


def references(host: Host, record: str) -> Iterator[str]:
    """Yield the references that lead back to a record, whatever became of what was told."""
    after = WAYS
    while rows := host.rows.query(partition(record), after=after, upto=LAST_WAY):
        yield from (cast(str, row["sk"]).removeprefix(WAYS) for row in rows)
        after = cast(str, rows[-1]["sk"])


def way_key(reference: str) -> Key:
    """Return where it lies what a reference stands for."""
    return f"n#{reference}", "0"


def _sort(found: Opened, notice: Notice) -> str:
    return PREFIX + fingerprint(found.policy_key, "told", notice.event, notice.name)
