"""Of a record that does not open any more nothing follows; everybody else's goes on, and the operator hears of it."""

from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access import reach
from chalicelib.access.facts import facts_key
from chalicelib.access.keyring import key_row_key
from chalicelib.access.relay import relay_all
from chalicelib.access.work import JOURNAL, journal_shard, shards
from chalicelib.enrolment import actions as enrolment
from chalicelib.following import follow
from chalicelib.kernel.errors import Broken
from chalicelib.kernel.host import Host
from tests.crash.refused import flooded, refuse, rolled
from tests.people import ENROLMENT, HOLDER, person

from .worlds import World, memory_world

RECORDS = 12


def damaged() -> tuple[World, list[str]]:
    """Return records of which the first one that is looked at does not open."""
    world = memory_world()
    host = world.host()
    records = [enrolment.open_(host, ENROLMENT, person(ins=f"{n:015d}"), HOLDER.id)[0] for n in range(RECORDS)]
    records.sort(key=journal_shard)
    refuse(host, records[0], 1)
    for record in records[1:]:
        world.clock.advance(timedelta(seconds=1))
        refuse(host, record, 1)
    return world, records


def damage(host: Host, record: str) -> None:
    (row,) = host.rows.get([key_row_key(record)]).values()
    host.rows.put({name: value[::-1] if isinstance(value, bytes) else value for name, value in row.items()})


def waiting(host: Host, records: list[str]) -> list[str]:
    return [record for record in records if "work" in host.rows.get([facts_key(record)])[facts_key(record)]]


def test_nothing_that_follows_from_other_records_waits_for_one_that_does_not_open() -> None:
    world, (first, *others) = damaged()
    damage(world.host(), first)
    with pytest.raises(Broken):
        jobs.minute(world.host())
    assert waiting(world.host(), others) == []


def test_a_night_is_done_to_its_end_though_a_record_does_not_open() -> None:
    world, (first, *others) = damaged()
    damage(world.host(), first)
    world.clock.advance(timedelta(days=1))
    with pytest.raises(Broken):
        jobs.night(world.host())
    assert [rolled(world, record) for record in others] == [[1]] * len(others)
    assert reach.counts(world.host())[0] == world.clock.now().date().isoformat()


def test_records_that_do_not_open_fill_no_page_of_the_work_index() -> None:
    world, _ = damaged()
    now, work = world.clock.now().isoformat(), world.host().rows.work
    first = next(pk for shard in shards(JOURNAL) for pk, _ in work(shard, upto=now, limit=1)).removeprefix("r#")
    damage(world.host(), first)
    with pytest.raises(Broken):
        relay_all(world.host(), follow, limit=1)
    assert first in waiting(world.host(), [first])
    assert relay_all(world.host(), follow, limit=1) > 0


def test_a_flood_of_refusals_of_a_record_that_does_not_open_keeps_no_other_from_the_chain() -> None:
    world, (first, *others) = flooded()
    damage(world.host(), first)
    for _ in range(2):
        world.clock.advance(timedelta(days=1))
        with pytest.raises(Broken):
            jobs.night(world.host())
    assert [rolled(world, record) for record in others] == [[1]] * len(others)
