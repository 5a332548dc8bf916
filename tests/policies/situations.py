"""Reads policies/cases/: one situation a file, its name the sentence it proves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices, Code, Delegation, Disclosure, Limit
from chalicelib.access.decide import FEEDING, Tables, shipped
from chalicelib.access.facts import Facts
from chalicelib.access.predicates import situation
from chalicelib.access.rules import Decision, judge
from chalicelib.access.thing import Thing
from chalicelib.access.words import BIT

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHIPPED = shipped()


class Strict(BaseModel):
    """A part of a case; an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ActorPart(Strict):
    """Who asks."""

    kind: Kind
    id: str
    profession: str = ""
    organisation: str = ""
    regulator: bool = False


class LimitPart(Strict):
    """Within what a permission holds."""

    categories: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    ends: str = ""


class DelegationPart(Strict):
    """Who acts for the holder, until when."""

    kind: str
    name: str = ""
    ends: str = ""


class DisclosurePart(Strict):
    """What two agents of the legal desk agreed on."""

    subject: str
    ground: str
    proposed_by: str
    confirmed_by: str = ""
    ends: str = ""


class CodePart(Strict):
    """What was handed out or let somebody in."""

    purpose: str
    ends: str
    subject: str = ""
    maker: str = ""


class ChoicesPart(Strict):
    """What the holder decided."""

    holder: str = ""
    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    limits: Mapping[str, LimitPart] = {}
    team: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    physician: str = ""
    express: frozenset[str] = frozenset()
    consents: Mapping[str, str] = {}
    refused: frozenset[str] = frozenset()
    discreet: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    announced: frozenset[str] = frozenset()
    disowned: frozenset[str] = frozenset()
    proxies: Mapping[str, DelegationPart] = {}
    carers: Mapping[str, DelegationPart] = {}
    designated: frozenset[str] = frozenset()
    opposed: frozenset[str] = frozenset()
    shows_hidden: bool = False
    emergencies: Mapping[str, str] = {}
    codes: Mapping[str, CodePart] = {}
    disclosures: Mapping[str, DisclosurePart] = {}
    told: frozenset[str] = frozenset()

    def real(self) -> Choices:
        """Return the same as the code keeps it."""
        plain = dict(self)
        plain["limits"] = {name: Limit(**dict(one)) for name, one in self.limits.items()}
        plain["proxies"] = {name: Delegation(**dict(one)) for name, one in self.proxies.items()}
        plain["codes"] = {name: Code(**dict(one)) for name, one in self.codes.items()}
        plain["carers"] = {name: Delegation(**dict(one)) for name, one in self.carers.items()}
        plain["disclosures"] = {name: Disclosure(**dict(one)) for name, one in self.disclosures.items()}
        return Choices(**plain)


class ThingPart(Strict):
    """What is asked for."""

    kind: str = "record"
    id: str = ""
    category: str = ""
    author: str = ""
    organisation: str = ""
    state: str = ""
    day: str = ""
    secret: bool = False
    withheld: str = ""


class Case(Strict):
    """One situation and the rule that must decide it."""

    rule: str
    record: str
    turned: str = ""
    choices: ChoicesPart = ChoicesPart()
    actor: ActorPart
    action: str
    thing: ThingPart = ThingPart()
    feeding: str = FEEDING[0]
    now: datetime = NOW
    obligations: tuple[str, ...] = ()
    """what must follow, `notify-access` included, which is left out when the holder does not wish it"""

    def prepared(self, tables: Tables = SHIPPED) -> partial[Decision]:
        """Return the question, its arguments already built."""
        facts, choices, actor, thing = self.world()
        now = self.now.astimezone(UTC)  # as the host's clock has it, not as it was read
        return partial(feeding(tables, self.feeding).decide, facts, choices, actor, self.action, thing, now)

    def world(self) -> tuple[Facts, Choices, Actor, Thing]:
        """Return the situation as the code keeps it."""
        facts = Facts("r", self.record, turned=self.turned)
        return facts, self.choices.real(), Actor(**dict(self.actor)), Thing(**dict(self.thing))

    def words(self) -> int:
        """Return the words that hold."""
        return situation(SHIPPED.matrix, *self.world(), self.now) | feeding(SHIPPED, self.feeding).everywhere

    def holds(self, effect: str, tables: Tables = SHIPPED) -> bool:
        """Tell whether the named rule decides, with this effect and what must follow."""
        made, raw = self.decide(tables), judge(tables.book, self.words(), self.action)
        return (made.effect.upper(), made.rule, raw.obligations) == (effect, self.rule, self.obligations)

    def decide(self, tables: Tables = SHIPPED) -> Decision:
        """Ask the real tables, or others."""
        return self.prepared(tables)()


def feeding(tables: Tables, rule: str) -> Tables:
    """Return the tables under one of the two settings of policies/feeding.csv."""
    return replace(tables, everywhere=BIT["agreement_needed"] if rule == "explicit_agreement" else 0)


def cases() -> dict[str, Case]:
    """Return every case by `EFFECT/sentence`."""
    files = sorted((POLICIES / "cases").glob("*/*"))
    return {f"{file.parent.name}/{file.stem}": Case.model_validate_json(file.read_bytes()) for file in files}
