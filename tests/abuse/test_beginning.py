"""What an invited record began with stands in the row of its keys: nothing of it opens once it was tampered with."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.access.keyring import key_row_key
from chalicelib.access.person import Person, read_person
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.errors import Broken
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Key
from chalicelib.notices.actions import SYSTEM
from tests.crash.recovery import forget
from tests.intake_files import number
from tests.invited import invite
from tests.people import person

from .tampering import Cell, Named, cuts, flips, plain, swap, whole_row, without

PARTS = ("person", "choices")


def holder(host: Host, record: str) -> Person:
    """Return whom a new process sees."""
    forget()
    return read_person(host, gate(host, Ask(SYSTEM, record, "notice:send", person=True)))


def tampered(here: Key, there: Key, name: str) -> Iterator[Named]:
    cell, chance = Cell(here, name), Random(20261127)
    (twin,) = {*PARTS} - {name}
    yield from flips(cell, 40, chance)
    yield from cuts(cell, 10, chance)
    yield from (swap(cell, Cell(there, name)), swap(cell, Cell(here, twin)), swap(cell, Cell(here, "policy")))
    yield from (without(here, name), plain(here, name, "text"), whole_row(here, there))


@pytest.mark.abuse("C01", "C02")
@pytest.mark.parametrize("name", PARTS)
def test_nothing_a_record_began_with_opens_once_it_was_tampered_with(name: str) -> None:
    host = memory_host()
    (record, _), (other, _) = (invite(host, person(number(place))) for place in (1, 2))
    rows: dict[Key, Any] = host.rows._rows  # type: ignore[attr-defined]
    for _, change in tampered(key_row_key(record), key_row_key(other), name):
        before = rows[key_row_key(record)]
        change(rows, {})
        with pytest.raises(Broken):
            holder(host, record)
        rows[key_row_key(record)] = before
    assert holder(host, record).ins == number(1)
