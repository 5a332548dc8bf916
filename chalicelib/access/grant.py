"""A Grant is the only thing that opens a record; a Shelf is what it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ..kernel.errors import AccessDenied, Broken
from ..kernel.host import Host
from ..kernel.ports import ALWAYS, Row, Value, When
from ..kernel.seal import fingerprint, seal, unseal
from .actor import Actor
from .choices import Choices
from .facts import Facts, partition
from .keyring import content_key
from .rules import Decision


@dataclass(frozen=True, slots=True)
class Grant:
    """One allowed action, already in the journal under `op`. `rows` are the record's rows read for the decision.

    `ticket` is the read-id that spared it an entry of its own, empty when it has one.
    """

    actor: Actor
    action: str
    record: str
    about: str
    facts: Facts
    choices: Choices
    decision: Decision
    op: bytes
    rows: Mapping[str, Row]
    policy_key: bytes
    key_row: Row
    ticket: str = ""


class Opened(Protocol):
    """What was read of a record, before or after the decision (`Seen`, `Grant`)."""

    @property
    def record(self) -> str:
        """Return its id."""

    @property
    def facts(self) -> Facts:
        """Return its facts."""

    @property
    def choices(self) -> Choices:
        """Return what its holder has decided."""

    @property
    def rows(self) -> Mapping[str, Row]:
        """Return its rows by sort key."""

    @property
    def policy_key(self) -> bytes:
        """Return the key of its metadata."""


class Shelf:
    """Seals and opens what one grant covers: metadata rows of its record, parts of the document it is about."""

    def __init__(self, host: Host, grant: Grant) -> None:
        """Take a grant; nothing is read yet."""
        self._host, self._grant = host, grant

    def row(self, sort: str, clear: bytes, *, version: int, state: str = "", **plain: Value) -> Row:
        """Return a sealed row, bound to record, place, version and state; `plain` attributes stay readable."""
        record = self._grant.record
        body = seal(self._grant.policy_key, "rows", clear, record, sort, str(version), state)
        return {"pk": partition(record), "sk": sort, "version": version, "state": state, "body": body, **plain}

    def put(self, row: Row, when: When = ALWAYS) -> None:
        """Write a row that `row` made. Raise ConditionFailed."""
        self._host.rows.put(row, when)

    def open(self, row: Row) -> bytes:
        """Return what `row` sealed. Raise Broken when the row was moved, altered or mixed."""
        return open_row(self._grant.policy_key, self._grant.record, row)

    def name(self, use: str, *parts: str) -> str:
        """Return a keyed hash of the parts that only this record can make: a row name that tells nothing."""
        return fingerprint(self._grant.policy_key, use, *parts)

    def content_key(self, document: str) -> bytes:
        """Unwrap the content key for the document that the grant is about."""
        if document != self._grant.about or not self._grant.decision.allowed:
            raise AccessDenied("NOT_GRANTED")
        return content_key(self._host, self._grant.record, self._grant.key_row)


def open_row(policy_key: bytes, record: str, row: Row) -> bytes:
    """Return the clear body of a sealed row, checked against where and as what it was found."""
    sort, version, state, body = row["sk"], row.get("version"), row.get("state"), row.get("body")
    if not isinstance(body, bytes) or row["pk"] != partition(record):
        raise Broken
    return unseal(policy_key, "rows", body, record, str(sort), str(version), str(state))
