"""One invited record, as mass enrolment leaves it: until that is here, the only place that writes such rows by hand."""

from chalicelib.access.choices import Choices, choices_row
from chalicelib.access.clocks import instant
from chalicelib.access.codes import code_of, code_row, first_code
from chalicelib.access.decide import decide
from chalicelib.access.facts import facts_key, facts_of, pending_name
from chalicelib.access.journal import entry_of, seal_entry
from chalicelib.access.keyring import key_row_key, new_key_row, policy_key
from chalicelib.access.opening import lookup
from chalicelib.access.person import Person, person_row
from chalicelib.access.thing import RECORD
from chalicelib.access.work import journal_shard
from chalicelib.kernel.host import Host
from chalicelib.kernel.ids import new_operation_id, new_record_id
from tests.people import ENROLMENT, person


def invite(host: Host, who: Person | None = None) -> tuple[str, str]:
    """Return (record, reference of its code) of a person who has just been informed."""
    who, now, record = who or person(), host.clock.now(), new_record_id()
    host.rows.put(new_key_row(host, record))
    key = policy_key(host, record, host.rows.get([key_row_key(record)])[key_row_key(record)])
    reference, code = first_code(who.birth_date, now)
    whose, (choice, digest) = (
        person_row(key, record, who),
        choices_row(key, record, 1, Choices(codes={reference: code})),
    )
    decision = decide(facts_of(record, None), Choices(), ENROLMENT, "record:invite", RECORD, now)
    assert decision.allowed
    entry = entry_of(ENROLMENT, "record:invite", RECORD, decision, now, "", {})
    pk, sk = facts_key(record)
    place = lookup(host, who.oid, who.ins)
    rows = [
        code_row(record, reference),
        whose,
        choice,
        {
            "pk": pk,
            "sk": sk,
            "state": "invited",
            "turned": instant(now),
            "policy_version": 1,
            "choices": str(choice["sk"]),
            "choices_hash": digest,
            "person": str(whose["sk"]),
            "generation": 1,
            pending_name(1): [seal_entry(key, record, new_operation_id(), entry)],
            "first": 0,
            "relayed": 0,
            "chain": b"",
            "work": journal_shard(record),
            "since": now.isoformat(),
        },
        {"pk": place[0], "sk": place[1], "record": record},
    ]
    for row in rows:
        host.rows.put(row)
    return record, reference


def code(host: Host, record: str, reference: str) -> str:
    """Return the code that the letter carries."""
    row = host.rows.get([key_row_key(record)])[key_row_key(record)]
    return code_of(policy_key(host, record, row), reference)
