"""The way back: a real situation (facts, choices, caller, thing) in which exactly the given words hold.

It is written from the meaning of the words, apart from chalicelib/access/predicates.py, so that both readings of every
word are held against each other (test_words.py), and a state of the access table is one that can happen.
"""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices, Code, Delegation, Disclosure
from chalicelib.access.facts import STATES, Facts
from chalicelib.access.thing import Thing
from chalicelib.access.words import BIT

from .space import GROUNDS, THINGS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER, JUST_NOW, LONG_AGO = "2026-11-22T23:00:00+00:00", "2026-11-20T09:00:00+00:00", "2001-01-01T00:00:00+00:00"
IDS = {Kind.CITIZEN: "citizen:camille", Kind.PROFESSIONAL: "pro:doctor", Kind.SYSTEM: "system:intake"}
SURGERY, OTHERS = "org:surgery", "org:laboratory"
DOCUMENT = "results"

World = tuple[Facts, Choices, Actor, Thing]


class Words:
    """What must hold (`has`), among what matters (`reads`)."""

    def __init__(self, words: int, mask: int) -> None:
        """Take the words and what is read of them."""
        self._words, self._mask = words, mask

    def has(self, word: str) -> bool:
        """Tell whether this word must hold."""
        return bool(self._words & BIT[word])

    def reads(self, word: str) -> bool:
        """Tell whether it matters."""
        return bool(self._mask & BIT[word])


def world(words: int, mask: int) -> World:
    """Return a situation in which these words hold, and no other among those of the mask."""
    want = Words(words, mask)
    kind = next(kind for kind in Kind if want.has(kind.value))
    actor = _actor(want, kind)
    thing = _thing(want, actor)
    choices = _person(want, _marks(want, _trust(want, actor.id), thing), actor)
    return Facts("r", _state(want), turned=LONG_AGO if want.has("clock_over") else JUST_NOW), choices, actor, thing


def _state(want: Words) -> str:
    """Return a state of which every word that matters agrees; `record_there` and `record_kept` tell states apart."""
    for state in ("absent", *STATES, "unknown"):
        holding = {f"record_{state}"} | ({"record_there"} if state in STATES else set())
        holding |= {"record_kept"} if state in ("open", "closed", "erasing") else set()
        told = ("record_absent", "record_there", "record_kept", *(f"record_{one}" for one in STATES))
        if all(want.has(word) == (word in holding) for word in told if want.reads(word)) and _timed(want, state):
            return state
    raise AssertionError


def _timed(want: Words, state: str) -> bool:
    return not want.has("clock_over") or state in ("invited", "suspended", "closed", "deceased", "erasing")


def _actor(want: Words, kind: Kind) -> Actor:
    if kind is not Kind.PROFESSIONAL:
        return Actor(kind, IDS.get(kind, f"{kind.value}:1"))
    profession = "10/SM25" if want.has("occupational") else "10" if want.has("matrix") else "70"
    organisation = SURGERY
    if want.reads("in_exercice") and not want.has("in_exercice"):
        profession, organisation = ("", SURGERY) if want.has("same_organisation") else (profession, "")
    return Actor(kind, IDS[kind], "", profession, organisation, regulator=want.has("regulates"))


def _thing(want: Words, actor: Actor) -> Thing:
    if want.has("may_end"):
        return Thing("subject", "citizen:other", state="may_end")
    if want.has("oneself"):
        return Thing("subject", actor.id)
    if want.has("code_good"):
        return Thing("code", "code", state="code_good")
    if want.has("reason_given"):
        return Thing("reason", state="reason_given")
    category = "CAR_VAC" if want.has("occupational") and want.has("matrix") else "BIOLOGIE"
    author, organisation = _author(want, actor)
    state = _thing_state(want)
    withheld = JUST_NOW if want.has("withheld") else ""
    return Thing(
        "document", DOCUMENT, category, author, organisation, state, secret=want.has("secret"), withheld=withheld
    )


def _thing_state(want: Words) -> str:
    """Return the state that must be; else one that does not matter, be it one that no document has."""
    held = [state for state in THINGS if want.has(f"thing_{state}")]
    free = [state for state in THINGS if not want.reads(f"thing_{state}")]
    return (held or free or ["reason_given" if want.reads("code_good") else "code_good"])[0]


def _author(want: Words, actor: Actor) -> tuple[str, str]:
    if want.has("author"):
        return actor.id, actor.organisation
    if want.has("patient_document"):
        return "citizen:somebody", ""
    return "pro:biologist", actor.organisation if want.has("same_organisation") else OTHERS


def _trust(want: Words, who: str) -> Choices:
    grounds = {word for word in GROUNDS if want.has(word)}
    if want.has("trusted") and not grounds and not any(want.has(w) for w in ("express", "regulates", "breaks_glass")):
        grounds = {next(word for word in GROUNDS if not want.reads(word))}
    names = frozenset({who})
    signed = Disclosure(who, "court", "staff:1", "staff:2", LATER)
    return Choices(
        allowed=names if "allowed" in grounds else frozenset(),
        team=names if "in_team" in grounds else frozenset(),
        consents={who: LATER} if "consulted" in grounds else {},
        physician=who if "physician" in grounds else "",
        disclosures={"court": signed} if "disclosed" in grounds else {},
        emergencies={who: LATER} if want.has("breaks_glass") else {},
        opposed=frozenset({"break_glass"}) if want.has("glass_opposed") else frozenset(),
    )


def _marks(want: Words, choices: Choices, thing: Thing) -> Choices:
    def about(word: str) -> frozenset[str]:
        return frozenset({thing.id}) if want.has(word) and thing.id else frozenset()

    return replace(choices, hidden=about("hidden"), gone=about("gone"), disowned=about("disowned"))


def _person(want: Words, choices: Choices, actor: Actor) -> Choices:
    who = actor.id

    def named(word: str) -> frozenset[str]:
        return frozenset({who}) if want.has(word) else frozenset()

    return replace(
        choices,
        holder=who if want.has("holder") else "citizen:holder",
        proxies={who: Delegation("parent")} if want.has("proxy") else {},
        carers={who: Delegation("carer")} if want.has("carer") else {},
        codes={"help": Code("assisted", LATER, who)} if want.has("assisted") else {},
        express=named("express"),
        blocked=named("blocked"),
        refused=named("feeding_refused"),
        designated=named("sees_hidden"),
    )
