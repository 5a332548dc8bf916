"""What issuers say about callers, and the actor that follows from it."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..access.actor import Actor, Kind
from ..kernel.errors import NotAuthenticated

# Issuers add claims of their own: unknown ones are ignored, known ones are typed strictly.
_CLAIMS = ConfigDict(strict=True, extra="ignore", frozen=True)

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]
"""No `#` and no `:`, which separate parts of keys; no `@`, which makes an address."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]

SECTORS: Mapping[str, Kind] = {
    "SA23": Kind.INSURER,
    "SA24": Kind.HEALTH_FUND,
    "SA26": Kind.STATE,
    "SA44": Kind.EMPLOYER,
}
"""Sectors of activity (TRE_R02) whose members never read, whatever their profession: domain/facts.md § 3.6."""


class Role(StrEnum):
    """What a machine is registered for."""

    DEPOSIT = "deposit"
    ENROLMENT = "enrolment"
    INSURER = "insurer"
    MUTUELLE = "mutuelle"
    EMPLOYER = "employer"
    BANK = "bank"
    STATE = "state"
    HEALTH_FUND = "health_fund"
    REGULATION = "regulation"
    """the software of an emergency call centre (SAMU, centre 15): who uses it regulates"""


_USED = (Role.DEPOSIT, Role.REGULATION)
"""roles behind which a professional may stand"""

ROLES: Mapping[Role, Kind] = {role: Kind(role) for role in Role if role not in _USED} | dict.fromkeys(
    _USED, Kind.SOFTWARE
)


class Confirmation(BaseModel):
    """The key that the token is bound to."""

    model_config = _CLAIMS
    jkt: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Claims(BaseModel):
    """What every token says. Times are whole seconds."""

    model_config = _CLAIMS
    iss: str
    sub: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    aud: str | list[str]
    exp: int
    iat: int
    nbf: int = 0
    jti: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]{1,120}$")]
    cnf: Confirmation | None = None


class Citizen(Claims):
    """A person, as FranceConnect describes one."""

    given_name: Name
    family_name: Name


class Organisation(BaseModel):
    """Where somebody works, or whose machine it is."""

    model_config = _CLAIMS
    id: Identifier
    name: Name


class Exercise(BaseModel):
    """The chosen *exercice*: in which profession and for whom the professional acts now."""

    model_config = _CLAIMS
    codeProfession: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,3}$")]  # noqa: N815
    codeSavoirFaire: str | None = None  # noqa: N815
    organisation: Organisation
    secteur: str


class Activity(BaseModel):
    """One place of work in the professional's own list."""

    model_config = _CLAIMS
    identifiantTechniqueDeLaStructure: Identifier  # noqa: N815
    raisonSocialeSite: Name  # noqa: N815
    codeSecteurDactivite: str  # noqa: N815


class ListedExercise(BaseModel):
    """One profession in the professional's own list."""

    model_config = _CLAIMS
    codeProfession: str  # noqa: N815
    codeSavoirFaire: str | None = None  # noqa: N815
    activities: list[Activity]


class ProfessionalReference(BaseModel):
    """The directory's view of the professional (SubjectRefPro of Pro Santé Connect)."""

    model_config = _CLAIMS
    exercices: list[ListedExercise]


class Individual(BaseModel):
    """The professional behind a call, as Pro Santé Connect describes one."""

    model_config = _CLAIMS
    SubjectNameID: Identifier
    given_name: Name
    family_name: Name
    exercice: Exercise
    SubjectRefPro: ProfessionalReference
    Acces_Regulation_Medicale: str = "FAUX"


class Professional(Claims, Individual):
    """A professional in a browser or an application."""


class Machine(Claims):
    """Software that acts for an organisation, alone or for one professional; always bound to its key."""

    cnf: Confirmation
    role: Role
    organisation: Organisation


class DelegatedMachine(Machine, Individual):
    """The same with the professional who uses it."""


class Staff(Claims):
    """Somebody at the help desk or the legal desk. The subject is a number, never a name or an address."""

    sub: Identifier
    role: Annotated[str, Field(pattern=r"^(support|legal)$")]


def citizen(claims: Citizen, subject: str) -> Actor:
    """Return the actor for a person known here as `subject`."""
    name = _name(claims.given_name, claims.family_name)
    return Actor(Kind.CITIZEN, f"citizen:{subject}", name, client=claims.client_id)


def professional(claims: Individual, client: str) -> Actor:
    """Return the actor in the chosen exercice. Raise NotAuthenticated when it is not in the professional's list."""
    chosen = claims.exercice
    activity = _listed(chosen, claims.SubjectRefPro)
    return Actor(
        kind=SECTORS.get(_code(activity.codeSecteurDactivite), Kind.PROFESSIONAL),
        id=f"pro:{claims.SubjectNameID}",
        name=_name(claims.given_name, claims.family_name),
        profession=profession_code(chosen.codeProfession, _code(chosen.codeSavoirFaire)),
        organisation=f"org:{activity.identifiantTechniqueDeLaStructure}",
        organisation_name=_name(activity.raisonSocialeSite),
        client=client,
        regulator=claims.Acces_Regulation_Medicale == "VRAI",
    )


def machine(claims: Machine) -> Actor:
    """Return the actor for software, or for the professional who uses it in the same organisation."""
    if isinstance(claims, DelegatedMachine) and claims.role in _USED:
        if claims.exercice.organisation.id != claims.organisation.id:
            raise NotAuthenticated
        actor = professional(claims, claims.client_id)
        return replace(actor, regulator=claims.role is Role.REGULATION)
    return Actor(
        kind=ROLES[claims.role],
        id=f"client:{claims.client_id}",
        organisation=f"org:{claims.organisation.id}",
        organisation_name=_name(claims.organisation.name),
        client=claims.client_id,
    )


def staff(claims: Staff) -> Actor:
    """Return the actor for an agent of the help desk or the legal desk."""
    return Actor(Kind(claims.role), f"staff:{claims.sub}", client=claims.client_id)


def profession_code(profession: str, skill: str) -> str:
    """Return the code of the access matrix: occupational doctors and advanced practice nurses have their own."""
    if (profession, skill) == ("10", "SM25"):
        return "10/SM25"
    return "60/IPA" if profession == "60" and skill.startswith("SI0") else profession


def _listed(chosen: Exercise, reference: ProfessionalReference) -> Activity:
    wanted = (chosen.codeProfession, _code(chosen.codeSavoirFaire))
    activities = (
        activity
        for listed in reference.exercices
        if (listed.codeProfession, _code(listed.codeSavoirFaire)) == wanted
        for activity in listed.activities
    )
    place = (chosen.organisation.id, _code(chosen.secteur))
    for activity in activities:
        if (activity.identifiantTechniqueDeLaStructure, _code(activity.codeSecteurDactivite)) == place:
            return activity
    raise NotAuthenticated


def _code(text: str | None) -> str:
    """Return the code alone: directories write `SA07` and `SA07^1.2.250.1.71.4.2.4`."""
    return (text or "").partition("^")[0]


def _name(*parts: str) -> str:
    return " ".join("".join(letter for letter in part if letter.isprintable()) for part in parts)
