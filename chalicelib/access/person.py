"""Who the holder is and how to reach them: an immutable sealed row that facts point to."""

import secrets
from contextlib import suppress
from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from ..kernel.errors import Broken, ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Change, Key, Row, When
from ..kernel.seal import seal, unseal
from .clocks import instant
from .facts import Facts, partition
from .grant import Grant
from .ins import QUALIFIED
from .keyring import SORT as BEGINNING

PREFIX = "4person#"
CAME_BACK = PREFIX + "back-"
FIRST = PREFIX + "0"
"""where the row of nearly every record lies, so that it can be read along before facts are known"""


class Representative(BaseModel):
    """Who acts for the holder: a `parent`, or a `guardian` under a `mandate` (what kind it is)."""

    model_config = ConfigDict(frozen=True)
    ins: str
    oid: str
    family_name: str
    given_names: tuple[str, ...]
    kind: str
    mandate: str = ""
    email: str = ""
    phone: str = ""


class Person(BaseModel):
    """The strict traits of the national identity (INS) and the contact means. `sex` is F, M or I.

    `status` is what the identity is worth (`ins.STATUSES`); only a qualified one receives documents. `address` are the
    lines under the name. `representatives` are those whom the fund named: a hint of whom to ask, never a right.
    """

    model_config = ConfigDict(frozen=True)
    ins: str
    oid: str
    family_name: str
    given_names: tuple[str, ...]
    birth_date: date
    sex: str
    birth_place: str
    email: str = ""
    language: str = "fr"
    territory: str = ""
    status: str = QUALIFIED
    phone: str = ""
    address: tuple[str, ...] = ()
    representatives: tuple[Representative, ...] = ()


_TRAITS = (
    "ins",
    "oid",
    "family_name",
    "given_names",
    "birth_date",
    "sex",
    "birth_place",
    "language",
    "territory",
    "status",
)

_MEANS = ("email", "phone", "address", "representatives")
_UNDER_WAY = timedelta(hours=1)


def seal_person(policy_key: bytes, record: str, person: Person, sort: str) -> bytes:
    """Return what the row at this place says of the person."""
    return seal(policy_key, "person", person.model_dump_json().encode(), record, sort)


def person_row(policy_key: bytes, record: str, person: Person, sort: str = FIRST) -> dict[str, str | bytes]:
    """Return the row that says this of the person, at this place."""
    return {"pk": partition(record), "sk": sort, "body": seal_person(policy_key, record, person, sort)}


def place_person(host: Host, policy_key: bytes, record: str, person: Person) -> str:
    """Write the row of a record that is being opened; return its place, a new one when another client took the first.

    Two clients may open one record at once with different means of contact: facts, written last, say whose hold.
    """
    try:
        host.rows.put(person_row(policy_key, record, person), NEW)
        return FIRST
    except ConditionFailed:
        key = (partition(record), FIRST)
    if open_person(policy_key, record, host.rows.get([key]).get(key, {})) == person:
        return FIRST
    aside = PREFIX + secrets.token_hex(8)
    host.rows.put(person_row(policy_key, record, person, aside))
    return aside


def read_person(host: Host, grant: Grant) -> Person:
    """Return the holder's traits and contact means, read along or now. Raise Broken: the row is not what facts name."""
    row = grant.key_row if grant.facts.person == BEGINNING else grant.rows.get(grant.facts.person)
    return open_person(grant.policy_key, grant.record, row) if row else person_in(host, grant.policy_key, grant.facts)


def person_in(host: Host, policy_key: bytes, facts: Facts) -> Person:
    """Return the person that these facts name. Raise Broken."""
    key = (partition(facts.record), facts.person)
    return open_person(policy_key, facts.record, host.rows.get([key]).get(key, {}))


def bare(person: Person) -> Person:
    """Return the traits and nothing by which the person could be reached: what is left after an opposition."""
    return Person(**{name: getattr(person, name) for name in _TRAITS})


def place_to_come_back(now: datetime) -> str:
    """Return a place of its own for the row of who opposed and asks for a record: when it was written, and a number."""
    return f"{CAME_BACK}{instant(now)}-{secrets.token_hex(8)}"


def came_back(facts: Facts) -> bool:
    """Tell whether facts name what somebody gave who opposed and asked for a record."""
    return facts.person.startswith(CAME_BACK)


def left_behind(host: Host, facts: Facts, now: datetime) -> list[Key]:
    """Return such rows that facts do not name, and no request under way is going to: it was killed, or another came."""
    upto = CAME_BACK + instant(now - _UNDER_WAY)
    rows = host.rows.query(partition(facts.record), after=CAME_BACK, upto=upto)
    return [(str(row["pk"]), str(row["sk"])) for row in rows if row["sk"] != facts.person]


def reached_by(person: Person, means: Person) -> Person:
    """Return this person with language, means of contact and representatives of the other."""
    return person.model_copy(update={name: getattr(means, name) for name in ("language", *_MEANS)})


def forget_contact(host: Host, grant: Grant) -> None:
    """Keep the traits alone."""
    _keep_bare(host, grant.policy_key, grant.record, grant.facts.person, read_person(host, grant))


def forget_beginning(host: Host, policy_key: bytes, record: str, key_row: Row) -> None:
    """Keep the traits alone of what a record began with: for one whose facts name another row."""
    if _attribute(BEGINNING) in key_row:
        _keep_bare(host, policy_key, record, BEGINNING, open_person(policy_key, record, key_row))


def _keep_bare(host: Host, policy_key: bytes, record: str, sort: str, person: Person) -> None:
    """Write the traits where the person stands. A record of which nothing is left stays so."""
    if bare(person) == person:
        return
    body = seal_person(policy_key, record, bare(person), sort)
    with suppress(ConditionFailed):
        host.rows.update((partition(record), sort), Change(set={_attribute(sort): body}), When(present=("pk",)))


def open_person(policy_key: bytes, record: str, row: Row) -> Person:
    """Return the traits that a row seals. Raise Broken."""
    sort = str(row.get("sk", ""))
    body = row.get(_attribute(sort))
    if not isinstance(body, bytes):
        raise Broken
    return Person.model_validate_json(unseal(policy_key, "person", body, record, sort))


def _attribute(sort: str) -> str:
    """Return which attribute of the row says it: what a record began with may stand in the row of its keys."""
    return "person" if sort == BEGINNING else "body"
