"""Inviting many people at once, and finishing what a kill cut off.

Every person gets four rows under a fresh random id that nobody else knows, so nothing can race for them: the facts row
first, by which the others can be found again. One conditional put of the lookup row (identity -> record) comes last and
makes the record theirs. Of two workers with the same line one wins; nothing refers to the other one's record.

A new facts row is in the work index and names its lookup row in `claim`. Once all four rows are there the relay puts a
lookup row that is missing, and deletes a record whose lookup row names another one. It never concludes from time alone
that a lookup row will not come: only what is incomplete after days is given up, and a writer that was asleep for an
hour claims nobody.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ..kernel.errors import Ambiguous, ConditionFailed, Unavailable
from ..kernel.host import Host
from ..kernel.ids import new_record_id
from ..kernel.ports import NEW, Change, Key, Row, When
from ..kernel.seal import fingerprint
from .actor import Actor
from .choices import Choices
from .codes import code_row, first_code
from .facts import facts_key, partition
from .keyring import key_row_key, new_keys, system_key
from .opening import Start, lookup, permitted, rows_of_new_record
from .person import Person
from .retention import retention
from .work import inviting_shard

ACTION = "record:invite"
STATE = "invited"
SETTLING = timedelta(seconds=10)
"""after which the relay looks at a new record: before, its writer is most likely still at it"""
PATIENCE = timedelta(hours=1)
"""after which a writer that was asleep does not go on"""
_READ = 100


def invite(host: Host, actor: Actor, people: Sequence[Person], batch: str) -> list[bool]:
    """Invite everybody who has no record; tell of each whether this batch invited them, now or at an earlier try.

    A person who stands twice in the batch is invited once. `batch` is the same at every try, and tells nothing.
    """
    decision = permitted(host, actor, f"batch{batch}", ACTION)
    mark = fingerprint(system_key(host), "batch", batch)
    keys = [lookup(host, person.oid, person.ins) for person in people]
    batches = _batches(host, keys)
    new = {key: person for key, person in reversed([*zip(keys, people, strict=True)]) if key not in batches}
    start = Start(actor, ACTION, STATE, decision, host.clock.now())
    batches |= _claim_all(host, _write_all(host, new, start, mark), start, mark)
    first = {key: number for number, key in reversed([*enumerate(keys)])}
    return [batches[key] == mark and first[key] == number for number, key in enumerate(keys)]


def _batches(host: Host, keys: Sequence[Key]) -> dict[Key, str]:
    """Return which batch made each of the lookup rows that are there, empty when none did."""
    wanted = list(dict.fromkeys(keys))
    parts = [host.rows.get(wanted[at : at + _READ]) for at in range(0, len(wanted), _READ)]
    return {key: str(row.get("batch", "")) for part in parts for key, row in part.items()}


def _write_all(host: Host, new: Mapping[Key, Person], start: Start, mark: str) -> dict[Key, Row]:
    """Write the records of these people; return their lookup rows, which nobody has written yet."""
    facts: list[Row] = []
    others: list[Row] = []
    claims: dict[Key, Row] = {}
    since = (start.now + SETTLING).isoformat()
    for key, person in new.items():
        record = new_record_id()
        key_row, policy_key = new_keys(host, record)
        more = {"claim": key[0], "batch": mark, "work": inviting_shard(record), "since": since}
        reference, code = first_code(person.birth_date, start.now)
        *sealed, last = rows_of_new_record(policy_key, record, person, start, Choices(codes={reference: code}), **more)
        facts.append(last)
        others += [key_row, code_row(record, reference), *sealed]
        claims[key] = _lookup_row(key, record, mark)
    host.rows.put_many(facts)
    host.rows.put_many(others)
    return claims


def _lookup_row(key: Key, record: str, mark: str) -> Row:
    return {"pk": key[0], "sk": key[1], "record": record, "batch": mark}


def _claim_all(host: Host, claims: Mapping[Key, Row], start: Start, mark: str) -> dict[Key, str]:
    """Make the records theirs; return which batch has each of the lookup rows now."""
    if host.clock.now() - start.now > PATIENCE:
        raise Unavailable
    begun = {key: host.rows.begin_put(row, NEW) for key, row in claims.items()}
    doubtful = []
    for key, pending in begun.items():
        try:
            pending.result()
        except (ConditionFailed, Ambiguous):  # another one's, or perhaps ours: what stands there now is the answer
            doubtful.append(key)
    found = _batches(host, doubtful)
    if len(found) < len(doubtful):
        raise Unavailable
    return dict.fromkeys(claims, mark) | found


def finish(host: Host, facts_row: Row) -> bool:
    """Tell whether this record is somebody's, after finishing an invitation that was cut off or removing what is left.

    A record that was relayed once is.
    """
    record = str(facts_row["pk"]).removeprefix("r#")
    if "claim" not in facts_row or facts_row["state"] != STATE or facts_row["relayed"] != 0:
        return True
    claim = (str(facts_row["claim"]), "0")
    own = [(partition(record), str(facts_row[name])) for name in ("person", "choices")]
    found = host.rows.get([claim, key_row_key(record), *own])
    if len(found.keys() - {claim}) <= len(own):
        _leave(host, record, facts_row)
        return False
    owner = found.get(claim) or _claimed(host, claim, record, facts_row)
    if owner["record"] != record:
        _remove(host, record)
    return owner["record"] == record


def _leave(host: Host, record: str, facts_row: Row) -> None:
    """Leave a record to its writer, who has not written all of it; after days, remove what is there."""
    now, written = host.clock.now(), datetime.fromisoformat(str(facts_row["turned"]))
    if retention()["unfinished_invitation"].after(written.date()) <= now.date():
        _remove(host, record)
        return
    with contextlib.suppress(ConditionFailed):
        later = (now + PATIENCE).isoformat()
        host.rows.update(facts_key(record), Change(set={"since": later}), When(present=("work",)))


def _claimed(host: Host, claim: Key, record: str, facts_row: Row) -> Row:
    row = _lookup_row(claim, record, str(facts_row["batch"]))
    try:
        host.rows.put(row, NEW)
        return row
    except ConditionFailed:  # its own writer was faster, or another record's
        return host.rows.get([claim])[claim]


def _remove(host: Host, record: str) -> None:
    """Delete a record that nothing refers to, facts last: until then it is found again."""
    rows = host.rows.query(partition(record))
    for key in [(str(row["pk"]), str(row["sk"])) for row in reversed(rows)]:
        if key != facts_key(record):
            host.rows.delete(key)
    host.rows.delete(facts_key(record))
