"""The same law said a second time, by caller and without the tables' order, so that two readings must agree."""

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.facts import Facts
from chalicelib.access.thing import Thing

STATES = {"available", "received", "quarantined", "uploading"}
ON_ONE_DOCUMENT = {"status", "read", "consult", "upload", "hide", "show", "replace", "delete"}
ON_OWN = {"upload", "replace", "delete"}
DOCTOR_READS = {"BIOLOGIE", "CAR_VAC"}
READS = {"10": DOCTOR_READS, "10/SM25": {"CAR_VAC"}, "70": {"CAR_VAC"}}


def may(facts: Facts, choices: Choices, actor: Actor, action: str, thing: Thing) -> bool:
    """Tell whether the action is lawful."""
    if actor.kind is Kind.ENROLMENT and action == "record:invite":
        return facts.state == "absent"
    if actor.kind is Kind.ENROLMENT:
        if action == "letters:batch":
            return facts.state == "absent"
        return action in ("record:open", "record:find") and facts.state in ("open", "absent")
    if facts.state not in ("open", "closed"):
        return False
    if actor.kind is Kind.CITIZEN:
        return actor.id == choices.holder and _holder(facts, choices, actor, action, thing)
    if actor.kind is Kind.PROFESSIONAL:
        return facts.state == "open" and bool(actor.organisation) and _professional(choices, actor, action, thing)
    return actor.kind is Kind.SYSTEM and _system(facts, choices, action, thing)


def _exists(choices: Choices, thing: Thing) -> bool:
    return thing.state in STATES and thing.id not in choices.gone


def _owns(actor: Actor, thing: Thing) -> bool:
    return (thing.author, thing.organisation) == (actor.id, actor.organisation)


def _state_fits(verb: str, thing: Thing) -> bool:
    fits = {"consult": {"available"}, "replace": {"available", "quarantined"}, "upload": {"uploading"}}
    return thing.state in fits.get(verb, STATES)


def _holder(facts: Facts, choices: Choices, actor: Actor, action: str, thing: Thing) -> bool:
    subject, verb = action.split(":")
    looking = verb in ("read", "list", "status", "consult")
    if facts.state == "closed" and not looking:
        return False
    if subject == "document" and verb in ON_ONE_DOCUMENT:
        own = verb not in ON_OWN or _owns(actor, thing)
        return _exists(choices, thing) and own and _state_fits(verb, thing)
    return subject in ("choices", "history", "contact") or action in (
        "document:list",
        "document:deposit",
        "reminder:read",
    )


def _professional(choices: Choices, actor: Actor, action: str, thing: Thing) -> bool:
    subject, verb = action.split(":")
    if action in ("record:find", "document:deposit"):
        return True
    if subject != "document":
        return False
    if verb == "list":
        return _trusted(choices, actor)
    if verb not in ON_ONE_DOCUMENT - {"hide", "show"} or not _exists(choices, thing):
        return False
    return _on_document(choices, actor, verb, thing)


def _on_document(choices: Choices, actor: Actor, verb: str, thing: Thing) -> bool:
    if verb == "status":
        return actor.organisation == thing.organisation
    if verb in ON_OWN:
        return _owns(actor, thing) and _state_fits(verb, thing)
    if _owns(actor, thing):
        return not _blocked(choices, actor) and _state_fits(verb, thing)
    readable = thing.category in READS[actor.profession] and thing.id not in choices.hidden
    return _trusted(choices, actor) and readable and thing.state == "available"


def _blocked(choices: Choices, actor: Actor) -> bool:
    return bool({actor.id, actor.organisation} & choices.blocked)


def _trusted(choices: Choices, actor: Actor) -> bool:
    named = {actor.id} if actor.profession == "10/SM25" else {actor.id, actor.organisation}
    return bool(named & choices.allowed) and not _blocked(choices, actor)


def _system(facts: Facts, choices: Choices, action: str, thing: Thing) -> bool:
    states = {
        "document:inspect": {"received"},
        "document:settle": {"received"},
        "document:supersede": {"available"},
        "document:expire": {"uploading", "quarantined"},
    }
    if action in states:
        return thing.state in states[action] and thing.id not in choices.gone
    if action in ("notice:send", "reminder:arm", "reminder:send"):
        return facts.state == "open"
    return action in ("refusals:rollup", "notice:report", "letters:batch")
