"""The people of the tests: invented, and the same in every suite."""

from datetime import date

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.person import Person

ENROLMENT = Actor(Kind.ENROLMENT, "client:enrolment", "Enrôlement", client="enrolment")
HOLDER = Actor(Kind.CITIZEN, "citizen:camille", "Camille EXEMPLE")
STRANGER = Actor(Kind.CITIZEN, "citizen:autre", "Sacha AUTRE")
LAB = Actor(
    Kind.PROFESSIONAL,
    "pro:899700218896",
    "Claude BIOLOGISTE",
    "10",
    "org:1750100125",
    "Laboratoire du Parc",
    "lab-software",
)
DOCTOR = Actor(Kind.PROFESSIONAL, "pro:899700366240", "Dominique MODELE", "10", "org:1750100126", "Cabinet du Centre")
PHYSIO = Actor(Kind.PROFESSIONAL, "pro:810000005479", "Morgan KINE", "70", "org:1750100127", "Cabinet du Port")
INSURER = Actor(Kind.INSURER, "client:insurer", "Assureur", client="insurer")
SUPPORT = Actor(Kind.SUPPORT, "staff:1", "Assistance")
SOFTWARE = Actor(Kind.SOFTWARE, "client:lab-software", "", "", "org:1750100125", "Laboratoire du Parc", "lab-software")


def person(ins: str = "255081416802538", birth: date = date(1955, 8, 14), sex: str = "F") -> Person:
    """Return the traits of an invented person."""
    return Person(
        ins=ins,
        oid="1.2.250.1.213.1.4.10",
        family_name="EXEMPLE",
        given_names=("Camille",),
        birth_date=birth,
        sex=sex,
        birth_place="14168",
        email="camille@example.org",
    )
