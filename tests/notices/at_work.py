"""What a worker of the notices is at, each in a world of its own."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib import jobs
from chalicelib.kernel.host import Host
from chalicelib.notices import batches
from tests.people import ENROLMENT

from .world import HOUSE, LETTERHEAD, World

Work = Callable[[Host], None]


def body(world: World, event: str = "emergency") -> dict[str, str]:
    return {"record": world.record, "event": event, "name": "one"}


def waiting() -> tuple[World, Work]:
    world = World()
    world.prefer(deposits="daily")
    world.work()

    def work(host: Host) -> None:
        jobs.notices(host, LETTERHEAD)(body(world, "new-document"))

    return world, work


def gathering() -> tuple[World, Work]:
    world, work = waiting()
    work(world.host)
    world.clock.advance(timedelta(days=1))
    return world, lambda host: jobs.notices(host, LETTERHEAD)({"record": world.record, "job": "gather"})


def laying() -> tuple[World, Work]:
    world = World()
    world.reach(email="", address=HOUSE)
    world.work()
    world.mail.sent.clear()
    return world, lambda host: jobs.notices(host, LETTERHEAD)(body(world))


def printed(world: World) -> list[str]:
    days = [sk for pk, sk in world.rows.everything() if pk == "l#batches" and sk != "0current"]
    lines = [line for day in days for line in batches.manifest(world.host, ENROLMENT, day).splitlines()[1:]]
    return [line.split(",")[0] for line in lines]
