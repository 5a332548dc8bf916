"""Refusals by the thousand, and how they end in the chain."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from chalicelib.access.actor import Actor
from chalicelib.enrolment import actions as enrolment
from chalicelib.history import actions as history
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.vault import reading
from tests.people import ENROLMENT, HOLDER, PHYSIO, person

from .worlds import World, memory_world

FLOOD, OTHERS = 1100, 8
"""more than one page of refusals; enough other records that one shares the flood's shard of the work index"""


def refuse(host: Host, record: str, times: int, stranger: Actor = PHYSIO) -> None:
    for number in range(times):
        with suppress(CarnetError):
            reading.listing(host, replace(stranger, id=f"pro:{number % 5}"), record, reading.Filter())


def flooded() -> tuple[World, list[str]]:
    world = memory_world()
    host = world.host()
    records = [enrolment.open_(host, ENROLMENT, person(ins=f"{n:015d}"), HOLDER.id)[0] for n in range(OTHERS + 1)]
    refuse(host, records[0], FLOOD)
    world.clock.advance(timedelta(hours=1))
    for record in records[1:]:
        refuse(host, record, 1)
    return world, list(records)


def rolled(world: World, record: str) -> list[int]:
    return [entry.detail["count"] for _, entry in world.journal(record) if entry.action == history.ROLLED_UP]
