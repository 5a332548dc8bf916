"""The seeded people and machines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

REALMS = ("citizens", "professionals", "machines", "staff")
"""one issuer each, as in reality: what a machine's issuer signs can never make a citizen"""
PORTAL = "portal"
"""the public browser client"""


@dataclass(frozen=True, slots=True)
class Person:
    """One identity of one realm; `behind` is the professional on whose behalf a machine calls."""

    key: str
    realm: str
    claims: Mapping[str, Any]
    behind: str = ""
    ins: Mapping[str, str] = field(default_factory=dict)

    @property
    def client_id(self) -> str:
        """Return the client its tokens are given to."""
        return self.key if self.realm == "machines" else PORTAL


@cache
def people() -> Mapping[str, Person]:
    """Return everybody by key."""
    plain = json.loads((Path(__file__).parents[1] / "people.json").read_text())
    return {key: Person(key, **about) for key, about in plain["people"].items()}


def claims_of(person: Person, choice: int = 0) -> dict[str, Any]:
    """Return the identity claims; `choice` is the chosen *exercice* (counted over all activities) of a professional."""
    claims = dict(person.claims)
    professional = people()[person.behind] if person.behind else person
    if "SubjectRefPro" in professional.claims:
        claims = {**professional.claims, **claims, "exercice": exercices(professional)[choice]}
    return claims


def exercices(person: Person) -> list[dict[str, Any]]:
    """Return the practices a professional can choose from: profession and place."""
    return [
        _exercice(practice, activity)
        for practice in person.claims["SubjectRefPro"]["exercices"]
        for activity in practice["activities"]
    ]


def _exercice(practice: Mapping[str, Any], activity: Mapping[str, Any]) -> dict[str, Any]:
    codes = {name: practice[name] for name in ("codeProfession", "codeSavoirFaire") if name in practice}
    place = {"id": activity["identifiantTechniqueDeLaStructure"], "name": activity["raisonSocialeSite"]}
    return {**codes, "organisation": place, "secteur": activity["codeSecteurDactivite"]}
