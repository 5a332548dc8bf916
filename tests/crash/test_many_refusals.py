"""A flood of refusals ends in the chain too: all of them counted, once, and nobody's roll-up waits behind it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.actor import Actor
from chalicelib.access.facts import partition
from chalicelib.access.gate import RECENT
from chalicelib.enrolment import actions as enrolment
from chalicelib.history import actions as history
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Row
from chalicelib.vault import reading
from tests.crash.refused import FLOOD, OTHERS, flooded, refuse, rolled
from tests.cutting import Killed, cut
from tests.people import ENROLMENT, HOLDER, PHYSIO, person

from .recovery import recover
from .worlds import memory_world

DAYS = 6
MOST = 400_000
"""bytes of a row that every table holds"""
WORDY = replace(PHYSIO, name="𝒩" * 241, organisation_name="𝒩" * 120)
"""a stranger whose refusals are as long as a token can make them"""


def sizes(host: Host, record: str) -> Iterator[int]:
    for row in host.rows.query(partition(record), limit=1000):
        yield size(row)


def size(row: Row) -> int:
    values = [value if isinstance(value, list) else [str(value).encode()] for value in row.values()]
    return sum(len(one) for value in values for one in value)


def test_every_refusal_of_a_flood_is_counted_in_the_chain_once() -> None:
    world, (flooded_record, *others) = flooded()
    recover(world.host(), nights=1)
    assert sum(rolled(world, flooded_record)) == FLOOD
    assert [rolled(world, record) for record in others] == [[1]] * OTHERS


def test_a_flood_leaves_nothing_to_roll_up_again() -> None:
    world, (record, *_) = flooded()
    recover(world.host(), nights=1)
    world.clock.advance(timedelta(days=1))
    assert jobs.night(world.host())["rolled"] == 0
    found = [entry for entry in history.history(world.host(), HOLDER, record).entries if entry.effect == "deny"]
    shown = [entry for entry in found if "more" not in entry.detail]
    assert len(shown) == history.KEPT_IN_CHAIN
    assert len(shown) + sum(entry.detail["more"] for entry in found if "more" in entry.detail) == FLOOD


@pytest.mark.parametrize("stranger", [PHYSIO, WORDY], ids=["short", "wordy"])
def test_floods_on_many_days_never_make_a_row_that_no_table_holds(stranger: Actor) -> None:
    world = memory_world()
    host = world.host()
    record = enrolment.open_(host, ENROLMENT, person(), HOLDER.id)[0]
    largest = 0
    for _ in range(DAYS):
        refuse(host, record, history.KEPT_IN_CHAIN, stranger)
        recover(host, nights=1)
        largest = max(largest, *sizes(host, record))
    assert sum(rolled(world, record)) == DAYS * history.KEPT_IN_CHAIN
    assert largest < MOST


@pytest.mark.parametrize("kill", range(12))
def test_a_roll_up_killed_in_a_busy_record_is_not_repeated_by_the_next_night(kill: int) -> None:
    world = memory_world()
    host = world.host()
    record = enrolment.open_(host, ENROLMENT, person(), HOLDER.id)[0]
    refuse(host, record, 2)
    world.clock.advance(timedelta(days=1))
    with suppress(Killed):
        history.roll_up(cut(host, [], (kill, "before")))
    for _ in range(RECENT + 50):
        reading.listing(host, HOLDER, record, reading.Filter())
    recover(host, nights=1)
    assert rolled(world, record) == [2]


@pytest.mark.parametrize("number", range(40))
def test_of_two_nights_at_once_one_puts_the_refusals_of_a_day_into_the_chain(number: int) -> None:
    world = memory_world()
    host = world.host()
    records = [enrolment.open_(host, ENROLMENT, person(ins=f"{n:015d}"), HOLDER.id)[0] for n in range(OTHERS)]
    for record in records:
        refuse(host, record, 1)
    world.clock.advance(timedelta(days=1))
    history.roll_up(cut(host, [], (number, "before"), lambda: history.roll_up(host)))
    assert [rolled(world, record) for record in records] == [[1]] * OTHERS
