"""Flush: move pending entries from the facts row into chained rows. Safe to kill and to run twice at once."""

from ..kernel.errors import Broken, ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Change, When
from .facts import Facts, facts_key, facts_of, partition, pending_name
from .journal import journal_row, link, row_sort


def flush(host: Host, facts: Facts) -> None:
    """Freeze the tail unless a frozen list is waiting, then move the frozen list; lose every race silently."""
    try:
        if not facts.frozen:
            facts = _freeze(host, facts)
        _move(host, facts)
    except ConditionFailed:
        return  # another flush was faster; whatever it left is finished by the next one


def _freeze(host: Host, facts: Facts) -> Facts:
    as_read = When(
        equals={"generation": facts.generation},
        present=(pending_name(facts.generation),),
        absent=(pending_name(facts.generation - 1),),
    )
    host.rows.update(facts_key(facts.record), Change(set={"generation": facts.generation + 1}), as_read)
    key = facts_key(facts.record)
    return facts_of(facts.record, host.rows.get([key]).get(key))


def _move(host: Host, facts: Facts) -> None:
    chain = facts.chain
    for number, sealed in enumerate(facts.frozen, facts.first):
        chain = link(chain, sealed)
        _write_once(host, facts.record, number, sealed, chain)
    moved = Change(
        set={"first": facts.first + len(facts.frozen), "chain": chain}, remove=(pending_name(facts.generation - 1),)
    )
    host.rows.update(
        facts_key(facts.record), moved, When(equals={"first": facts.first, "generation": facts.generation})
    )


def _write_once(host: Host, record: str, number: int, sealed: bytes, chain: bytes) -> None:
    row, key = journal_row(record, number, sealed, chain), (partition(record), row_sort(number))
    try:
        host.rows.put(row, NEW)
    except ConditionFailed:  # the same row from an earlier try: entries are sealed once, so it is equal byte by byte
        if host.rows.get([key]).get(key) != row:
            raise Broken from None  # or another one: somebody put older facts back (abuse C03)
