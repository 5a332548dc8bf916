"""What no change of the table may break: each returns the sentence that a decided state breaks, or nothing."""

from collections.abc import Callable, Iterator

from chalicelib.access.actor import Kind
from chalicelib.access.rules import ALREADY, Decision
from chalicelib.access.words import BIT

from .space import GROUNDS, bits

FORBIDDEN = bits("insurer", "mutuelle", "employer", "bank", "state", "software")
CONTENT = frozenset(
    "document:list document:read document:consult document:status document:inspect history:read "
    "profile:list profile:read agenda:read calendar:read".split()
)
READING = frozenset({"document:read", "document:consult", "profile:read"})
LISTS = frozenset({"document:list", "profile:list"})
ON_ONE = frozenset(
    "document:read document:consult document:status document:upload document:hide document:show document:reveal "
    "document:announce document:disown document:replace document:delete record:rectify "
    "profile:read profile:hide profile:show profile:write agenda:read agenda:write".split()
)
"""actions on one entry, by which somebody learns at least that it exists"""
STILL = frozenset(
    "record:look choices:read document:list document:read document:status document:consult history:read reminder:read "
    "record:close record:reopen record:erase record:keep contact:read profile:list profile:read agenda:read".split()
)
"""what the holder of a closed record, or a representative, may still do"""
UPKEEP = frozenset(
    "record:shred record:decease document:inspect document:settle document:supersede document:expire "
    "refusals:rollup notice:send notice:report letters:batch support:look support:close "
    "record:activate record:majority support:resend".split()
)
"""what machines do to a closed record, the state that the support line sees, and how its holder gets in the first time:
nobody reads content by it"""
TURNS = {
    "record:close": "closed",
    "record:reopen": "open",
    "record:erase": "erasing",
    "record:keep": "closed",
    "record:resume": "open",
    "record:suspend": "suspended",
    "record:decease": "deceased",
    "record:oppose": "opposed",
    "support:close": "closed",
    "support:oppose": "opposed",
}
"""action -> the state that it brings about: asked for again there, nothing may follow"""
FUNDS = frozenset({"record:find", "document:deposit", "counts:read", "coverage:read"})
PRIVATE = frozenset("agenda:read agenda:write calendar:share calendar:read reminder:choose profile:write".split())
"""what no professional ever does"""
SETTINGS = frozenset("profile:hide profile:show calendar:share reminder:choose".split())
"""what a carer does not settle"""
CLOSING = bits("blocked", "hidden", "gone", "disowned", "feeding_refused", "agreement_needed")
"""a block, a mask, an opposition: each alone, added to a situation, opens nothing"""
CONSENTS = (*GROUNDS, "express", "regulates", "sees_hidden", "matrix", "assisted")
DOUBTFUL = frozenset({"disclosed"})
"""`disclosed` is no consent of the holder; it is tried all the same"""

Allows = Callable[[int, str], bool]


def _is(words: int, *every: str) -> bool:
    wanted = bits(*every)
    return words & wanted == wanted


def _any(words: int, *some: str) -> bool:
    return bool(words & bits(*some))


def named(decision: Decision) -> bool:
    """Tell whether a decision says which rule made it, why and by which law."""
    return bool(decision.rule and decision.reason and decision.law and decision.effect in ("allow", "deny"))


