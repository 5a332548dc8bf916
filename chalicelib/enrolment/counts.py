"""How many people were not reached, by department: for whoever informs them, and never so few that it is somebody."""

from collections.abc import Mapping

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.decide import decide
from ..access.facts import facts_of
from ..access.reach import counts
from ..access.refusal import refuse
from ..access.thing import RECORD
from ..kernel.host import Host

ACTION = "counts:read"


def unreached(host: Host, actor: Actor, request: str = "") -> tuple[str, Mapping[str, int]]:
    """Return (day of the count, department -> people not reached). Raise AccessDenied; a refusal is written down.

    It is about no record, so there is no gate to go through: the same decision, on a record that is not there.
    """
    nowhere = facts_of("unknown", None)
    decision = decide(nowhere, Choices(), actor, ACTION, RECORD, host.clock.now())
    if not decision.allowed:
        refuse(host, nowhere, Choices(), actor, ACTION, RECORD, decision, request)
    return counts(host)
