"""Who asks. Built from a verified token only (edge/authn), or by a scheduled job."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """The classes of caller that the access rules tell apart."""

    __hash__ = str.__hash__  # Enum's own is a call in Python, three of them in each decision

    CITIZEN = "citizen"
    PROFESSIONAL = "professional"
    SOFTWARE = "software"
    """an organisation's software without an individual professional behind the call"""
    ENROLMENT = "enrolment"
    SUPPORT = "support"
    SYSTEM = "system"
    INSURER = "insurer"
    MUTUELLE = "mutuelle"
    EMPLOYER = "employer"
    BANK = "bank"
    STATE = "state"
    HEALTH_FUND = "health_fund"
    LEGAL = "legal"
    """an agent of the legal desk: heirs and court orders, always two of them"""
    INVITEE = "invitee"
    """whoever holds the code of an invitation, without any account"""


@dataclass(frozen=True)
class Actor:
    """One caller for one request.

    `id` is stable across logins: `pro:<national id>` for a professional, `citizen:<keyed hash of issuer and
    subject>` for a person, `client:<id>` for software, `staff:<id>`, `system:<job>`.
    `organisation` is `org:<national id>` of the chosen *exercice*; `profession` is its code in the access
    matrix (`10`, `10/SM25`, `60/IPA`, `70`).
    """

    kind: Kind
    id: str
    name: str = ""
    profession: str = ""
    organisation: str = ""
    organisation_name: str = ""
    client: str = ""
    regulator: bool = False
    """a physician of an emergency call centre (SAMU, centre 15), as Pro Santé Connect says"""

    @cached_property
    def names(self) -> tuple[str, str, str]:
        """Return what choices may call a professional: put together once, and not for each document of a list."""
        return self.id, self.organisation, f"prof:{self.profession}"


def invitee(reference: str) -> Actor:
    """Return who brings the code or the secret of this reference: nothing else is known of them."""
    return Actor(Kind.INVITEE, f"invitee:{reference}")
