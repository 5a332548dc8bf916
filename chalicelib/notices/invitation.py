"""What the letter of information carries: a code, computed when it is sent and never before."""

from datetime import datetime

from ..access.clocks import instant
from ..access.codes import ACTIVATION, REPRESENTATIVE, code_of
from ..access.grant import Grant

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


def for_representative(grant: Grant) -> bool:
    """Tell whether the code goes to the representative's contact: the person was a minor when it was made."""
    return any(code.subject == REPRESENTATIVE for code in grant.choices.codes.values())
