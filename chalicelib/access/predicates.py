"""Which words hold, all computed once per decision.

A rule in policies/access_rules.csv is a conjunction of words. A new word is one line in `words.py` and one term below;
everything else is data.
"""

from collections.abc import Mapping
from datetime import datetime

from .actor import Actor, Kind
from .choices import ASSISTED, Choices, Limit, lasts
from .clocks import instant, over
from .facts import STATES, Facts
from .matrix import Matrix
from .thing import Thing
from .words import BIT

OCCUPATIONAL_PHYSICIAN = "10/SM25"

_KIND = {kind: BIT[kind.value] for kind in Kind}
_SYSTEM = Kind.SYSTEM
_KEPT = ("open", "closed", "erasing")
CLOCK = {
    "invited": "opposition",
    "suspended": "suspension",
    "closed": "archive",
    "deceased": "archive",
    "erasing": "erasure",
}
"""the law's clock of each state that has one"""
NARROWED = frozenset({"document", "profile"})
"""the kinds of things within which a permission may be narrowed; the record as a whole and the agenda are not"""
_RECORD = {
    state: BIT[f"record_{state}"] | BIT["record_there"] | (BIT["record_kept"] if state in _KEPT else 0)
    for state in STATES
} | {"absent": BIT["record_absent"]}
_THING = {state: BIT[f"thing_{state}"] for state in ("available", "received", "quarantined", "uploading")} | {
    word: BIT[word] for word in ("code_good", "reason_given", "may_end")
}
_NO_THING = BIT["thing_absent"]
_HOLDER, _PROXY, _CARER, _ASSISTED = (BIT[w] for w in ("holder", "proxy", "carer", "assisted"))
_AUTHOR, _SAME, _IN_EXERCICE, _MATRIX = (BIT[w] for w in ("author", "same_organisation", "in_exercice", "matrix"))
_OCCUPATIONAL, _EXPRESS, _DISCLOSED = (BIT[w] for w in ("occupational", "express", "disclosed"))
_TRUSTED, _ALLOWED, _TEAM, _CONSULTED, _PHYSICIAN = (
    BIT[w] for w in ("trusted", "allowed", "in_team", "consulted", "physician")
)
_REGULATES, _BREAKS, _NO_GLASS = (BIT[w] for w in ("regulates", "breaks_glass", "glass_opposed"))
_SEES, _BLOCKED, _NO_FEED, _ONESELF = (BIT[w] for w in ("sees_hidden", "blocked", "feeding_refused", "oneself"))
_HIDDEN, _GONE, _DISOWNED, _SECRET = (BIT[w] for w in ("hidden", "gone", "disowned", "secret"))
_WITHHELD, _PATIENTS, _OVER = (BIT[w] for w in ("withheld", "patient_document", "clock_over"))


def situation(matrix: Matrix, facts: Facts, choices: Choices, actor: Actor, thing: Thing, now: datetime) -> int:
    """Return which words hold, as one integer. A record state nobody knows sets no word; no allow row accepts that."""
    at = instant(now)
    return words_shared(facts, choices, actor, at) | words_of(matrix, choices, actor, thing, at)


def words_shared(facts: Facts, choices: Choices, actor: Actor, at: str) -> int:
    """Return the words that hold whatever thing is asked for: the same for each entry of a list."""
    kind = actor.kind
    words = _KIND[kind] | _RECORD.get(facts.state, 0)
    if kind in _FOR_ANYTHING:
        words |= _FOR_ANYTHING[kind](choices, actor, at)
    if kind is _SYSTEM:
        words |= _over(facts, at)
    return words


def words_of(matrix: Matrix, choices: Choices, actor: Actor, thing: Thing, at: str) -> int:
    """Return the words that depend on the thing, beside those that hold whatever it is."""
    kind, words = actor.kind, _THING.get(thing.state, _NO_THING)
    if thing.organisation == actor.organisation:
        words |= _by_us(actor, thing)
    if (actor.profession, thing.category) in matrix:
        words |= _MATRIX
    if kind in _FOR_THE_THING:
        words |= _FOR_THE_THING[kind](choices, actor, thing, at)
    if thing.id:
        words |= _of_thing(choices, thing, at)
    return words


def _by_us(actor: Actor, thing: Thing) -> int:
    """Say who deposited what was deposited on behalf of the caller's organisation, or of none as the caller asks."""
    same = _SAME if thing.organisation else 0
    return same | _AUTHOR if thing.author and thing.author == actor.id else same


def _citizen(choices: Choices, actor: Actor, at: str) -> int:
    who = actor.id
    proxy, carer = choices.proxies.get(who), choices.carers.get(who)
    return (
        (_HOLDER if who and who == choices.holder else 0)
        | (_PROXY if proxy and lasts(proxy.ends, at) else 0)
        | (_CARER if carer and lasts(carer.ends, at) else 0)
        | (_DISCLOSED if choices.disclosures and _disclosed(choices, who, at) else 0)
    )


def _oneself(_choices: Choices, actor: Actor, thing: Thing, _at: str) -> int:
    return _ONESELF if thing.kind == "subject" and thing.id == actor.id else 0


