"""Flush: move pending entries from the facts row into a chained row. Safe to kill and to run twice at once.

Entries that were frozen together stay together in one row: two writes a flush, however many entries there are. A list
is frozen here, or by the access that fills it: then nobody else meets a full one.
"""

from contextlib import suppress
from functools import reduce

from ..kernel.errors import Broken, ConditionFailed, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, Change, Row, When
from .facts import Facts, facts_key, facts_of, pending_name
from .journal import journal_row, link


def flush(host: Host, facts: Facts) -> None:
    """Freeze the tail unless a frozen list is waiting, then move the frozen list; lose every race silently."""
    try:
        if not facts.frozen:
            facts = _freeze(host, facts)
        _move(host, facts)
    except ConditionFailed:
        return  # another flush was faster; whatever it left is finished by the next one


def move(host: Host, record: str) -> None:
    """Move the list that an access has frozen. What cannot be had now is left to the relay: the access is journaled."""
    with suppress(ConditionFailed, Unavailable):
        _move(host, _read(host, record))


def _freeze(host: Host, facts: Facts) -> Facts:
    as_read = When(
        equals={"generation": facts.generation},
        present=(pending_name(facts.generation),),
        absent=(pending_name(facts.generation - 1),),
    )
    host.rows.update(facts_key(facts.record), Change(set={"generation": facts.generation + 1}), as_read)
    return _read(host, facts.record)


def _read(host: Host, record: str) -> Facts:
    key = facts_key(record)
    return facts_of(record, host.rows.get([key]).get(key))


def _move(host: Host, facts: Facts) -> None:
    if not facts.frozen:
        return  # another one moved it before this one looked: a row of no entries would bar the next
    chain = reduce(link, facts.frozen, facts.chain)
    _write_once(host, journal_row(facts.record, facts.first, facts.frozen, chain))
    moved = Change(
        set={"first": facts.first + len(facts.frozen), "chain": chain}, remove=(pending_name(facts.generation - 1),)
    )
    host.rows.update(
        facts_key(facts.record), moved, When(equals={"first": facts.first, "generation": facts.generation})
    )


def _write_once(host: Host, row: Row) -> None:
    key = (str(row["pk"]), str(row["sk"]))
    try:
        host.rows.put(row, NEW)
    except ConditionFailed:  # the same row from an earlier try: a frozen list does not change any more
        if host.rows.get([key]).get(key) != row:
            raise Broken from None  # or another one: somebody put older facts back (abuse C03)
