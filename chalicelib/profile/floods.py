"""How much one organisation writes into one profile a day (threat U09): a ceiling against floods, not an account."""

from ..access.actor import Actor, Kind
from ..access.facts import partition
from ..access.keyring import system_key
from ..access.mandates import ceilings
from ..kernel.errors import ConditionFailed, TooMany
from ..kernel.host import Host
from ..kernel.ports import Change, When
from ..kernel.seal import fingerprint


def count(host: Host, actor: Actor, record: str) -> None:
    """Count what a professional notes, corrects or takes back, who needs nobody's leave to do so. Raise TooMany."""
    if actor.kind is not Kind.PROFESSIONAL:
        return
    day, most = f"notes_{host.clock.now():%Y%m%d}", ceilings()["notes_per_organisation"]
    house = fingerprint(system_key(host), "notes", record, actor.organisation)
    try:
        host.rows.update((partition(record), f"0notes#{house}"), Change(add={day: 1}), When(below={day: most}))
    except ConditionFailed:
        raise TooMany from None