def broken(words: int, action: str, decision: Decision) -> Iterator[str]:
    """Yield what an allowed state breaks by itself."""
    if words & FORBIDDEN:
        yield "an insurer, mutuelle, employer, bank, the State or software alone was allowed something"
    if _is(words, Kind.HEALTH_FUND) and action not in FUNDS:
        yield "a health-insurance fund did more than feed and count"
    if _is(words, Kind.SUPPORT) and (
        action in CONTENT or not (action.startswith("support:") or _is(words, "assisted"))
    ):
        yield "support read content, or helped without the holder's code"
    if action.startswith("support:") and not _is(words, Kind.SUPPORT):
        yield "somebody else did what only the help desk does"
    if action == "record:oppose" and not _is(words, Kind.INVITEE):
        yield "somebody else opposed than who was invited"
    if _is(words, Kind.PROFESSIONAL, "hidden") and action in READING and not _any(words, "author", "sees_hidden"):
        yield "a professional read a masked document that is not theirs"
    if _is(words, Kind.CITIZEN, "secret") and action in ON_ONE and not _is(words, "holder"):
        yield "a representative, carer or heir reached a minor's secret document"
    if _is(words, Kind.CITIZEN, "withheld") and action in ON_ONE:
        yield "somebody saw a document before its announcement"
    if _is(words, Kind.PROFESSIONAL, "blocked") and action in (*READING, *LISTS, "emergency:open", "agenda:push"):
        yield "a blocked professional read"
    if _is(words, Kind.PROFESSIONAL, "occupational") and action in READING and not _any(words, "express", "author"):
        yield "an occupational physician read without express consent"
    if _any(words, "gone", "disowned") and action in READING:
        yield "a deleted or disowned document was read"
    if decision.reason == ALREADY and decision.obligations:
        yield "something followed from a request that changes nothing"
    if action in TURNS and _is(words, f"record_{TURNS[action]}") and decision.obligations:
        yield "a turn asked for again began a clock or told somebody"
    yield from _of_states(words, action)
    yield from _of_emergencies(words, action, decision)
    yield from _of_profile_and_agenda(words, action, decision)


def _of_profile_and_agenda(words: int, action: str, decision: Decision) -> Iterator[str]:
    if _is(words, Kind.PROFESSIONAL) and action in PRIVATE:
        yield "a professional wrote the profile, or saw the agenda"
    if action == "agenda:push" and _is(words, "thing_available") and not _is(words, "author"):
        yield "a professional changed somebody else's appointment"
    if action == "profile:write" and _is(words, "thing_available") and not _is(words, "patient_document"):
        yield "somebody rewrote what a professional noted"
    if action == "calendar:read" and not _is(words, Kind.INVITEE, "code_good", "record_open"):
        yield "a calendar was read without its secret link"
    if _is(words, "carer") and not _any(words, "holder", "proxy") and action in SETTINGS:
        yield "a carer masked, shared the calendar or chose reminders"
    told = any(one.startswith("notify-") for one in decision.obligations)
    if (
        _is(words, Kind.PROFESSIONAL, "secret")
        and told
        and action in ("profile:record", "profile:correct", "agenda:push")
    ):
        yield "a notice told representatives what a minor keeps secret"


def _of_states(words: int, action: str) -> Iterator[str]:
    mine = _is(words, Kind.CITIZEN) and _any(words, "holder", "proxy") and action in STILL
    if _any(words, "record_closed") and not mine and action not in UPKEEP:
        yield "a closed record gave more than its holder's reading, reopening and erasing"
    if _any(words, "record_suspended", "record_opposed", "record_invited") and action in CONTENT - {"document:inspect"}:
        yield "a record that is not open was read"
    if _is(words, Kind.PROFESSIONAL) and _any(words, "record_erasing", "record_absent"):
        yield "a professional reached a record that is not open"


def _of_emergencies(words: int, action: str, decision: Decision) -> Iterator[str]:
    if decision.reason in ("EMERGENCY", "REGULATION") and "notify-emergency" not in decision.obligations:
        yield "an emergency access without its notices"
    if action == "emergency:open" and (not _is(words, "reason_given") or _any(words, "glass_opposed", "blocked")):
        yield "the glass was broken without a reason, or against the holder's will"


def turned(words: int, action: str, mask: int, allows: Allows) -> Iterator[str]:
    """Yield what an allowed state breaks beside its neighbours: one restriction less, or one consent more."""
    for word in BIT:
        bit = BIT[word]
        if words & CLOSING & bit and not allows(words & ~bit, action):
            yield f"adding {word} opened something"
    if words & BIT["glass_opposed"] and not allows(words & ~BIT["glass_opposed"], action):
        yield "opposing emergency access opened something"
    for word in CONSENTS:
        if mask & BIT[word] and not words & BIT[word] and not allows(_given(words, word, mask), action):
            yield f"adding {word} closed something"


def _given(words: int, word: str, mask: int) -> int:
    more = BIT["trusted"] if word in GROUNDS or word in ("express", "regulates") else 0
    return words | BIT[word] | (more & mask)
