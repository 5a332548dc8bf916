"""Small worlds: every combination of who asks, what was chosen and what is asked for, as words of the rules."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.facts import Facts
from chalicelib.access.thing import Thing

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOLDER, DOCTOR, SURGERY = "citizen:holder", "pro:doctor", "org:surgery"
RECORD_STATES = ("open", "closed", "absent", "suspended")
THING_STATES = ("available", "received", "quarantined", "uploading", "")
AUTHORS = (("pro:other", "org:other"), (DOCTOR, SURGERY), (DOCTOR, "org:other"), (HOLDER, ""))
ALLOWED = (frozenset[str](), frozenset({DOCTOR}), frozenset({SURGERY}))
BLOCKED = (frozenset[str](), frozenset({DOCTOR}), frozenset({SURGERY}))

World = tuple[Facts, Choices, Actor, Thing]


def actors() -> Iterator[Actor]:
    """Yield callers of every class, the professional with several professions."""
    for kind in Kind:
        if kind is Kind.PROFESSIONAL:
            yield from (Actor(kind, DOCTOR, profession=code, organisation=SURGERY) for code in ("10", "10/SM25", "70"))
            yield Actor(kind, DOCTOR, profession="10")
        elif kind is Kind.CITIZEN:
            yield from (Actor(kind, HOLDER), Actor(kind, "citizen:stranger"))
        else:
            yield Actor(kind, f"client:{kind.value}", profession="10", organisation=SURGERY)


def worlds(things: tuple[str, ...] = THING_STATES) -> Iterator[World]:
    """Yield every combination."""
    marks = (frozenset[str](), frozenset({"d"}))
    choices = [Choices(HOLDER, *chosen) for chosen in product(ALLOWED, BLOCKED, marks, marks)]
    documents = [
        Thing("document", "d", category, *author, state)
        for category, author, state in product(("BIOLOGIE", "CAR_VAC"), AUTHORS, things)
    ]
    for state, chosen, actor, thing in product(RECORD_STATES, choices, actors(), documents):
        yield Facts("r", state), chosen, actor, thing
