"""What is put against what."""

from dataclasses import replace

from tests import people

from . import setting
from .explore import Scenario
from .meaning import State
from .operations import Operation
from .setting import FIRST, SECOND

_SHOWN = State(frozenset({people.DOCTOR.id}), hidden=False, content=FIRST)
_HIDDEN = State(frozenset({people.DOCTOR.id}), hidden=True, content=FIRST)

_WAITING = State(frozenset({people.DOCTOR.id}), hidden=False, content=FIRST, pending=SECOND)

CONSULT = Operation("consult", "consult")
AGAIN = Operation("again", "consult")
LAB = Operation("lab", "consult", people.LAB)
RANGE = Operation("range", "range")
LIST = Operation("list", "list")
HIDE = Operation("hide", "hide", people.HOLDER)
SHOW = Operation("show", "show", people.HOLDER)
BLOCK = Operation("block", "block", people.HOLDER, people.DOCTOR.id)
SETTLE = Operation("settle", "settle", text="2")
RESETTLE = Operation("resettle", "settle", text="2")
REPLACE = Operation("replace", "replace", people.LAB, "third")
RIVAL = Operation("rival", "replace", people.LAB, "fourth")
FLUSH, REFLUSH = Operation("flush", "flush"), Operation("reflush", "flush")
RELAY = Operation("relay", "relay")
DEPOSIT = Operation("deposit", "deposit", people.LAB, "report")
REPEAT = Operation("repeat", "deposit", people.LAB, "report")
OTHER = Operation("other", "deposit", people.LAB, "another report")

GLASS = replace(people.DOCTOR, id="pro:810000000011", organisation="org:1750100130")
EMERGENCY = Operation("emergency", "emergency", GLASS, "Trouvé inconscient dans la rue, aucun proche sur place")
URGENT = Operation("urgent", "consult", GLASS)
KEEP_OUT = Operation("keep out", "block", people.HOLDER, GLASS.id)
CLOSE = Operation("close", "close", people.HOLDER)
PARENT = Operation("parent", "consult", setting.PARENT)
OWN = Operation("own", "consult", people.HOLDER)
REVEAL = Operation("reveal", "reveal", people.HOLDER)
ANNOUNCE = Operation("announce", "announce", people.LAB)
_SECRET = replace(_SHOWN, allowed=_SHOWN.allowed | {setting.PARENT.id}, kept_from=setting.PARENT.id)
_WITHHELD = replace(_SHOWN, allowed=_SHOWN.allowed | {setting.PARENT.id}, kept_from=people.HOLDER.id)

CORE = (
    Scenario("consult x hide", setting.plain, _SHOWN, (CONSULT, HIDE)),
    Scenario("consult x consult x block", setting.plain, _SHOWN, (CONSULT, AGAIN, BLOCK)),
    Scenario("deposit x deposit, same unique id", setting.plain, _SHOWN, (DEPOSIT, REPEAT)),
    Scenario("replace x consult", setting.replaced, _WAITING, (SETTLE, CONSULT)),
    Scenario("replace's request x consult", setting.plain, _SHOWN, (REPLACE, CONSULT)),
    Scenario("replace x replace's settling", setting.replaced, _WAITING, (REPLACE, SETTLE)),
    Scenario("flush x consult", setting.unflushed, _SHOWN, (FLUSH, CONSULT)),
    Scenario("flush x flush", setting.unflushed, _SHOWN, (FLUSH, REFLUSH)),
    Scenario("consult x consult, list nearly filled", setting.nearly_filled, _SHOWN, (CONSULT, AGAIN)),
    Scenario("hide x show", setting.plain, _SHOWN, (HIDE, SHOW)),
    Scenario("show x hide", setting.hidden, _HIDDEN, (SHOW, HIDE)),
    Scenario("range x hide", setting.plain, _SHOWN, (RANGE, HIDE)),
    Scenario("relay x consult", setting.unflushed, _SHOWN, (RELAY, CONSULT)),
    Scenario("consult x close", setting.plain, _SHOWN, (CONSULT, CLOSE)),
    Scenario("consult x emergency", setting.plain, _SHOWN, (URGENT, EMERGENCY)),
    Scenario("reveal x consult by proxy", setting.secret, _SECRET, (REVEAL, PARENT)),
    Scenario("announce x consult by holder", setting.withheld, _WITHHELD, (ANNOUNCE, OWN)),
)
MORE = (
    Scenario("consult x emergency x block", setting.plain, _SHOWN, (URGENT, EMERGENCY, KEEP_OUT)),
    Scenario("emergency x close", setting.plain, _SHOWN, (EMERGENCY, CLOSE)),
    Scenario("emergency x hide", setting.plain, _SHOWN, (EMERGENCY, HIDE)),
    Scenario("reveal x hide x consult by proxy", setting.secret, _SECRET, (REVEAL, HIDE, PARENT)),
    Scenario("list x hide", setting.plain, _SHOWN, (LIST, HIDE)),
    Scenario("list x replace", setting.replaced, _WAITING, (LIST, SETTLE)),
    Scenario("deposit x deposit, other content", setting.plain, _SHOWN, (DEPOSIT, OTHER)),
    Scenario("flush x flush x consult", setting.unflushed, _SHOWN, (FLUSH, REFLUSH, CONSULT)),
    Scenario("killed flush x flush x consult", setting.half_flushed, _SHOWN, (FLUSH, REFLUSH, CONSULT)),
    Scenario("relay x flush x consult", setting.unflushed, _SHOWN, (RELAY, FLUSH, CONSULT)),
    Scenario("consult x hide x show", setting.plain, _SHOWN, (CONSULT, HIDE, SHOW)),
    Scenario("replace x replace", setting.plain, _SHOWN, (REPLACE, RIVAL)),
    Scenario("settle x settle", setting.replaced, _WAITING, (SETTLE, RESETTLE)),
    Scenario("settle x relay", setting.replaced, _WAITING, (SETTLE, RELAY)),
    Scenario("consult x consult, tail nearly full", setting.nearly_full, _SHOWN, (CONSULT, AGAIN)),
    Scenario("consult x flush, list nearly filled", setting.nearly_filled, _SHOWN, (CONSULT, FLUSH)),
    Scenario("consult x relay, list nearly filled", setting.nearly_filled, _SHOWN, (CONSULT, RELAY)),
    Scenario("consult x hide, list nearly filled", setting.nearly_filled, _SHOWN, (CONSULT, HIDE)),
    Scenario("consult x flush, tail nearly full", setting.nearly_full, _SHOWN, (CONSULT, FLUSH)),
    Scenario("settle x hide", setting.replaced, _WAITING, (SETTLE, HIDE)),
)

