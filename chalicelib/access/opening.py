"""Opening a record: the one action that has no record to go through the gate of."""

from typing import cast

from ..kernel.errors import ConditionFailed, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ids import RecordId, new_operation_id, new_record_id
from ..kernel.ports import NEW, Key, Row
from ..kernel.seal import fingerprint
from .actor import Actor
from .choices import Choices, choices_row
from .clocks import instant
from .decide import decide
from .facts import facts_key, facts_of, pending_name
from .gate import Ask, gate
from .journal import entry_of, seal_entry
from .keyring import actor_key, key_row_key, new_key_row, policy_key, system_key
from .person import Person, person_row
from .refusal import refuse
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
    decision = decide(facts_of(record, None), Choices(), actor, ACTION, RECORD, host.clock.now())
    if not decision.allowed:
        refuse(host, facts_of(record, None), Choices(), actor, ACTION, RECORD, decision, request)
    record = _claim(host, person, record)
    try:
        host.rows.put(_facts_row(host, actor, record, person, holder, request), NEW)
    except ConditionFailed:
        return record, False  # two clients opened it at once: one row, one record
    return record, True


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
        row: Row = new_key_row(host, record)
        host.rows.put(row, NEW)
    except ConditionFailed:
        found = host.rows.get([key]).get(key)
        if found is None:
            raise NotFound from None
        row = found
    return policy_key(host, record, row)


def _facts_row(host: Host, actor: Actor, record: RecordId, person: Person, holder: str, request: str) -> Row:
    """Write everything that facts point to, and return the facts row, first journal entry included."""
    key, now = _policy_key(host, record), host.clock.now()
    whose, (choice, digest) = person_row(key, record, person), choices_row(key, record, 1, Choices(holder=holder))
    host.rows.put(whose)
    host.rows.put(choice)
    if holder:
        host.rows.put(hint(host, holder, record))
    decision = decide(facts_of(record, None), Choices(), actor, ACTION, RECORD, now)
    op, entry = new_operation_id(), entry_of(actor, ACTION, RECORD, decision, now, request, {})
    pk, sk = facts_key(record)
    return {
        "pk": pk,
        "sk": sk,
        "state": "open",
        "turned": instant(now),
        "policy_version": 1,
        "choices": str(choice["sk"]),
        "choices_hash": digest,
        "person": str(whose["sk"]),
        "generation": 1,
        pending_name(1): [seal_entry(key, record, op, entry)],
        "first": 0,
        "relayed": 0,
        "chain": b"",
        "work": journal_shard(record),
        "since": now.isoformat(),
    }


def hint(host: Host, actor_id: str, record: str) -> dict[str, str]:
    """Return the row by which a person finds this record among theirs."""
    return {"pk": actor_key(host, actor_id)[0], "sk": HINT + record}


def records_of(host: Host, actor: Actor) -> list[str]:
    """Return the records that name this caller, as hints: facts decide."""
    rows = host.rows.query(actor_key(host, actor.id)[0], after=HINT, upto=HINT + "~")
    return [str(row["sk"]).removeprefix(HINT) for row in rows]
