"""Opening records, and finding the one of a person known by INS."""

from ..access.actor import Actor
from ..access.gate import Ask, gate
from ..access.opening import open_record, record_of, unknown_record
from ..access.person import Person
from ..kernel.host import Host
from ..kernel.ids import RecordId


def open_(host: Host, actor: Actor, person: Person, holder: str, request: str = "") -> tuple[RecordId, bool]:
    """Open the record of a person, or find it open: the action that mass enrolment calls for each line."""
    return open_record(host, actor, person, holder, request)


def find(host: Host, actor: Actor, oid: str, ins: str, request: str = "") -> str:
    """Return the record of an identity to somebody who must feed it. Raise NotFound for unknown and closed ones."""
    record = record_of(host, oid, ins) or unknown_record(host, oid, ins)
    gate(host, Ask(actor, record, "record:find", request=request))
    return record
