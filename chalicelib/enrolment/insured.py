"""One line of an intake file: a person of the fund, or the fixed code of why it is none. Never shows its input."""

import csv
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from ..access.ins import PATTERN, QUALIFIED, fault_of
from ..access.person import Person, Representative
from ..edge.days import WrittenDay
from ..edge.http import STRICT
from ..edge.means import AnyEmail, AnyPhone
from ..edge.problems import Unparseable
from ..edge.strictjson import parse_json, refused
from ..kernel.errors import Invalid, TooLarge

LINE = 16 * 1024
"""bytes of one line at most"""
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", description="One line")]
Names = Annotated[list[Name], Field(min_length=1, max_length=20)]
BirthDate = Annotated[date, Field(strict=False, ge=date(1880, 1, 1), le=date(2199, 12, 31)), WrittenDay]
Place = Annotated[str, Field(pattern=r"^([0-9]{2}|2[AB])[0-9]{3}$", description="INSEE code: 29019, 99xxx abroad")]
Territory = Annotated[str, Field(pattern=r"^([0-9]{2,3}|2[AB])?$", description="Department: 29, 2A, 974")]
Oid = Literal["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"]
Status = Literal["PROVISOIRE", "RECUPEREE", "VALIDEE", "QUALIFIEE"]
Mandate = Literal["", "tutelle", "habilitation_familiale", "curatelle", "sauvegarde"]


class Identity(BaseModel):
    """The national identity number with its key (matricule INS), and the authority that gave it."""

    model_config = STRICT
    value: Annotated[str, Field(pattern=PATTERN, description="15 signs: the number with its key, without spaces")]
    oid: Oid


class Named(BaseModel):
    """Somebody who acts for the person: a parent, or a guardian under a mandate."""

    model_config = STRICT
    ins: Identity
    family_name: Name
    given_names: Names
    kind: Literal["parent", "guardian"]
    mandate: Mandate = ""
    email: AnyEmail = ""
    phone: AnyPhone = ""


class Insured(BaseModel):
    """A person of the fund: strict traits, contact means, representatives."""

    model_config = STRICT
    ins: Identity
    family_name: Name
    given_names: Names
    birth_date: BirthDate
    sex: Literal["F", "M", "I"]
    birth_place: Place
    status: Status = QUALIFIED  # type: ignore[assignment]
    email: AnyEmail = ""
    phone: AnyPhone = ""
    address: Annotated[list[Name], Field(max_length=6)] = []
    language: Literal["fr", "en"] = "fr"
    territory: Territory = ""
    representatives: Annotated[list[Named], Field(max_length=2)] = []

    def person(self) -> Person:
        """Return what the record keeps of it."""
        plain = self.model_dump(exclude={"ins", "representatives"})
        named = [
            Representative(**one.model_dump(exclude={"ins"}), ins=one.ins.value, oid=one.ins.oid)
            for one in self.representatives
        ]
        return Person(**plain, ins=self.ins.value, oid=self.ins.oid, representatives=tuple(named))


REPRESENTATIVES = 2
_PERSON = ("ins", "oid", "family_name", "given_names", "birth_date", "sex", "birth_place")
_MORE = ("status", "email", "phone", "address", "language", "territory")
_NAMED = ("ins", "oid", "family_name", "given_names", "kind", "mandate", "email", "phone")
_LISTS = ("given_names", "address")
COLUMNS = (*_PERSON, *_MORE, *(f"representative{n}_{name}" for n in (1, 2) for name in _NAMED))
"""of a CSV file, in this order; elements of a list are separated by |"""
REASONS = (
    "NOT_TEXT",
    "TOO_LONG",
    "NOT_JSON",
    "NOT_CSV",
    "HEADER",
    "UNKNOWN_MEMBER",
    *(f"FIELD_{name.upper()}" for name in Insured.model_fields),
    "INS_FORM",
    "INS_KEY",
    "REPRESENTATIVE",
)
"""everything that can be wrong with a line"""


class Rejected(Exception):
    """The line is no insured person; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_line(form: str, raw: bytes, today: date) -> Insured:
    """Return the person of a line without its end, `form` being ndjson or csv. Raise Rejected.

    Nobody is born after today: with a mistyped century an adult would be a child, and the parent of themselves.
    """
    if len(raw) > LINE:
        raise Rejected("TOO_LONG")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Rejected("NOT_TEXT") from None
    found = coherent(_from_csv(text) if form == "csv" else _from_json(raw))
    if found.birth_date > today:
        raise Rejected("FIELD_BIRTH_DATE")
    return found


def is_header(raw: bytes) -> bool:
    """Tell whether this line names the columns, all of them, in their order."""
    return raw.decode(errors="replace") == ",".join(COLUMNS)


def _from_json(raw: bytes) -> Insured:
    try:
        return parse_json(Insured, raw)
    except (Unparseable, TooLarge):
        raise Rejected("NOT_JSON") from None
    except Invalid as error:
        raise Rejected(_field(error)) from None


def _from_csv(text: str) -> Insured:
    try:
        (cells,) = csv.reader([text], strict=True)
        plain = _members(dict(zip(COLUMNS, cells, strict=True)))
    except (csv.Error, ValueError):
        raise Rejected("NOT_CSV") from None
    try:
        return Insured.model_validate(plain)
    except ValidationError as error:
        found = refused(Insured, error)
        raise Rejected(_field(found) if isinstance(found, Invalid) else "NOT_CSV") from None


def _members(row: dict[str, str]) -> dict[str, Any]:
    """Return the members that a line of JSON would have; an empty cell is an absent member."""
    named = [_identified(row, _NAMED, f"representative{number}_") for number in range(1, REPRESENTATIVES + 1)]
    return {**_identified(row, (*_PERSON, *_MORE)), "representatives": [one for one in named if one]}


def _identified(row: dict[str, str], names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {name: row[prefix + name] for name in names if row[prefix + name]}
    lists = {name: found[name].split("|") for name in _LISTS if name in found}
    ins = {place: found.pop(name) for name, place in (("ins", "value"), ("oid", "oid")) if name in found}
    return {**found, **lists, **({"ins": ins} if ins else {})}


def _field(error: Invalid) -> str:
    """Return the code of the first member that is wrong; the name of an unknown one is input, and not told."""
    name = next(iter(error.fields), "").removeprefix("/").partition("/")[0]
    return f"FIELD_{name.upper()}" if name in Insured.model_fields else "UNKNOWN_MEMBER"


def coherent(insured: Insured) -> Insured:
    """Return a person whose numbers are possible and differ, whose guardians have a mandate. Raise Rejected."""
    fault = fault_of(insured.ins.oid, insured.ins.value)
    if fault:
        raise Rejected(f"INS_{fault}")
    numbers = [insured.ins.value, *(one.ins.value for one in insured.representatives)]
    wrong = any(fault_of(one.ins.oid, one.ins.value) for one in insured.representatives)
    mandated = all((one.kind == "guardian") == bool(one.mandate) for one in insured.representatives)
    if wrong or not mandated or len(set(numbers)) != len(numbers):
        raise Rejected("REPRESENTATIVE")
    return insured