_HELPED = State(frozenset({people.DOCTOR.id, setting.CARER.id}), hidden=False, content=FIRST)
_MINOR = State(frozenset({people.DOCTOR.id, setting.PARENT.id}), hidden=False, content=FIRST)
HELP = Operation("help", "consult", setting.CARER)
REVOKE = Operation("revoke", "revoke", people.HOLDER, setting.CARER.id)
REPRESENT = Operation("represent", "consult", setting.PARENT)
DECIDE = Operation("decide", "block", setting.PARENT, people.DOCTOR.id)
MIDNIGHT = Operation("midnight", "midnight", people.HOLDER, setting.MIDNIGHT.isoformat())
ALLOW = Operation("allow", "allow", people.HOLDER, people.DOCTOR.id)
_HANDED = State(frozenset({people.DOCTOR.id}), hidden=False, content=FIRST, code=True)
USE = Operation("use", "use", people.PHYSIO)
RACE = Operation("race", "use", people.LAB)
VOID = Operation("void", "void", people.HOLDER)

MINDS = (
    Scenario("carer's consult x revoke", setting.helped, _HELPED, (HELP, REVOKE)),
    Scenario("carer's consult x hide x revoke", setting.helped, _HELPED, (HELP, HIDE, REVOKE)),
    Scenario("parent's consult x majority", setting.minor, _MINOR, (REPRESENT, MIDNIGHT)),
    Scenario("parent's block x majority", setting.minor, _MINOR, (DECIDE, MIDNIGHT)),
    Scenario("parent's consult x parent's block x majority", setting.minor, _MINOR, (REPRESENT, DECIDE, MIDNIGHT)),
    Scenario("allow x block", setting.plain, _SHOWN, (ALLOW, BLOCK)),
    Scenario("consult x allow x block", setting.plain, _SHOWN, (CONSULT, ALLOW, BLOCK)),
    Scenario("code x the same code", setting.handed, _HANDED, (USE, RACE)),
    Scenario("code x its revocation", setting.handed, _HANDED, (USE, VOID)),
    Scenario("hide x block", setting.plain, _SHOWN, (HIDE, BLOCK)),
    Scenario("consult x hide x block", setting.plain, _SHOWN, (CONSULT, HIDE, BLOCK)),
)
"""changes of mind, of the law's clock and of who acts for the holder"""


_CLOSED = replace(_SHOWN, closed=True)
_ERASING = replace(_CLOSED, erasing=True)
ERASE = Operation("erase", "erase", people.HOLDER)
KEEP = Operation("keep", "keep", people.HOLDER)
SHRED = Operation("shred", "shred", people.HOLDER)

ENDS = (
    Scenario("holder's consult x erase", setting.closed, _CLOSED, (OWN, ERASE)),
    Scenario("erase x erase", setting.closed, _CLOSED, (ERASE, Operation("erased again", "erase", people.HOLDER))),
    Scenario("keep x keep", setting.erasing, _ERASING, (KEEP, Operation("kept again", "keep", people.HOLDER))),
    Scenario("holder's consult x keep", setting.erasing, _ERASING, (OWN, KEEP)),
    Scenario("holder's consult x destruction", setting.erasing, _ERASING, (OWN, SHRED)),
    Scenario("keep x destruction", setting.erasing, _ERASING, (KEEP, SHRED)),
)
"""the end of a record; two destructions at once: tests/enrolment/test_races.py, they have too many calls for this"""


def backwards(scenario: Scenario) -> Scenario:
    """Read the rows of one read in the opposite order."""
    return replace(scenario, name=scenario.name + ", rows read backwards", backwards=True)
