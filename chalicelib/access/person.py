"""Who the holder is and how to reach them: an immutable sealed row that facts point to."""

import secrets
from datetime import date

from pydantic import BaseModel, ConfigDict

from ..kernel.errors import Broken
from ..kernel.host import Host
from ..kernel.ports import Row
from ..kernel.seal import seal, unseal
from .facts import Facts, partition
from .gate import Seen
from .grant import Grant
from .ins import QUALIFIED

PREFIX = "4person#"


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

    `status` is what the identity is worth (`ins.STATUSES`). `address` are the lines under the name. `representatives`
    are those whom the fund named: a hint of whom to ask, never a right.
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


def person_row(policy_key: bytes, record: str, person: Person) -> dict[str, str | bytes]:
    """Return a row of its own for this state of the person."""
    sort = PREFIX + secrets.token_hex(8)
    body = seal(policy_key, "person", person.model_dump_json().encode(), record, sort)
    return {"pk": partition(record), "sk": sort, "body": body}


def read_person(host: Host, grant: Grant | Seen) -> Person:
    """Return the holder's traits and contact means. Raise Broken when the row is not the one facts name."""
    return person_in(host, grant.policy_key, grant.facts)


def person_in(host: Host, policy_key: bytes, facts: Facts) -> Person:
    """Return the person that these facts name. Raise Broken."""
    key = (partition(facts.record), facts.person)
    row: Row = host.rows.get([key]).get(key, {})
    body = row.get("body")
    if not isinstance(body, bytes):
        raise Broken
    return Person.model_validate_json(unseal(policy_key, "person", body, facts.record, facts.person))
