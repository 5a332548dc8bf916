"""One invited record, as mass enrolment leaves it."""

from uuid import uuid4

from chalicelib import following
from chalicelib.access import inviting
from chalicelib.access.codes import code_of
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.person import Person
from chalicelib.access.relay import send
from chalicelib.kernel.host import Host
from tests.people import ENROLMENT, person


def invite(host: Host, who: Person | None = None) -> tuple[str, str]:
    """Return (record, reference of its code) of a person who has just been informed."""
    who = who or person()
    begun: list[inviting.Begun] = []
    inviting.invite(host, ENROLMENT, [who], uuid4().hex, begun.extend)
    ((record, reference),) = [(one.record, one.reference) for one in begun]
    for queue, body in following.invited([record]):
        send(host, queue, body)
    return record, reference


def code(host: Host, record: str, reference: str) -> str:
    """Return the code that the letter carries."""
    key = key_row_key(record)
    return code_of(policy_key(host, record, host.rows.get([key])[key]), reference)
