"""One invited record, as mass enrolment leaves it."""

from uuid import uuid4

from chalicelib import following
from chalicelib.access import inviting
from chalicelib.access.choices import Choices, read_choices
from chalicelib.access.codes import code_of
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.person import Person
from chalicelib.access.relay import send
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Row
from tests.people import ENROLMENT, person


def invite(host: Host, who: Person | None = None) -> tuple[str, str]:
    """Return (record, reference of its code) of a person who has just been informed."""
    who = who or person()
    begun: list[inviting.Begun] = []
    inviting.invite(host, ENROLMENT, [who], uuid4().hex, begun.extend)
    record = begun[0].record
    (reference,) = _choices(host, record).codes
    for queue, body in following.invited([record]):
        send(host, queue, body)
    return record, reference


def code(host: Host, record: str, reference: str) -> str:
    """Return the code that the letter carries."""
    return code_of(_opened(host, record)[0], reference)


def _choices(host: Host, record: str) -> Choices:
    (key, row), facts = _opened(host, record), facts_key(record)
    return read_choices(host, key, facts_of(record, host.rows.get([facts])[facts]), row)


def _opened(host: Host, record: str) -> tuple[bytes, Row]:
    key = key_row_key(record)
    row = host.rows.get([key])[key]
    return policy_key(host, record, row), row
