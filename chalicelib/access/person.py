"""Who the holder is and how to reach them: an immutable sealed row that facts point to."""

import secrets
from datetime import date

from pydantic import BaseModel, ConfigDict

from ..kernel.errors import Broken
from ..kernel.host import Host
from ..kernel.ports import Row
from ..kernel.seal import seal, unseal
from .facts import partition
from .grant import Grant

PREFIX = "4person#"
QUALIFIED = "QUALIFIEE"


class Person(BaseModel):
    """The strict traits of the national identity (INS) and the contact means. `sex` is F, M or I.

    `status` is what the identity is worth; only a qualified one receives documents.
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


def person_row(policy_key: bytes, record: str, person: Person, sort: str = "") -> dict[str, str | bytes]:
    """Return a row of its own for this state of the person, or the one at this place."""
    sort = sort or PREFIX + secrets.token_hex(8)
    body = seal(policy_key, "person", person.model_dump_json().encode(), record, sort)
    return {"pk": partition(record), "sk": sort, "body": body}


def read_person(host: Host, grant: Grant) -> Person:
    """Return the holder's traits and contact means. Raise Broken when the row is not the one facts name."""
    key = (partition(grant.record), grant.facts.person)
    return open_person(grant.policy_key, grant.record, host.rows.get([key]).get(key, {}))


def forget_contact(host: Host, grant: Grant) -> None:
    """Keep the traits and nothing by which the person could be reached: what is left after an opposition."""
    person = read_person(host, grant)
    bare = Person(**{name: getattr(person, name) for name in _TRAITS})
    if bare != person:
        row = person_row(grant.policy_key, grant.record, bare, grant.facts.person)
        host.rows.put(row)


def open_person(policy_key: bytes, record: str, row: Row) -> Person:
    """Return the traits that a row seals. Raise Broken."""
    body = row.get("body")
    if not isinstance(body, bytes):
        raise Broken
    return Person.model_validate_json(unseal(policy_key, "person", body, record, str(row["sk"])))
