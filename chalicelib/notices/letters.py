"""Notices on paper: the page waits sealed in the record; outside it only an id, its pages and its department.

`l#<id>` is the letter for good: its batch is written there once. `l#waiting#…` is a hint that may be laid again.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from zlib import crc32

from ..access.facts import partition
from ..access.grant import Grant, Shelf
from ..access.keyring import system_key
from ..access.person import Person, read_person
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row
from ..kernel.seal import seal, unseal
from . import texts
from .contact import Address
from .model import Letterhead, Said
from .paper import Words, letter

PREFIX = "6letter#"
SHARDS = 16
SENDER = {"fr": "Mon espace de santé", "en": "My health record"}


@dataclass(frozen=True, slots=True)
class Letter:
    """What a printer is told of a letter, and whose it is."""

    record: str
    pages: int
    department: str


def lay(host: Host, letterhead: Letterhead, grant: Grant, address: Address, said: Said, reference: str) -> None:
    """Write the page and let it wait for the next batch. Repeating it changes nothing.

    What the record does not hold comes before the page, by which it is found, and after the way back, by which it is
    too: a person may be forgotten between any two of them.
    """
    page = letter(_words(letterhead, read_person(host, grant), address, said, reference))
    (pk, sk), about = letter_key(reference), {"record": grant.record, "pages": 1, "department": address.department}
    _once(host, {"pk": pk, "sk": sk, "body": seal(system_key(host), "letters", json.dumps(about).encode(), pk, sk)})
    _once(host, Shelf(host, grant).row(PREFIX + reference, page, version=1))
    pk, sk = hint(reference)
    host.rows.put({"pk": pk, "sk": sk})


def _words(letterhead: Letterhead, person: Person, address: Address, said: Said, reference: str) -> Words:
    abroad = () if address.country == "FR" else (address.country,)
    return Words(
        sender=SENDER[said.language],
        to=(_name(person), *address.lines, f"{address.postcode} {address.city}".strip(), *abroad),
        subject=texts.SUBJECT[said.language],
        paragraphs=(texts.GREETING[said.language], *texts.body(said, letterhead.portal).split("\n\n")),
        link=letterhead.portal,
        reference=reference,
        language=said.language,
    )


def _name(person: Person) -> str:
    return " ".join((*person.given_names[:1], person.family_name))


def letter_key(reference: str) -> Key:
    """Return where the letter lies for good."""
    return f"l#{reference}", "0"


def hint(reference: str) -> Key:
    """Return where it is seen that the letter waits."""
    return f"l#waiting#{shard_of(reference):02d}", reference


def shard_of(reference: str) -> int:
    """Return the shard of a letter, in the waiting room and in every batch."""
    return crc32(reference.encode()) % SHARDS


def lies(host: Host, references: Iterable[str]) -> bool:
    """Tell whether one of these was laid as a letter: it is printed some night, and fetched some day."""
    keys = [letter_key(reference) for reference in references]
    return bool(keys and host.rows.get(keys))


def lying(host: Host, grant: Grant) -> Iterator[Key]:
    """Yield what lies of a record's letters outside it."""
    after = PREFIX
    while rows := host.rows.query(partition(grant.record), after=after, upto=PREFIX + "~"):
        for row in rows:
            reference = cast(str, row["sk"]).removeprefix(PREFIX)
            yield from (letter_key(reference), hint(reference))
        after = cast(str, rows[-1]["sk"])


def opened(host: Host, row: Row) -> Letter:
    """Return what the row of a letter says."""
    pk, sk = cast(str, row["pk"]), cast(str, row["sk"])
    return Letter(**json.loads(unseal(system_key(host), "letters", cast(bytes, row["body"]), pk, sk)))


def _once(host: Host, row: Row) -> None:
    with suppress(ConditionFailed):  # an earlier try wrote it
        host.rows.put(row, NEW)
