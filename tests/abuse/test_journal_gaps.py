"""Whoever may write to the table takes nothing out of a journal, and turns nothing round in it, unseen (abuse I05)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial, reduce
from itertools import product

import pytest

from chalicelib.access.journal import link
from chalicelib.history import actions as history
from chalicelib.history.model import Wanted
from chalicelib.kernel.errors import Broken
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Row
from tests.cutting import Killed, cut, each_call
from tests.people import HOLDER

from .journals import Damage, damage, entries, looked_at, move

pytestmark = pytest.mark.abuse("I05")

ROWS, LOOKS = 7, 40


def pages(host: Host, record: str) -> Iterator[int]:
    """Yield how many entries each page of the history shows."""
    page = history.history(host, HOLDER, record)
    yield len(page.entries)
    while page.cursor:
        page = history.history(host, HOLDER, record, Wanted(), page.cursor)
        yield len(page.entries)


def with_entries(change: Callable[[list[bytes]], list[bytes]]) -> Damage:
    """Return what changes the entries of one row and makes its own chain fit."""

    def changed(rows: list[Row], number: int) -> list[Row]:
        before = rows[number - 1]["chain"] if number else b""
        assert isinstance(before, bytes)
        left = change(entries(rows[number]))
        rows[number] = {**rows[number], "entries": left, "chain": reduce(link, left, before)}
        return rows

    return changed


def unchained(rows: list[Row], number: int) -> list[Row]:
    rows[number] = {**rows[number], "entries": entries(rows[number])[::-1]}
    return rows


def swapped(rows: list[Row], number: int) -> list[Row]:
    other = (number + 1) % len(rows)
    rows[number], rows[other] = (
        {**rows[other], "sk": rows[number]["sk"]},
        {**rows[number], "sk": rows[other]["sk"]},
    )
    return rows


HOW: dict[str, Damage] = {
    "a row is deleted": lambda rows, n: rows[:n] + rows[n + 1 :],
    "so are all before it": lambda rows, n: rows[n + 1 :],
    "so are all after it": lambda rows, n: rows[:n],
    "two rows are swapped": swapped,
    "a row is put in": lambda rows, n: [*rows, {**rows[n], "sk": str(rows[n]["sk"])[:-1] + "9"}],
    "the first entry is taken out": with_entries(lambda found: found[1:]),
    "an entry is taken out": with_entries(lambda found: found[:7] + found[8:]),
    "the last entry is taken out": with_entries(lambda found: found[:-1]),
    "an entry stands twice": with_entries(lambda found: found[:1] + found[:-1]),
    "an entry is put in": with_entries(lambda found: found[:9] + found[:1] + found[9:]),
    "they are turned round": with_entries(lambda found: found[::-1]),
    "so they are, the chain is not": unchained,
    "none is left in a row": with_entries(lambda _: []),
}


UNREAD = ("a row is put in", ROWS - 1)
"""what lies behind the last entry that facts know of is read by nobody"""
DONE = [one for one in product(HOW, (0, 1, ROWS // 2, ROWS - 2, ROWS - 1)) if one != UNREAD]


@pytest.mark.parametrize(("how", "number"), DONE)
def test_what_is_done_to_rows_of_the_journal_is_noticed_by_who_reads_it(how: str, number: int) -> None:
    host, record = looked_at(ROWS, LOOKS)
    assert sum(pages(host, record)) > ROWS * LOOKS
    damage(host, record, HOW[how], number)
    with pytest.raises(Broken):
        list(pages(host, record))


@pytest.mark.parametrize("how", HOW)
def test_the_first_page_of_the_history_tells_of_damage_to_what_it_shows(how: str) -> None:
    host, record = looked_at(ROWS, LOOKS)
    damage(host, record, HOW[how], ROWS - 2 if how == "a row is put in" else ROWS - 1)
    with pytest.raises(Broken):
        history.history(host, HOLDER, record)


def test_pages_before_the_damage_are_read_and_no_later_one() -> None:
    host, record = looked_at(ROWS, LOOKS)
    damage(host, record, HOW["a row is deleted"], 0)
    found = pages(host, record)
    assert [next(found) for _ in range(3)] == [history.PAGE] * 3
    with pytest.raises(Broken):
        list(found)


def frozen(host: Host, record: str) -> None:
    """Freeze the list and write its row, and die before facts know of it."""
    with suppress(Killed):
        move(cut(host, [], (3, "after")), record)


@pytest.mark.parametrize("act", [move, frozen], ids=["flush", "killed flush"])
def test_a_history_that_meets_a_flush_at_any_call_is_whole(act: Callable[[Host, str], None]) -> None:
    host, record = looked_at(ROWS, LOOKS)
    calls: list[str] = []
    history.history(cut(host, calls, None), HOLDER, record)
    for place in each_call(calls, ["before"]):
        host, record = looked_at(ROWS, LOOKS)
        met = cut(host, [], place, partial(act, host, record))
        history.history(met, HOLDER, record)
        assert sum(pages(host, record)) > ROWS * LOOKS
