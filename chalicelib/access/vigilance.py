"""Identity vigilance: a document is filed only for a qualified identity, and only when it is about this very person."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from ..kernel.errors import Invalid
from .ins import QUALIFIED
from .person import Person

_OTHER = "The identity does not allow this document to be filed here."
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a document says about its patient; what it does not say is empty."""

    ins: str = ""
    oid: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: str = ""


def check(person: Person, traits: Traits | None) -> None:
    """Raise Invalid unless the identity is qualified and agrees with every trait given; which one is not told (U08).

    INS 2.0 § identity vigilance: a number alone does not tell a person, a document that disagrees is somebody else's.
    """
    if person.status != QUALIFIED or (traits and not agree(person, traits)):
        raise Invalid(_OTHER)


def agree(person: Person, traits: Traits) -> bool:
    """Tell whether every trait that is given is one of this person."""
    named = {_plain(person.given_names[0]), _plain(" ".join(person.given_names))}
    return (
        traits.ins in ("", person.ins)
        and traits.oid in ("", person.oid)
        and traits.sex in ("", person.sex)
        and traits.birth_date in (None, person.birth_date)
        and (not traits.family_name or _plain(traits.family_name) == _plain(person.family_name))
        and (not traits.given_name or _plain(traits.given_name) in named)
    )


def bears(person: Person, name: str) -> bool:
    """Tell whether a name, given names first, is this person's: with the first of their given names, or with all."""
    given = {person.given_names[0], " ".join(person.given_names)}
    return _plain(name) in {_plain(f"{one} {person.family_name}") for one in given}


def _plain(name: str) -> str:
    """Return a name as it is compared: capitals without accents, one space between words (RNIV, strict traits)."""
    letters = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _BETWEEN.sub(" ", bare).strip().upper()
