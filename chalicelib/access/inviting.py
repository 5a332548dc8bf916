"""Inviting many people at once: their rows in batches, and last of all the row that makes a record somebody's.

A record is made under a fresh id that nobody else knows, so nothing can race for it. One conditional put of the
lookup row (identity -> record) makes it this person's. Of two workers with the same line one wins; nothing refers to
what the other one made.

Before anything is written the caller notes what will be (`Begun`). From its notes those who were invited are told, and
what became nobody's record is deleted, after days: a writer that was asleep for an hour claims nobody any more.

A record that is opened alone is claimed first (`opening`). Where that was killed the lookup row leads to nothing, and
the batch begins the record under the id that is claimed, against whoever may still be at it: facts are put once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..kernel.errors import ConditionFailed, Unavailable
from ..kernel.host import Host
from ..kernel.ids import RecordId
from ..kernel.ports import NEW, Key, Row, Value
from ..kernel.seal import fingerprint
from .actor import Actor
from .choices import Choices, seal_choices
from .codes import first_code, new_reference, publish, record_invited
from .facts import facts_key, partition
from .keyring import SORT as BEGINNING
from .keyring import new_keys, system_key
from .opening import Start, begin, first_facts, lookup, permitted
from .person import Person, seal_person

ACTION = "record:invite"
STATE = "invited"
PATIENCE = timedelta(hours=1)
"""after which a writer that was asleep does not go on"""
_READ = 100
_TOLD: Mapping[str, Value] = {"relayed": 1}
"""what facts say besides: whoever noted it tells them, there is nothing for the relay to find"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A record that is being made, and where the row lies that makes it somebody's; `claimed`: that row is there."""

    record: str
    claim: str
    claimed: bool = False


Note = Callable[[Sequence[Begun]], None]


@dataclass(frozen=True, slots=True)
class _New:
    begun: Begun
    person: Person
    reference: str


def invite(host: Host, actor: Actor, people: Sequence[Person], batch: str, note: Note) -> list[bool]:
    """Invite everybody who has no record; tell of each whether this batch invited them, now or at an earlier try.

    A person who stands twice in the batch is invited once. `batch` is the same at every try, and tells nothing. `note`
    writes down what is begun, and from then on answers for it.
    """
    decision = permitted(host, actor, f"batch{batch}", ACTION)
    mark = fingerprint(system_key(host), "batch", batch)
    keys = [lookup(host, person.oid, person.ins) for person in people]
    rows = _rows(host, keys)
    start = Start(actor, ACTION, STATE, decision, host.clock.now())
    who = dict(reversed([*zip(keys, people, strict=True)]))  # who stands twice is who they are at the first place
    new = {key: _new(host, key, person) for key, person in who.items() if key not in rows}
    if new:
        note([one.begun for one in new.values()])
        host.rows.put_many([row for one in new.values() for row in _rows_of(host, one, start)])
        rows |= _claim_all(host, new, start, mark)
    alone = {key: RecordId(str(row["record"])) for key, row in rows.items() if "batch" not in row}
    batches = {key: row.get("batch") for key, row in rows.items()} | _begin_all(host, alone, who, start, mark, note)
    first = {key: number for number, key in reversed([*enumerate(keys)])}
    return [batches[key] == mark and first[key] == number for number, key in enumerate(keys)]


def _rows(host: Host, keys: Iterable[Key]) -> dict[Key, Row]:
    wanted = list(dict.fromkeys(keys))
    parts = [host.rows.get(wanted[at : at + _READ]) for at in range(0, len(wanted), _READ)]
    return {key: row for part in parts for key, row in part.items()}


def _new(host: Host, key: Key, person: Person) -> _New:
    reference = new_reference()
    return _New(Begun(record_invited(host, reference), key[0]), person, reference)


def _rows_of(host: Host, one: _New, start: Start) -> tuple[Row, Row]:
    """Return facts and keys: what a record begins with stands in the row of its keys.

    Two rows instead of five: what a million lines cost is their rows.
    """
    record, codes = one.begun.record, {one.reference: first_code(one.person.birth_date, start.now)}
    keys, policy_key = new_keys(host, record)
    choices, digest = seal_choices(policy_key, record, BEGINNING, Choices(codes=codes))
    began = {"person": seal_person(policy_key, record, one.person, BEGINNING), "choices": choices}
    facts = first_facts(policy_key, record, start, BEGINNING, BEGINNING, digest)
    return {**facts, **_TOLD}, {**keys, **began}


def _claim_all(host: Host, new: Mapping[Key, _New], start: Start, mark: str) -> dict[Key, Row]:
    """Make the records theirs; return the lookup rows as they are now.

    Every answer is waited for, whatever another one was: no claim is on its way when the caller goes on.
    """
    if _is_late(host, start):
        for one in new.values():  # after days nobody has them in mind any more: their note is forgotten
            abandon(host, one.begun)
        raise Unavailable
    rows: dict[Key, Row] = {
        key: {"pk": key[0], "sk": key[1], "record": one.begun.record, "batch": mark} for key, one in new.items()
    }
    pending = {key: host.rows.begin_put(row, NEW) for key, row in rows.items()}
    doubtful = []
    for key, put in pending.items():
        try:
            put.result()
        except (ConditionFailed, Unavailable):  # another one's, or perhaps ours: what stands there now is the answer
            doubtful.append(key)
    found = _rows(host, doubtful)
    if len(found) < len(doubtful):
        raise Unavailable
    return rows | found


def _is_late(host: Host, start: Start) -> bool:
    return host.clock.now() - start.now > PATIENCE


def _begin_all(
    host: Host, alone: Mapping[Key, RecordId], who: Mapping[Key, Person], start: Start, mark: str, note: Note
) -> dict[Key, Value | None]:
    """Begin those of these records that were claimed and never begun; return which batch began each, if one did."""
    places = {key: facts_key(record) for key, record in alone.items()}
    found = _rows(host, places.values())
    left = [key for key in alone if places[key] not in found]
    if left:
        note([Begun(alone[key], key[0], claimed=True) for key in left])
        for key in left:
            _begin_claimed(host, alone[key], who[key], start, mark)
        owners = _rows(host, left)
        if any(owners.get(key, {}).get("record") != alone[key] for key in left):
            raise Unavailable  # destroyed meanwhile, and so will be what was begun: the next try makes them a new one
        found |= _rows(host, [places[key] for key in left])
    return {key: found.get(places[key], {}).get("batch") for key in alone}


def _begin_claimed(host: Host, record: RecordId, person: Person, start: Start, mark: str) -> None:
    if _is_late(host, start):
        raise Unavailable
    reference = new_reference()
    publish(host, record, reference)  # the record's id does not follow from it
    codes = {reference: first_code(person.birth_date, start.now)}
    begin(host, start, record, person, Choices(codes=codes), {**_TOLD, "batch": mark})


def somebodys(host: Host, begun: Sequence[Begun]) -> list[Begun]:
    """Return those of which a person's lookup row names the record, and which is there."""
    owner = _rows(host, [(one.claim, "0") for one in begun])
    there = _rows(host, [facts_key(one.record) for one in begun if one.claimed])
    theirs = [one for one in begun if owner.get((one.claim, "0"), {}).get("record") == one.record]
    return [one for one in theirs if not one.claimed or facts_key(one.record) in there]


def abandon(host: Host, one: Begun) -> None:
    """Delete what became nobody's record. Safe to repeat and to kill.

    One that was claimed already is left alone: whoever claimed it may be about to begin it.
    """
    if one.claimed:
        return
    for row in host.rows.query(partition(one.record)):
        host.rows.delete((str(row["pk"]), str(row["sk"])))
