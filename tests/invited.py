"""One invited record, as mass enrolment leaves it."""

from uuid import uuid4

from chalicelib.access import inviting
from chalicelib.access.choices import Choices, read_choices
from chalicelib.access.codes import code_of
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.opening import record_of
from chalicelib.access.person import Person
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Change
from tests.people import ENROLMENT, person


def invite(host: Host, who: Person | None = None) -> tuple[str, str]:
    """Return (record, reference of its code) of a person who has just been informed."""
    who = who or person()
    inviting.invite(host, ENROLMENT, [who], uuid4().hex)
    record = record_of(host, who.oid, who.ins)
    assert record
    settled = {"since": host.clock.now().isoformat()}  # as if its minute were over: the relay takes it up at once
    host.rows.update(facts_key(record), Change(set=settled))
    (reference,) = _choices(host, record).codes
    return record, reference


def code(host: Host, record: str, reference: str) -> str:
    """Return the code that the letter carries."""
    return code_of(_key(host, record), reference)


def _choices(host: Host, record: str) -> Choices:
    key = facts_key(record)
    return read_choices(host, _key(host, record), facts_of(record, host.rows.get([key])[key]))


def _key(host: Host, record: str) -> bytes:
    key = key_row_key(record)
    return policy_key(host, record, host.rows.get([key])[key])
