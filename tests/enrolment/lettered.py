"""Letters of information: to whom they went, and what was printed."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.person import Representative
from chalicelib.kernel.errors import Unavailable
from chalicelib.notices.batches import manifest, page
from chalicelib.notices.told import sending_of
from tests.enrolment.world import LETTERHEAD, World
from tests.notices.world import Down
from tests.people import ENROLMENT, person

HOUSE = ("1 rue du Port", "14000 CAEN")


def reached(world: World, channel: str, target: str = "") -> str:
    """Return the reference under which the person was told on a channel, there when a target is named."""
    known = [pk[2:] for pk, _ in world.host.rows.everything() if pk.startswith("n#") and len(pk) == 34]
    sent = [(one, sending) for one in known if (sending := sending_of(world.host, one))]
    (found,) = [one for one, sending in sent if sending.channel == channel and target in ("", sending.target)]
    return found


def printed(world: World) -> bytes:
    """Return the one letter of the next night's batch, as its printer fetches it."""
    world.clock.advance(timedelta(days=1))
    world.night()
    batch = world.clock.now().date().isoformat()
    _, line = manifest(world.host, ENROLMENT, batch).splitlines()
    assert line.endswith(",1,14")
    return page(world.host, ENROLMENT, batch, line.partition(",")[0])


def child_of(*emails: str) -> World:
    """Return a child whose parents have these addresses."""
    named = {"ins": "1", "oid": "", "family_name": "EXEMPLE", "given_names": ("Dominique",), "kind": "parent"}
    parents = tuple(Representative(**named, email=email) for email in emails)
    return World(person(birth=date(2020, 1, 1)).model_copy(update={"representatives": parents, "address": HOUSE}))


def tried(world: World) -> dict[str, str]:
    """Let a mail server that is down fail the letter; return its message, as it waits among the dead letters."""
    message = {"records": world.record, "event": "invitation", "name": "first"}
    for _ in range(2):
        with pytest.raises(Unavailable):
            jobs.notices(replace(world.host, mail=Down()), LETTERHEAD)(message)
    return message


def dead(world: World) -> None:
    """Move the letter to the dead letters, where nobody looks."""
    while found := world.host.queue.receive("notices"):
        for delivery in found:
            world.host.queue.delete("notices", delivery.receipt)


def without_mail(world: World, *, until: int, step: int = 1) -> None:
    """Let these days pass with a mail server that is down: nobody is informed, and nothing opens."""
    tried(world)
    dead(world)
    world.work()
    up, world.host = world.host, replace(world.host, mail=Down())
    for day in range(40, until, step):
        world.at(world.start + timedelta(days=day))
        jobs.night(world.host)
        with suppress(Unavailable):
            world.work()
        dead(world)
        assert world.state == "invited"
    world.host = up