def _professional(choices: Choices, actor: Actor, at: str) -> int:
    who, names = actor.id, actor.names
    urgent = _urgent(choices, actor, at) if actor.regulator or choices.emergencies else 0
    words = urgent | _grounds(choices, actor, at)
    if words:
        words |= _TRUSTED
    if who in choices.designated or (urgent and choices.shows_hidden):
        words |= _SEES
    if actor.profession and actor.organisation:
        words |= _IN_EXERCICE
    if "break_glass" in choices.opposed:
        words |= _NO_GLASS
    if actor.profession == OCCUPATIONAL_PHYSICIAN:
        words |= _OCCUPATIONAL
    if choices.blocked and not choices.blocked.isdisjoint(names):
        words |= _BLOCKED
    return words


def _grounds(choices: Choices, actor: Actor, at: str) -> int:
    """Return on what grounds, but for an emergency, a professional is trusted with more than their own deposits."""
    who, words = actor.id, 0
    if choices.team and _in_team(choices, actor, at):
        words |= _TEAM
    if choices.consents and _holds(choices.consents, who, at):
        words |= _CONSULTED
    if who == choices.physician:
        words |= _PHYSICIAN
    if choices.disclosures and _disclosed(choices, who, at):
        words |= _DISCLOSED
    if choices.express and actor.profession == OCCUPATIONAL_PHYSICIAN and who in choices.express:
        words |= _EXPRESS
    return words


def _in_team(choices: Choices, actor: Actor, at: str) -> bool:
    """Tell whether a professional is of the team: by name, or by their house unless the holder said less of them."""
    who = actor.id
    if who in choices.team:
        return True
    if actor.organisation not in choices.team or who in choices.dismissed:
        return False
    limit = choices.limits.get(who)
    return limit is None or not lasts(limit.ends, at)


def _permitted(choices: Choices, actor: Actor, thing: Thing, at: str) -> int:
    """Say whether a permission reaches the thing, and a refusal to be fed."""
    words = _ALLOWED | _TRUSTED if choices.allowed and _allows(choices, actor.names, thing, at) else 0
    if choices.refused and _refused(choices.refused, actor.names, thing):
        words |= _NO_FEED
    return words


def _fund(choices: Choices, actor: Actor, thing: Thing, _at: str) -> int:
    return _NO_FEED if _refused(choices.refused, (actor.id, actor.organisation), thing) else 0


def _support(choices: Choices, actor: Actor, at: str) -> int:
    """Say whether help lasts that somebody let this agent in with who decides still."""
    for one in choices.codes.values():
        if (one.purpose, one.subject) == (ASSISTED, actor.id) and at < one.ends and choices.stands(one.maker, at):
            return _ASSISTED
    return 0


_FOR_ANYTHING = {Kind.CITIZEN: _citizen, Kind.PROFESSIONAL: _professional, Kind.SUPPORT: _support}
_FOR_THE_THING = {Kind.CITIZEN: _oneself, Kind.PROFESSIONAL: _permitted, Kind.HEALTH_FUND: _fund}
"""what is said of a caller whatever they ask for, and for what they ask for"""


def _urgent(choices: Choices, actor: Actor, at: str) -> int:
    return (_REGULATES if actor.regulator and "regulation" not in choices.opposed else 0) | (
        _BREAKS if "break_glass" not in choices.opposed and _holds(choices.emergencies, actor.id, at) else 0
    )


def _allows(choices: Choices, names: tuple[str, ...], thing: Thing, at: str) -> bool:
    for name in names:
        if name in choices.allowed:
            limit = choices.limits.get(name)
            if limit is None or _within(limit, thing, at):
                return True
    return False


def _within(limit: Limit, thing: Thing, at: str) -> bool:
    """Tell whether a permission reaches a thing; what is never narrowed is reached as long as it has not ended.

    It never reaches somebody else: what a colleague got from it would have no limit.
    """
    if not lasts(limit.ends, at) or thing.kind == "subject":
        return False
    return thing.kind not in NARROWED or (
        (not limit.categories or thing.category in limit.categories)
        and (not limit.documents or thing.id in limit.documents)
        and limit.since <= thing.day
        and (not limit.until or "" < thing.day <= limit.until)
    )


def _refused(refused: frozenset[str], names: tuple[str, ...], thing: Thing) -> bool:
    return f"cat:{thing.category}" in refused or not refused.isdisjoint(names)


def _disclosed(choices: Choices, who: str, at: str) -> bool:
    for one in choices.disclosures.values():  # noqa: SIM110 - a generator would be a third of what a decision costs
        if one.subject == who and one.confirmed_by and at < one.ends:
            return True
    return False


def _holds(ends: Mapping[str, str], who: str, at: str) -> bool:
    return at < ends.get(who, "")


def _of_thing(choices: Choices, thing: Thing, at: str) -> int:
    name, words = thing.id, 0
    if (choices.hidden or choices.discreet) and choices.hides(name, thing.category):
        words |= _HIDDEN
    if name in choices.gone:
        words |= _GONE
    if name in choices.disowned:
        words |= _DISOWNED
    if thing.secret and name not in choices.revealed:
        words |= _SECRET
    if thing.withheld and choices.withholds(name, thing.withheld, at):
        words |= _WITHHELD
    if thing.author.startswith("citizen:"):
        words |= _PATIENTS
    return words


def ends(facts: Facts) -> str:
    """Return the instant at which the law's clock of this state runs out; empty when none runs."""
    clock = CLOCK.get(facts.state)
    return over(clock, facts.turned) if clock and facts.turned else ""


def _over(facts: Facts, at: str) -> int:
    end = ends(facts)
    return _OVER if end and at >= end else 0
