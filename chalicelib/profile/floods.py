"""How much one organisation writes into one profile a day (threat U09)."""

from ..access import ceiling
from ..access.actor import Actor, Kind
from ..access.facts import partition
from ..access.keyring import system_key
from ..access.mandates import ceilings
from ..kernel.host import Host
from ..kernel.seal import fingerprint


def count(host: Host, actor: Actor, record: str) -> None:
    """Count what a professional notes, corrects or takes back, who needs nobody's leave to do so. Raise TooMany."""
    if actor.kind is not Kind.PROFESSIONAL:
        return
    where = partition(record), "0notes#" + fingerprint(system_key(host), "notes", record, actor.organisation)
    ceiling.count(host, where, "notes", f"{host.clock.now():%Y%m%d}", ceilings()["notes_per_organisation"])
