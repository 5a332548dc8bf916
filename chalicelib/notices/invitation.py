"""What the letter of information carries: a code, computed when it is sent and never before."""

from datetime import datetime

from ..access.clocks import instant
from ..access.codes import ACTIVATION, REPRESENTATIVE, code_of, subject_of
from ..access.grant import Grant
from ..access.person import read_person
from ..kernel.host import Host
from .texts import CODED

INVITATION, CODE, OPPOSITION = "invitation", "code", "opposition"
"""events: the first information, a code sent later, an opposition that was said to an agent"""
LETTER = "first"
"""the name of the first information: there is one in the life of a record"""


def code_for(grant: Grant, now: datetime) -> str:
    """Return reference and code of the newest activation code that works, empty when there is none.

    The code is derived from the record's policy key: it is in no row, no queue and no log.
    """
    codes = grant.choices.codes
    working = [
        (code.ends, name) for name, code in codes.items() if code.purpose == ACTIVATION and instant(now) < code.ends
    ]
    if not working:
        return ""
    reference = max(working)[1]
    return f"{reference} / {code_of(grant.policy_key, reference)}"


def made_for_representative(grant: Grant) -> bool:
    """Tell whether a code was made for who represents the person: a minor, then."""
    return any(code.subject == REPRESENTATIVE for code in grant.choices.codes.values())


def to_representative(host: Host, grant: Grant, event: str) -> bool:
    """Tell whether this goes to who represents a child: it is about a code made for them, and they still do."""
    about_a_code = event in (*CODED, OPPOSITION)
    return about_a_code and made_for_representative(grant) and is_child(host, grant)


def is_child(host: Host, grant: Grant) -> bool:
    """Tell whether the person is under age now."""
    return bool(subject_of(read_person(host, grant).birth_date, host.clock.now()))
