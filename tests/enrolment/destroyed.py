"""A record that has something of everything and is to be destroyed, and what is left of it then."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access import choices
from chalicelib.access.flush import flush
from chalicelib.access.keyring import system_key
from chalicelib.enrolment import life
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.host import Host
from chalicelib.kernel.seal import unseal
from chalicelib.vault import actions
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Killed, cut
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB, STRANGER, person

CANARY = "CANARI"


def lived() -> World:
    """Return a world with a record that has something of everything, its erasure asked for."""
    who = person().model_copy(update={"family_name": CANARY, "email": f"{CANARY.lower()}@example.org"})
    world = World(who).activate()
    world.decide(allowed=frozenset({DOCTOR.id, f"pro:{CANARY}"}))
    draft = Draft(type="11502-2", title=CANARY, media="text/plain", size=len(CANARY), sha256="", unique_id="1.2.3")
    filing = Filing(replace(LAB, name=CANARY), world.record, draft)
    actions.deposit(world.host, filing, CANARY.encode(), Quotas(10**6, 10**6))
    world.work()
    world.night()
    listing(world.host, DOCTOR, world.record, Filter())
    with pytest.raises(NotFound):
        listing(world.host, replace(STRANGER, name=CANARY), world.record, Filter())
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.work()
    world.at(world.until, 3 * 3600)
    return world


def everything(host: Host) -> list[bytes]:
    """Return every byte of every store, keys and names included."""
    rows = [repr((key, row)).encode() for key, row in host.rows.everything().items()]
    blobs = [blob.name.encode() + host.blobs.begin_get(blob.name).result() for blob in host.blobs.list()]
    queued = [delivery.body.encode() for name in ("reminders", "notices") for delivery in host.queue.receive(name, 100)]
    return rows + blobs + queued


def traces(world: World) -> list[bytes]:
    """Return what is left that names the record or its person, or shows the canary, in whatever store."""
    names = (world.record.encode(), CANARY.encode(), CANARY.lower().encode(), world.reference.encode(), b"(('x#")
    return [one for one in everything(world.host) if any(name in one for name in names)]


def opens_still(host: Host) -> bytes:
    """Return what the deployment's own key opens of the ways back from notices, and of letters."""
    rows = {key: row for key, row in host.rows.everything().items() if len(key[0]) == 34 and "body" in row}
    uses = {"n#": "notices", "l#": "letters"}
    at = [key for key in rows if key[0][:2] in uses]
    return b"".join(unseal(system_key(host), uses[key[0][:2]], rows[key]["body"], *key) for key in at)


def flushed() -> World:
    """Return a record whose whole journal lies in rows."""
    world = lived()
    flush(world.host, world.opened()[1])
    return world


def calls() -> list[str]:
    world, made = flushed(), list[str]()
    shred(cut(world.host, made, None), world.record, jobs.ELSEWHERE)
    return made


CALLS = calls()
TURNED = CALLS.index("delete")


def dies(world: World, number: int) -> None:
    """Let another process begin the same and die after a call."""
    with suppress(Killed):
        shred(cut(world.host, [], (number, "after")), world.record, jobs.ELSEWHERE)
    choices._parsed.clear()


def nights(world: World) -> None:
    for _ in range(3):
        world.night()
        world.clock.advance(timedelta(days=1))
    world.night()
