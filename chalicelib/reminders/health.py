"""What the profile and the agenda say to reminders: one sealed row each, read along with the gate."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from ..access.grant import open_row
from .model import Act, History, Person, Pregnancy
from .state import Opened

HEALTH = "5health"


@dataclass(frozen=True, slots=True)
class Health:
    """The digest of the profile; empty when nothing was ever said."""

    risks: frozenset[str] = field(default_factory=frozenset)
    pregnancies: tuple[tuple[date, date | None], ...] = ()
    acts: tuple[tuple[str, date, str], ...] = ()
    opted_out: frozenset[str] = field(default_factory=frozenset)


def health(found: Opened) -> Health:
    """Return what the profile says. Raise Broken."""
    row = found.rows.get(HEALTH)
    if row is None:
        return Health()
    kept = json.loads(open_row(found.policy_key, found.record, row))
    pregnancies = [
        (date.fromisoformat(began), date.fromisoformat(end) if end else None) for began, end in kept["pregnancies"]
    ]
    acts = [(code, date.fromisoformat(on), result) for code, on, result in kept["acts"]]
    return Health(frozenset(kept["risks"]), tuple(pregnancies), tuple(acts), frozenset(kept["opted_out"]))


def planned(_found: Opened) -> Iterable[tuple[datetime, str]]:
    """Return when the holder wants to be told of what the agenda holds, under names that tell nothing."""
    return ()


def history(known: Health) -> History:
    """Return the acts as the engine wants them."""
    return tuple(Act(code, on, result) for code, on, result in known.acts)


def person(birth: date, sex: str, territory: str, known: Health) -> Person:
    """Return the person as the engine wants them."""
    pregnancies = tuple(Pregnancy(began, ended) for began, ended in known.pregnancies)
    return Person(birth, sex, territory, known.risks, pregnancies, known.opted_out)
