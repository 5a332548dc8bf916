"""The words a rule may use, each one bit, all computed once per decision.

A rule in policies/access_rules.csv is a conjunction of these words. A new word is one line in `WORDS` and one
term below; everything else is data.
"""

from datetime import datetime

from .actor import Actor, Kind
from .choices import Choices
from .facts import Facts
from .matrix import Matrix
from .thing import Thing

OCCUPATIONAL_PHYSICIAN = "10/SM25"

WORDS = {
    **{kind.value: f"the caller is of the class {kind.value}" for kind in Kind},
    "holder": "the caller is the person whose record it is",
    "author": "the caller deposited this document, on behalf of the same organisation",
    "same_organisation": "this document was deposited on behalf of the caller's organisation",
    "in_exercice": "the caller states a profession and an organisation",
    "occupational": "the caller is an occupational physician (médecin du travail)",
    "allowed": "the holder allowed the caller or the caller's organisation",
    "allowed_in_person": "the holder allowed the caller by name",
    "blocked": "the holder blocked the caller or the caller's organisation",
    "matrix": "the access matrix lets this profession read this category",
    "hidden": "the holder hid this document",
    "gone": "this document was deleted",
    "patient_document": "the holder deposited this document",
    "record_open": "the record is open",
    "record_closed": "the record is closed and archived",
    "record_absent": "there is no such record",
    "record_kept": "the record is open, or closed and archived",
    "thing_available": "the document passed the checks",
    "thing_received": "the document waits for the checks",
    "thing_quarantined": "the document failed the checks",
    "thing_uploading": "parts of the document are still missing",
    "thing_absent": "there is no such document",
}
BIT = {word: 1 << place for place, word in enumerate(WORDS)}

_KIND = {kind: BIT[kind.value] for kind in Kind}
_RECORD = {
    "open": BIT["record_open"] | BIT["record_kept"],
    "closed": BIT["record_closed"] | BIT["record_kept"],
    "absent": BIT["record_absent"],
}
_THING = {state: BIT[f"thing_{state}"] for state in ("available", "received", "quarantined", "uploading")}
_NO_THING = BIT["thing_absent"]
_HOLDER, _AUTHOR, _IN_EXERCICE, _OCCUPATIONAL = (BIT[w] for w in ("holder", "author", "in_exercice", "occupational"))
_ALLOWED, _IN_PERSON, _BLOCKED, _MATRIX = (BIT[w] for w in ("allowed", "allowed_in_person", "blocked", "matrix"))
_HIDDEN, _GONE, _PATIENTS, _SAME = (BIT[w] for w in ("hidden", "gone", "patient_document", "same_organisation"))


def situation(matrix: Matrix, facts: Facts, choices: Choices, actor: Actor, thing: Thing, _now: datetime) -> int:
    """Return which words hold, as one integer. A record state nobody knows sets no word; no allow row accepts that.

    No word of this rule set depends on the time; it is handed over so that the first one that does is one term here.
    """
    return (
        _KIND[actor.kind]
        | _RECORD.get(facts.state, 0)
        | _THING.get(thing.state, _NO_THING)
        | _who(matrix, actor, thing)
        | _chosen_about(choices, actor)
        | _chosen_for(choices, thing)
    )


def _who(matrix: Matrix, actor: Actor, thing: Thing) -> int:
    return (
        (_AUTHOR if thing.author and thing.author == actor.id and thing.organisation == actor.organisation else 0)
        | (_SAME if thing.organisation and thing.organisation == actor.organisation else 0)
        | (_IN_EXERCICE if actor.profession and actor.organisation else 0)
        | (_OCCUPATIONAL if actor.profession == OCCUPATIONAL_PHYSICIAN else 0)
        | (_MATRIX if (actor.profession, thing.category) in matrix else 0)
    )


def _chosen_about(choices: Choices, actor: Actor) -> int:
    in_person = _IN_PERSON | _ALLOWED if actor.id in choices.allowed else 0
    return (
        (_HOLDER if actor.kind is Kind.CITIZEN and actor.id and actor.id == choices.holder else 0)
        | in_person
        | (_ALLOWED if actor.organisation in choices.allowed else 0)
        | (_BLOCKED if actor.id in choices.blocked or actor.organisation in choices.blocked else 0)
    )


def _chosen_for(choices: Choices, thing: Thing) -> int:
    return (
        (_HIDDEN if thing.id in choices.hidden else 0)
        | (_GONE if thing.id in choices.gone else 0)
        | (_PATIENTS if thing.author and thing.author == choices.holder else 0)
    )
