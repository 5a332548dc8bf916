"""Reads policies/cases/: one situation a file, its name the sentence it proves."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.decide import decide
from chalicelib.access.facts import Facts
from chalicelib.access.rules import Decision
from chalicelib.access.thing import Thing

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Strict(BaseModel):
    """A part of a case; an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ActorPart(Strict):
    """Who asks."""

    kind: Kind
    id: str
    profession: str = ""
    organisation: str = ""


class ChoicesPart(Strict):
    """What the holder decided."""

    holder: str
    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


class ThingPart(Strict):
    """What is asked for."""

    kind: str = "record"
    id: str = ""
    category: str = ""
    author: str = ""
    organisation: str = ""
    state: str = ""


class Case(Strict):
    """One situation and the rule that must decide it."""

    rule: str
    record: str
    choices: ChoicesPart
    actor: ActorPart
    action: str
    thing: ThingPart = ThingPart()

    def prepared(self) -> Callable[[], Decision]:
        """Return the question, its arguments already built."""
        return partial(
            decide,
            Facts("r", self.record),
            Choices(**dict(self.choices)),
            Actor(**dict(self.actor)),
            self.action,
            Thing(**dict(self.thing)),
            NOW,
        )

    def decide(self) -> Decision:
        """Ask the real tables."""
        return self.prepared()()


def cases() -> dict[str, Case]:
    """Return every case by `EFFECT/sentence`."""
    files = sorted((POLICIES / "cases").glob("*/*"))
    return {f"{file.parent.name}/{file.stem}": Case.model_validate_json(file.read_bytes()) for file in files}
