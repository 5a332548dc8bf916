"""What holds whatever the situation."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.decide import decide
from chalicelib.access.facts import Facts
from chalicelib.access.matrix import CATEGORIES
from chalicelib.access.rules import ACTIONS, Decision
from chalicelib.access.thing import Thing

from .situations import POLICIES
from .worlds import NOW

IDS = ("pro:1", "pro:2", "citizen:1", "citizen:2", "client:1", "")
ORGANISATIONS = ("org:1", "org:2", "")
PROFESSIONS = ("10", "10/SM25", "60", "70", "41", "999", "")
NEVER = (Kind.INSURER, Kind.MUTUELLE, Kind.EMPLOYER, Kind.BANK, Kind.STATE)
LISTS = ("document:list", "profile:list")
READING = (*LISTS, "document:read", "document:consult", "profile:read", "agenda:read", "history:read", "choices:read")
RULE_IDS = {line.split(",")[0] for line in (POLICIES / "access_rules.csv").read_text().splitlines()[1:]}

subjects = st.frozensets(st.sampled_from([name for name in IDS + ORGANISATIONS if name]))
documents = st.frozensets(st.sampled_from(["d1", "d2"]))
facts = st.builds(Facts, st.just("r"), st.sampled_from(["open", "closed", "absent", "suspended", ""]))
later = st.dictionaries(
    st.sampled_from(IDS), st.sampled_from(["2026-11-22T08:00:00+00:00", "2026-11-23T08:00:00+00:00"])
)
choices = st.builds(
    Choices,
    st.sampled_from(["citizen:1", ""]),
    subjects,
    subjects,
    documents,
    documents,
    team=subjects,
    express=subjects,
    consents=later,
    emergencies=later,
    refused=subjects,
    discreet=st.frozensets(st.sampled_from(["BIOLOGIE", "CAR_VAC"])),
    shown=documents,
    disowned=documents,
    designated=subjects,
    opposed=st.frozensets(st.sampled_from(["regulation", "break_glass"])),
    shows_hidden=st.booleans(),
)
actions = st.sampled_from([*ACTIONS, "document:print", ""])
actors = st.builds(
    Actor,
    st.sampled_from(list(Kind)),
    st.sampled_from(IDS),
    profession=st.sampled_from(PROFESSIONS),
    organisation=st.sampled_from(ORGANISATIONS),
    regulator=st.booleans(),
)
things = st.builds(
    Thing,
    st.sampled_from(["record", "document", "profile", "agenda"]),
    st.sampled_from(["", "d1", "d2"]),
    st.sampled_from([*CATEGORIES, "UNKNOWN", ""]),
    st.sampled_from(IDS),
    st.sampled_from(ORGANISATIONS),
    st.sampled_from(["available", "received", "quarantined", "uploading", "superseded", "absent", ""]),
)


def asked(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> Decision:
    return decide(f, c, a, action, t, NOW)


@given(facts, choices, actors, actions, things, st.sampled_from(NEVER))
def test_insurers_mutuelles_employers_banks_and_the_state_are_always_refused(
    f: Facts, c: Choices, a: Actor, action: str, t: Thing, kind: Kind
) -> None:
    decision = asked(f, c, replace(a, kind=kind), action, t)
    assert (decision.effect, decision.reason) == ("deny", "FORBIDDEN_BY_LAW")


@given(facts, choices, actors, actions, things)
def test_every_decision_names_its_rule_its_reason_and_its_law(
    f: Facts, c: Choices, a: Actor, action: str, t: Thing
) -> None:
    decision = asked(f, c, a, action, t)
    assert decision.rule in RULE_IDS | {"DEFAULT_DENY"}
    assert decision.reason
    assert decision.law


@given(facts, choices, actors, actions, things)
def test_blocking_never_opens_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    blocked = replace(c, blocked=c.blocked | {a.id, a.organisation})
    assert asked(f, c, a, action, t).allowed or not asked(f, blocked, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_hiding_never_opens_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    hidden = replace(c, hidden=c.hidden | {t.id})
    assert asked(f, c, a, action, t).allowed or not asked(f, hidden, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_deleting_never_opens_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    gone = replace(c, gone=c.gone | {t.id})
    assert asked(f, c, a, action, t).allowed or not asked(f, gone, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_disowning_never_opens_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    disowned = replace(c, disowned=c.disowned | {t.id})
    assert asked(f, c, a, action, t).allowed or not asked(f, disowned, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_opposing_emergencies_never_opens_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    opposed = replace(c, opposed=frozenset({"regulation", "break_glass"}))
    assert asked(f, c, a, action, t).allowed or not asked(f, opposed, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_refusing_feeding_never_opens_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    refused = replace(c, refused=c.refused | {a.id, a.organisation, f"cat:{t.category}"})
    assert asked(f, c, a, action, t).allowed or not asked(f, refused, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_consenting_never_closes_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    consented = replace(c, consents={**c.consents, a.id: "2026-12-31T00:00:00+00:00"}, express=c.express | {a.id})
    assert not asked(f, c, a, action, t).allowed or asked(f, consented, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_allowing_never_closes_anything(f: Facts, c: Choices, a: Actor, action: str, t: Thing) -> None:
    allowed = replace(c, allowed=c.allowed | {a.id, a.organisation})
    assert not asked(f, c, a, action, t).allowed or asked(f, allowed, a, action, t).allowed


@given(facts, choices, actors, actions, things)
def test_allowing_or_blocking_somebody_else_changes_nothing(
    f: Facts, c: Choices, a: Actor, action: str, t: Thing
) -> None:
    other = replace(c, allowed=c.allowed | {"pro:9", "org:9"}, blocked=c.blocked | {"pro:8", "org:8"})
    assert asked(f, c, a, action, t) == asked(f, other, a, action, t)


@given(facts, choices, actors, things, st.sampled_from(READING))
def test_an_unknown_profession_reads_only_its_own_deposits(
    f: Facts, c: Choices, a: Actor, t: Thing, action: str
) -> None:
    stranger = replace(a, kind=Kind.PROFESSIONAL, profession="998")
    mine = (t.author, t.organisation) == (stranger.id, stranger.organisation)
    assert mine or action in LISTS or not asked(f, c, stranger, action, t).allowed


@given(facts, choices, actors, things, st.sampled_from(("document:read", "document:consult", "profile:read")))
def test_an_unknown_category_is_read_by_its_author_and_the_holder_only(
    f: Facts, c: Choices, a: Actor, t: Thing, action: str
) -> None:
    unknown = replace(t, category="NEW")
    mine = (t.author, t.organisation) == (a.id, a.organisation)
    assert mine or a.id == c.holder or not asked(f, c, a, action, unknown).allowed


@given(facts, choices, actors, things)
def test_an_unknown_action_is_refused(f: Facts, c: Choices, a: Actor, t: Thing) -> None:
    assert not asked(f, c, a, "document:print", t).allowed


@given(choices, actors, actions, things, st.sampled_from(["elsewhere", "erased", ""]))
def test_a_record_in_an_unknown_state_is_closed_to_everybody(
    c: Choices, a: Actor, action: str, t: Thing, state: str
) -> None:
    assert not asked(Facts("r", state), c, a, action, t).allowed


@given(facts, choices, actors, things)
def test_nobody_but_intake_opens_what_has_not_passed_the_checks(f: Facts, c: Choices, a: Actor, t: Thing) -> None:
    opened = [action for action in ("document:consult", "document:inspect") if asked(f, c, a, action, t).allowed]
    assert not opened or t.state == "available" or (a.kind, t.state) == (Kind.SYSTEM, "received")
