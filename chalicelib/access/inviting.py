"""Inviting many people at once: their rows in batches, and last of all the row that makes a record somebody's.

A record is made under a fresh id that nobody else knows, so nothing can race for it. One conditional put of the
lookup row (identity -> record) makes it this person's. Of two workers with the same line one wins; nothing refers to
what the other one made.

Before anything is written the caller notes what will be (`Begun`). From its notes those who were invited are told, and
what became nobody's record is deleted, after days: a writer that was asleep for an hour claims nobody any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..kernel.errors import ConditionFailed, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row
from ..kernel.seal import fingerprint
from .actor import Actor
from .choices import Choices, seal_choices
from .codes import first_code, new_reference, record_invited
from .facts import partition
from .keyring import SORT as BEGINNING
from .keyring import new_keys, system_key
from .opening import Start, first_facts, lookup, permitted
from .person import Person, seal_person

ACTION = "record:invite"
STATE = "invited"
PATIENCE = timedelta(hours=1)
"""after which a writer that was asleep does not go on"""
_READ = 100


@dataclass(frozen=True, slots=True)
class Begun:
    """A record that is being made, and where the row lies that will make it somebody's."""

    record: str
    claim: str


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
    batches = _rows(host, keys, "batch")
    start = Start(actor, ACTION, STATE, decision, host.clock.now())
    once = reversed([*zip(keys, people, strict=True)])  # who stands twice is who they are at the first place
    new = {key: _new(host, key, person) for key, person in once if key not in batches}
    if new:
        note([one.begun for one in new.values()])
        host.rows.put_many([row for one in new.values() for row in _rows_of(host, one, start)])
        batches |= _claim_all(host, new, start, mark)
    first = {key: number for number, key in reversed([*enumerate(keys)])}
    return [batches[key] == mark and first[key] == number for number, key in enumerate(keys)]


def _rows(host: Host, keys: Sequence[Key], name: str) -> dict[Key, str]:
    """Return this attribute of each of the rows that are there, empty when it has none."""
    wanted = list(dict.fromkeys(keys))
    parts = [host.rows.get(wanted[at : at + _READ]) for at in range(0, len(wanted), _READ)]
    return {key: str(row.get(name, "")) for part in parts for key, row in part.items()}


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
    told = {"relayed": 1}  # whoever noted it tells them: there is nothing for the relay to find
    return {**facts, **told}, {**keys, **began}


def _claim_all(host: Host, new: Mapping[Key, _New], start: Start, mark: str) -> dict[Key, str]:
    """Make the records theirs; return which batch has each of the lookup rows now.

    Every answer is waited for, whatever another one was: no claim is on its way when the caller goes on.
    """
    if host.clock.now() - start.now > PATIENCE:
        for one in new.values():  # after days nobody has them in mind any more: their note is forgotten
            abandon(host, one.begun)
        raise Unavailable
    rows = {key: {"pk": key[0], "sk": key[1], "record": one.begun.record, "batch": mark} for key, one in new.items()}
    pending = {key: host.rows.begin_put(row, NEW) for key, row in rows.items()}
    doubtful = []
    for key, put in pending.items():
        try:
            put.result()
        except (ConditionFailed, Unavailable):  # another one's, or perhaps ours: what stands there now is the answer
            doubtful.append(key)
    found = _rows(host, doubtful, "batch")
    if len(found) < len(doubtful):
        raise Unavailable
    return dict.fromkeys(new, mark) | found


def somebodys(host: Host, begun: Sequence[Begun]) -> list[Begun]:
    """Return those of which a person's lookup row names the record."""
    owner = _rows(host, [(one.claim, "0") for one in begun], "record")
    return [one for one in begun if owner.get((one.claim, "0")) == one.record]


def abandon(host: Host, one: Begun) -> None:
    """Delete what became nobody's record. Safe to repeat and to kill."""
    for row in host.rows.query(partition(one.record)):
        host.rows.delete((str(row["pk"]), str(row["sk"])))
