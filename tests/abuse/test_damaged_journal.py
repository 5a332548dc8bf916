"""What goes on though somebody took entries out of a journal (abuse I05): the others, an emergency, a destruction."""

from contextlib import suppress
from functools import partial, reduce

import pytest

from chalicelib import jobs
from chalicelib.access.facts import Facts, facts_key, facts_of
from chalicelib.access.journal import link, read, row_sort, salvage
from chalicelib.access.relay import LATER, relay
from chalicelib.access.work import journal_shard
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.enrolment import actions as enrolment
from chalicelib.following import follow
from chalicelib.history import actions as history
from chalicelib.kernel.errors import AccessDenied, Broken, NotFound
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Change, Key, Row, Value
from chalicelib.vault.reading import Filter, listing
from tests.cutting import cut
from tests.enrolment.destroyed import CALLS, TURNED, dies, flushed, nights, traces
from tests.people import DOCTOR, ENROLMENT, HOLDER, person

from .journals import Damage, damage, entries, looked_at, move, rows_of, without

pytestmark = pytest.mark.abuse("I05")

LEADS_NOWHERE = (b"(('k#", b"(('t#")
"""places of codes and days that only the missing entries named: under keyed hashes, with a random id"""


def facts(host: Host, record: str) -> Facts:
    key = facts_key(record)
    return facts_of(record, host.rows.get([key])[key])


def not_relayed(host: Host, record: str) -> None:
    """Let a relay begin with the second entry again."""
    now = host.clock.now().isoformat()
    host.rows.update(facts_key(record), Change(set={"relayed": 1, "work": journal_shard(record), "since": now}))


def turned_over(rows: list[Row], number: int) -> list[Row]:
    rows[number] = {**rows[number], "entries": [sealed[::-1] for sealed in entries(rows[number])]}
    return rows


def marked(host: Host, record: str) -> bool:
    return "work" in host.rows.get([facts_key(record)])[facts_key(record)]


@pytest.mark.parametrize("sizes", [(1,) * 40, (96, 1, 96, 1, 96, 1), (1, *(96,) * 3, *(1,) * 20, 96), (64,) * 6])
def test_every_part_of_a_journal_is_read_whatever_rows_it_lies_in(sizes: tuple[int, ...]) -> None:
    host, record = looked_at(0, 0)
    for size in sizes:
        for _ in range(size - len(facts(host, record).entries)):
            listing(host, HOLDER, record, Filter())
        move(host, record)
    found = facts(host, record)
    for start in range(0, found.last, 5):
        for stop in (start + 1, start + 50, found.last):
            for way in (read, salvage):
                assert [number for number, _ in way(host, found, start, stop)] == [*range(start, min(stop, found.last))]


def test_a_page_of_the_history_reads_its_rows_in_one_call() -> None:
    host, record = looked_at(12, 32)
    calls: list[str] = []
    history.history(cut(host, calls, None), HOLDER, record)
    assert calls.count("query") == 3  # twice fifty entries, and the refusals that wait


def test_a_damaged_journal_stops_nobody_elses_relay_and_goes_on_once_it_was_put_back() -> None:
    host, record = looked_at(3, 10)
    other, _ = enrolment.open_(host, ENROLMENT, person(ins="1"), HOLDER.id)
    not_relayed(host, record)
    whole = rows_of(host, record)
    damage(host, record, without, 1)
    with pytest.raises(Broken):
        jobs.minute(host)
    assert (marked(host, record), marked(host, other)) == (True, False)
    assert jobs.minute(host)["relayed"] == 0  # looked at again in an hour
    host.rows.put(whole[1])
    host.clock.advance(LATER)  # type: ignore[attr-defined]
    jobs.minute(host)
    assert not marked(host, record)


def misshapen(host: Host, key: Key, name: str, value: Value | None) -> None:
    row = {**host.rows.get([key])[key], name: value}
    host.rows.put({name: value for name, value in row.items() if value is not None})


@pytest.mark.parametrize("value", [None, "words", 7, b"bytes"])
@pytest.mark.parametrize("name", ["entries", "chain", "generation", "first", "relayed", "state", "choices_hash"])
def test_a_row_of_any_other_shape_is_damage_and_stops_nobody_else(name: str, value: Value | None) -> None:
    host, record = looked_at(3, 10)
    other, _ = enrolment.open_(host, ENROLMENT, person(ins="1"), HOLDER.id)
    not_relayed(host, record)
    key = (str(rows_of(host, record)[1]["pk"]), str(rows_of(host, record)[1]["sk"]))
    place = key if name in ("entries", "chain") else facts_key(record)
    if isinstance(value, type(host.rows.get([place])[place][name])):
        value = None
    misshapen(host, place, name, value)
    with pytest.raises(Broken):
        jobs.minute(host)
    assert not marked(host, other)
    with pytest.raises(Broken):
        history.history(host, HOLDER, record)


def test_a_damaged_journal_keeps_nobody_from_opening_the_record_in_an_emergency() -> None:
    host, record = looked_at(3, 10)
    damage(host, record, without, 2)
    reason = Reason("UNCONSCIOUS", "Trouvé inconscient dans la rue, aucun proche sur place")
    emergency.open_(host, DOCTOR, record, reason)
    emergency.open_(host, DOCTOR, record, reason)  # the same request again
    assert facts(host, record).last == 33


def parted(rows: list[Row], parts: int) -> list[Row]:
    """Return the one row as so many, as if its entries had been flushed by and by."""
    (row,), made, value = rows, list[Row](), b""
    size = len(entries(row)) // parts + 1
    for first in range(0, len(entries(row)), size):
        some = entries(row)[first : first + size]
        value = reduce(link, some, value)
        made.append({**row, "sk": row_sort(first), "entries": some, "chain": value})
    return made


@pytest.mark.abuse("C07")
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("how", [without, turned_over], ids=["deleted", "altered"])
def test_a_person_is_forgotten_though_their_journal_was_damaged(how: Damage, number: int) -> None:
    world = flushed()
    damage(world.host, world.record, parted, 3)
    assert world.journal()
    damage(world.host, world.record, how, number)
    with pytest.raises(Broken):
        world.journal()
    nights(world)
    assert world.state == "absent"
    assert all(one.startswith(LEADS_NOWHERE) for one in traces(world))


@pytest.mark.parametrize("number", range(TURNED, len(CALLS), 7))
def test_who_reads_a_record_that_is_destroyed_meanwhile_is_told_of_no_damage(number: int) -> None:
    for at in range(5):
        world = flushed()
        not_relayed(world.host, world.record)
        met = cut(world.host, [], (at, "before"), partial(dies, world, number))
        with suppress(AccessDenied, NotFound):
            history.history(met, HOLDER, world.record)
        world = flushed()
        not_relayed(world.host, world.record)
        relay(cut(world.host, [], (at, "before"), partial(dies, world, number)), world.record, follow)
