"""Destroying a record: its keys first, so that nothing of it can be read any more, then every trace of it.

What has to be deleted outside the record's own partition is known only to who can open it. So it is written down before
the keys go, in rows of ids and keyed hashes that tell nothing; one of them is in the work index, leads a killed
destruction to its end, and goes last. A second pass a day later takes what a worker under way may have left.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from ..access.caring import leave_place, place_key
from ..access.clocks import comes_of_age, instant, over
from ..access.codes import LAST_NOTED, NOTED, code_keys, withdraw_all
from ..access.facts import DESTROYED, SORT, facts_key, facts_of, partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Opened
from ..access.journal import Entry, open_entry, operation_of, salvage
from ..access.keyring import key_row_key
from ..access.opening import hint, lookup
from ..access.person import Person, open_person
from ..access.reach import reach_key
from ..access.refusal import partition_of
from ..access.work import shred_shard
from ..kernel.errors import AccessDenied, Broken, ConditionFailed, Conflict, NotFound
from ..kernel.host import Host
from ..kernel.ports import Key, Row, When
from ..notices.elsewhere import ways_back
from ..notices.invitation import INVITATION
from ..notices.told import LAST_WAY, WAYS
from .majority import SYSTEM
from .turning import TURNS, day_of

_AGAIN, _FRESH = timedelta(days=1), timedelta(hours=1)
_GONE = ("absent", DESTROYED)
_SENT = "notice:send"
_LAID = {
    "record:invite": "opposition",
    "record:suspend": "suspension",
    "record:erase": "erasure",
    "record:reinvite": "activation",
    **dict.fromkeys(("record:close", "record:keep", "record:decease", "support:close"), "archive"),
}
"""action -> the clock that begins with it"""
_PAGE = 500
_LIST = "1keys#"
_KEYS = 3000
"""of one row, so that it stays below what every table holds"""
_BUT_NOTES = [(SORT, WAYS), (LAST_WAY, NOTED), (LAST_NOTED, "")]
"""what goes at once: who has noted a way back or a code may lay or publish it still, the second pass finds the note"""


@dataclass(frozen=True, slots=True)
class Places:
    """What other capabilities keep of a record elsewhere: rows to read along, and what says where it lies."""

    rows: Sequence[str]
    keys: Callable[[Host, Grant, Sequence[Entry]], Iterable[Key]]


def shred(host: Host, record: str, places: Places) -> None:
    """Destroy a record whose clock has run out, or go on where a killed try ended. Raise AccessDenied before its time.

    Until its state has turned the holder may still cancel: then nothing of the plan is carried out. From then on nobody
    may do anything. Safe to repeat and to kill at every call.
    """
    if _state(host, record) not in _GONE:
        _begin(host, record, places)
    if plan := _plan(host, record):
        _destroy(host, record, plan)
        _end(host, record, plan)


def _plan_key(record: str) -> Key:
    return f"z#{record}", "0"


def _plan(host: Host, record: str) -> Row:
    key = _plan_key(record)
    return host.rows.get([key]).get(key, {})


def _begin(host: Host, record: str, places: Places) -> None:
    """Write down what is to be deleted, then turn the state. The plan of whom a holder overtook goes in a later night.

    Nobody writes on a plan that old, so that none is taken away of which rows are still to come.
    """
    try:
        op = operation_of("shred", record)
        grant = gate(host, Ask(SYSTEM, record, "record:shred", rows=places.rows, person=True, op=op, once=True))
    except (AccessDenied, NotFound):
        _take_back(host, record, before=host.clock.now() - _FRESH)
        raise
    plan = list(_planned(host, grant, places))
    if _state(host, record) in _GONE:
        return  # another try has turned it: what was read may be half deleted, and its plan is whole
    for row in plan:
        host.rows.put(row)

    def as_planned(seen: Seen) -> None:
        decided = seen.facts.policy_version != grant.facts.policy_version
        if decided or any(entry.action == _SENT for entry in _entries(host, seen, grant.facts.last)):
            raise Conflict

    try:  # `once`: the write fails when anything is journaled after that look
        gate(host, Ask(SYSTEM, record, "record:shred", turn=DESTROYED, before=as_planned, once=True))
    except Conflict:  # a code was made or a notice sent meanwhile: what lies elsewhere of it has to be planned too
        _begin(host, record, places)


def _take_back(host: Host, record: str, before: datetime) -> None:
    """Delete a plan of before that instant, unless another try was faster: what it destroys now it finds there only."""
    plan = _plan(host, record)
    if plan and cast(str, plan["since"]) < before.isoformat() and _state(host, record) not in _GONE:
        _forget_plan(host, record)


def _state(host: Host, record: str) -> str:
    key = facts_key(record)
    return facts_of(record, host.rows.get([key]).get(key)).state


def _planned(host: Host, grant: Grant, places: Places) -> Iterator[Row]:
    """Yield the row that is in the work index, so that whatever is left of a plan is found, then rows of keys."""
    entries, now = list(_entries(host, grant)), host.clock.now()
    keys = sorted({*_known(host, grant, entries), *_days(grant, entries, now), *places.keys(host, grant, entries)})
    pk, sk = _plan_key(grant.record)
    carers = {*grant.choices.carers, *(entry.actor for entry in entries if entry.action == "carer:accept")}
    yield {
        "pk": pk,
        "sk": sk,
        "lookup": _lookup(host, grant),
        "passes": 0,
        "places": json.dumps(sorted(place_key(host, who) for who in carers)),
        "work": shred_shard(grant.record),
        "since": now.isoformat(),
    }
    for start in range(0, len(keys), _KEYS):
        yield {"pk": pk, "sk": f"{_LIST}{start:09d}", "keys": json.dumps(keys[start : start + _KEYS])}


def _person(grant: Grant) -> Person:
    return open_person(grant.policy_key, grant.record, grant.rows[grant.facts.person])


def _lookup(host: Host, grant: Grant) -> str:
    person = _person(grant)
    return lookup(host, person.oid, person.ins)[0]


def _entries(host: Host, found: Opened, since: int = 0) -> Iterator[Entry]:
    """Yield what opens of the journal: whatever was done to the rest, a person has a right to be forgotten.

    What only the rest named stays: random ids under keyed hashes, that lead nowhere once the keys are gone.
    """
    for _, sealed in salvage(host, found.facts, since, found.facts.last):
        with contextlib.suppress(Broken):
            yield open_entry(found.policy_key, found.record, sealed)


def _known(host: Host, grant: Grant, entries: Iterable[Entry]) -> Iterator[Key]:
    """Yield the hints of everybody who ever acted for the person, and the places of every code ever given out."""
    references = set(grant.choices.codes)
    for entry in entries:
        references |= {entry.about, entry.detail.get("reference", ""), *entry.detail.get("void", ())}
    yield reach_key(grant.record)
    yield from code_keys(host, (reference for reference in references if reference))
    for who in _people(grant, entries):
        row = hint(host, who, grant.record)
        yield row["pk"], row["sk"]


def _people(grant: Grant, entries: Iterable[Entry]) -> set[str]:
    """Return everybody who ever acted for the person."""
    choices = grant.choices
    acted = {entry.actor for entry in entries if entry.kind == "citizen"}
    return {choices.holder, *choices.proxies, *choices.carers, *acted} - {""}


def _days(grant: Grant, entries: Iterable[Entry], now: datetime) -> Iterator[Key]:
    """Yield the days on which the record was ever laid for a clock of the law, or is by who turns it at this time."""
    ends = [over(clock, entry.at) for entry in entries if (clock := _begins(entry))]
    late = [over(clock, instant(at)) for clock in set(_LAID.values()) for at in (now - _FRESH, now + _FRESH)]
    for end in (*ends, *late, comes_of_age(_person(grant).birth_date)):
        yield TURNS.key(day_of(end), grant.record)


def _begins(entry: Entry) -> str:
    """Return the clock that begins with an entry; that of the opposition begins anew with the letter."""
    letter = entry.action == _SENT and entry.detail.get("event") == INVITATION
    return "opposition" if letter else _LAID.get(entry.action, "")


def _destroy(host: Host, record: str, plan: Row) -> None:
    host.rows.delete(key_row_key(record))
    for blob in list(host.blobs.list(f"{record}/")):
        host.blobs.delete(blob.name)
    for key in _listed(host, record):
        host.rows.delete(key)
    for pk, sk in json.loads(cast(str, plan.get("places", "[]"))):
        leave_place(host, (pk, sk), record)
    withdraw_all(host, record)
    for key in ways_back(host, record):
        host.rows.delete(key)
    for after, upto in [(SORT, "")] if plan["passes"] else _BUT_NOTES:
        _empty(host, partition(record), after, upto)
    with contextlib.suppress(ConditionFailed):  # the person may have been informed anew meanwhile
        host.rows.delete((cast(str, plan["lookup"]), "0"), When(equals={"record": record}))
    host.rows.delete(facts_key(record))  # after who they are: a lookup row without facts is an opening that was killed
    _empty(host, partition_of(host, record))


def _listed(host: Host, record: str) -> Iterator[Key]:
    where, after = _plan_key(record)[0], _LIST
    while rows := host.rows.query(where, after=after, limit=1):
        yield from ((pk, sk) for pk, sk in json.loads(cast(str, rows[0]["keys"])))
        after = cast(str, rows[0]["sk"])


def _forget_plan(host: Host, record: str) -> None:
    """Delete the plan, what is in the work index last."""
    pk, sk = _plan_key(record)
    _empty(host, pk, after=_LIST)
    host.rows.delete((pk, sk))


def _empty(host: Host, where: str, after: str = "", upto: str = "") -> None:
    while rows := host.rows.query(where, after=after, upto=upto, limit=_PAGE):
        for row in rows:
            host.rows.delete((where, cast(str, row["sk"])))


def _end(host: Host, record: str, plan: Row) -> None:
    if plan["passes"]:
        _forget_plan(host, record)
    else:
        host.rows.put({**plan, "passes": 1, "since": (host.clock.now() + _AGAIN).isoformat()})
