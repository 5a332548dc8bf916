"""The outside world as nine small ports. One adapter a file stands in `chalicelib/hosts/`.

Only calls that every host offers: single-item conditions, plain object calls, lossy queues.
Every adapter raises `Unavailable` when its service does not answer, and nothing of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol, TypeVar

Key = tuple[str, str]
"""(partition, sort): both are text without personal data."""

Value = str | int | bytes | list[bytes]
Row = Mapping[str, Value]
"""Attributes by name; `pk` and `sk` are always there. `work` and `since` put the row into the work index."""

T_co = TypeVar("T_co", covariant=True)


class Pending(Protocol[T_co]):
    """A call that has been started; `result()` waits for it and raises what it raised."""

    def result(self) -> T_co:
        """Wait for the answer."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition on the one row that is written: all parts must hold."""

    equals: Mapping[str, Value] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    shorter: Mapping[str, int] = field(default_factory=dict)
    """list attribute -> its length is below this (an absent list has length 0)"""
    below: Mapping[str, int] = field(default_factory=dict)
    """number attribute -> its value is below this (an absent number is 0)"""


ALWAYS = When()
NEW = When(absent=("pk",))


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does to one row, all at once. The row is created when absent and the condition allows it."""

    set: Mapping[str, Value] = field(default_factory=dict)
    default: Mapping[str, Value] = field(default_factory=dict)
    """attribute -> value it gets only when it has none"""
    append: Mapping[str, bytes] = field(default_factory=dict)
    """list attribute -> one element for its end"""
    add: Mapping[str, int] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    """whole attributes only: one engine removes the wrong list element"""


class Rows(Protocol):
    """The key-value table. Reads are strongly consistent except `work`."""

    def begin_get(self, keys: Sequence[Key]) -> Pending[dict[Key, Row]]:
        """Start reading up to 100 rows; absent ones are left out."""

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        """Read up to 100 rows in one call; absent ones are left out."""

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        """Read rows with after < sort (<= upto, when given) in ascending order, at most `limit`."""

    def begin_query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> Pending[list[Row]]:
        """Start what `query` does."""

    def names(self, partition: str, *, after: str = "", limit: int = 100) -> list[str]:
        """Read the sorts that `query` would find, and nothing else of their rows."""

    def begin_names(self, partition: str, *, after: str = "", limit: int = 100) -> Pending[list[str]]:
        """Start what `names` does."""

    def put(self, row: Row, when: When = ALWAYS) -> None:
        """Write the whole row. Raise ConditionFailed."""

    def begin_put(self, row: Row, when: When = ALWAYS) -> Pending[None]:
        """Start what `put` does; its result raises what `put` raises."""

    def put_many(self, rows: Sequence[Row]) -> None:
        """Write whole rows without a condition, no key twice, in no order. Raise Unavailable: any may be there."""

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Change one row, sent once and never repeated by the adapter. Raise ConditionFailed, or Ambiguous."""

    def delete(self, key: Key, when: When = ALWAYS) -> None:
        """Delete the row; an absent one is no error. Raise ConditionFailed."""

    def work(self, shard: str, *, upto: str, limit: int = 100) -> list[Key]:
        """Keys of rows with `work` = shard and `since` <= upto, oldest first; may lag, never decides anything."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One object in a listing."""

    name: str
    size: int
    modified: datetime


class Blobs(Protocol):
    """The object store. Names are random; correctness never depends on its headers."""

    def put(self, name: str, data: bytes) -> None:
        """Write the object; durable when it returns."""

    def begin_put(self, name: str, data: bytes) -> Pending[None]:
        """Start writing the object; durable once its result is there."""

    def begin_get(self, name: str) -> Pending[bytes]:
        """Start reading the object; its result raises NotFound when it is absent."""

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Read the bytes start <= place < stop, less where the object ends before. Raise NotFound."""

    def delete(self, name: str) -> None:
        """Delete the object; an absent one is no error."""

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Iterate over the objects in order of name."""


class Keys(Protocol):
    """The root of keys. It wraps 32-byte keys and never leaves the host."""

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key sealed under the root, bound to the context."""

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key. Raise Broken when the context or the bytes are not the ones that were wrapped."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as received: `receipt` is what `delete` wants, `count` how often it was received."""

    body: str
    receipt: str
    count: int = 1


class Queue(Protocol):
    """Wake-ups: at least once, any order, may be lost. The rows are the truth. Bodies carry ids only."""

    def send(self, name: str, body: str) -> None:
        """Hand over one message."""

    def receive(self, name: str, limit: int = 10) -> list[Delivery]:
        """Take up to `limit` messages out of sight; one received too often goes to `<name>-dead` instead."""

    def delete(self, name: str, receipt: str) -> None:
        """Forget one message for good."""

    def redrive(self, name: str) -> int:
        """Move the dead letters of this queue back into it; return how many."""


class Mail(Protocol):
    """E-mail out."""

    def send(self, message: EmailMessage) -> None:
        """Return only after the server took responsibility. Raise Refused when it knows no such mailbox."""


class Sms(Protocol):
    """Short messages out."""

    def accepts(self, number: str) -> bool:
        """Tell whether we would ever send there."""

    def send(self, number: str, text: str, reference: str) -> None:
        """Return only after the provider took responsibility; it sends one message for one reference.

        Raise Refused when it never will for this number.
        """


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser listens (RFC 8030), and its keys in base64url (RFC 8291): the address is a secret."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


class Push(Protocol):
    """Web Push out."""

    def accepts(self, subscription: Subscription) -> bool:
        """Tell whether we would ever send there: a listed push service, keys that are keys."""

    def send(self, subscription: Subscription, payload: bytes, reference: str) -> None:
        """Return only after the push service took responsibility; a repeated reference replaces what waits.

        Raise Gone when the subscription is over, Refused when it is not accepted.
        """


class Scanner(Protocol):
    """The virus scanner."""

    def scan(self, content: bytes) -> str | None:
        """Return the name of what was found, or None."""


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return now, in UTC, aware."""

    def sleep(self, seconds: float) -> None:
        """Wait before another try."""
