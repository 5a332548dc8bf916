"""Records whose journals fill rows, and somebody who may write to the table."""

from collections.abc import Callable

from chalicelib.access.facts import facts_key, facts_of, partition
from chalicelib.access.flush import flush
from chalicelib.access.journal import PREFIX
from chalicelib.enrolment import actions as enrolment
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Row
from chalicelib.vault import reading
from tests.people import ENROLMENT, HOLDER, person

Damage = Callable[[list[Row], int], list[Row]]
"""(rows of a journal, which one) -> what somebody leaves of them"""


def move(host: Host, record: str) -> None:
    """Move what waits in facts into a row."""
    key = facts_key(record)
    flush(host, facts_of(record, host.rows.get([key])[key]))


def looked_at(rows: int, looks: int) -> tuple[Host, str]:
    """Return a record whose journal fills so many rows, and has an entry in facts."""
    host = memory_host()
    record, _ = enrolment.open_(host, ENROLMENT, person(), HOLDER.id)
    for _ in range(rows):
        for _ in range(looks):
            reading.listing(host, HOLDER, record, reading.Filter())
        move(host, record)
    reading.listing(host, HOLDER, record, reading.Filter())
    return host, record


def rows_of(host: Host, record: str) -> list[Row]:
    return host.rows.query(partition(record), after=PREFIX, upto=PREFIX + "~", limit=1000)


def entries(row: Row) -> list[bytes]:
    found = row["entries"]
    assert isinstance(found, list)
    return found


def damage(host: Host, record: str, how: Damage, number: int) -> None:
    before = rows_of(host, record)
    for row in before:
        host.rows.delete((str(row["pk"]), str(row["sk"])))
    for row in how(before, number):
        host.rows.put(row)


def without(rows: list[Row], number: int) -> list[Row]:
    return rows[:number] + rows[number + 1 :]
