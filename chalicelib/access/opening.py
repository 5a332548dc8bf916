"""Opening a record: the one action that has no record to go through the gate of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from ..kernel.errors import ConditionFailed, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ids import RecordId, new_operation_id, new_record_id
from ..kernel.ports import NEW, Key, Value
from ..kernel.seal import fingerprint
from .actor import Actor
from .choices import Choices, choices_row
from .clocks import instant
from .decide import decide
from .facts import facts_key, facts_of, pending_name
from .gate import Ask, gate
from .journal import entry_of, seal_entry
from .keyring import actor_key, key_row_key, new_keys, policy_key, system_key
from .person import Person, place_person
from .refusal import refuse
from .rules import Decision
from .thing import RECORD
from .work import journal_shard

ACTION = "record:open"
HINT = "rec#"


def lookup(host: Host, oid: str, ins: str) -> Key:
    """Return where the record id of a national identity lies: found by keyed hash only."""
    return "i#" + fingerprint(system_key(host), "ins-v1", oid, ins), "0"


def record_of(host: Host, oid: str, ins: str) -> RecordId | None:
    """Return the record of this identity, if it has one; whether the caller may know is the gate's business."""
    key = lookup(host, oid, ins)
    row = host.rows.get([key]).get(key)
    return RecordId(cast(str, row["record"])) if row else None


def unknown_record(host: Host, oid: str, ins: str) -> str:
    """Return an id that no record has, the same for the same identity: refusals about it are written down too."""
    return "unknown" + fingerprint(system_key(host), "unknown", oid, ins)


def open_record(host: Host, actor: Actor, person: Person, holder: str, request: str = "") -> tuple[RecordId, bool]:
    """Open the record of this person, or find it open already; a killed try is finished by the next one."""
    record = record_of(host, person.oid, person.ins) or new_record_id()
    key = facts_key(record)
    if host.rows.get([key]):
        gate(host, Ask(actor, record, ACTION, request=request))
        return record, False
    decision = permitted(host, actor, record, ACTION, request)
    record = _claim(host, person, record)
    if holder:
        host.rows.put(hint(host, holder, record))
    start = Start(actor, ACTION, "open", decision, host.clock.now(), request)
    waits = {"work": journal_shard(record), "since": start.now.isoformat()}
    return record, begin(host, start, record, person, Choices(holder=holder), waits)


def permitted(host: Host, actor: Actor, record: str, action: str, request: str = "") -> Decision:
    """Return the decision on an action that makes a record. Raise what the gate raises, the refusal written down."""
    absent = facts_of(record, None)
    decision = decide(absent, Choices(), actor, action, RECORD, host.clock.now())
    if not decision.allowed:
        refuse(host, absent, Choices(), actor, action, RECORD, decision, request)
    return decision


def _claim(host: Host, person: Person, record: RecordId) -> RecordId:
    pk, sk = lookup(host, person.oid, person.ins)
    try:
        host.rows.put({"pk": pk, "sk": sk, "record": record}, NEW)
        return record
    except ConditionFailed:
        claimed = record_of(host, person.oid, person.ins)
    if claimed is None:
        raise Unavailable
    return claimed


def _policy_key(host: Host, record: RecordId) -> bytes:
    key = key_row_key(record)
    try:
        row, made = new_keys(host, record)
        host.rows.put(row, NEW)
        return made
    except ConditionFailed:
        found = host.rows.get([key]).get(key)
        if found is None:
            raise NotFound from None
    return policy_key(host, record, found)


@dataclass(frozen=True, slots=True)
class Start:
    """How a record begins: by whose action, in which state."""

    actor: Actor
    action: str
    state: str
    decision: Decision
    now: datetime
    request: str = ""


def first_facts(key: bytes, record: str, start: Start, person: str, choices: str, digest: bytes) -> dict[str, Value]:
    """Return facts that point to a person and to the first choices, with the first journal entry."""
    entry = entry_of(start.actor, start.action, RECORD, start.decision, start.now, start.request, {})
    pk, sk = facts_key(record)
    return {
        "pk": pk,
        "sk": sk,
        "state": start.state,
        "turned": instant(start.now),
        "policy_version": 1,
        "choices": choices,
        "choices_hash": digest,
        "person": person,
        "generation": 1,
        pending_name(1): [seal_entry(key, record, new_operation_id(), entry)],
        "first": 0,
        "relayed": 0,
        "chain": b"",
    }


def begin(
    host: Host, start: Start, record: RecordId, person: Person, choices: Choices, more: Mapping[str, Value]
) -> bool:
    """Write the rows of a record that is claimed, facts last; return False when somebody else has written them.

    `more` is what facts say besides. Safe to repeat and to kill, and for two clients at once: one row, one record.
    """
    key = _policy_key(host, record)
    choice, digest = choices_row(key, record, 1, choices)
    place = place_person(host, key, record, person)
    host.rows.put(choice)
    try:
        host.rows.put({**first_facts(key, record, start, place, str(choice["sk"]), digest), **more}, NEW)
    except ConditionFailed:
        return False
    return True


def hint(host: Host, actor_id: str, record: str) -> dict[str, str]:
    """Return the row by which a person finds this record among theirs."""
    return {"pk": actor_key(host, actor_id)[0], "sk": HINT + record}


def records_of(host: Host, actor: Actor) -> list[str]:
    """Return the records that name this caller, as hints: facts decide."""
    rows = host.rows.query(actor_key(host, actor.id)[0], after=HINT, upto=HINT + "~")
    return [str(row["sk"]).removeprefix(HINT) for row in rows]
