"""What the profile keeps: one sealed row per entry, a row per earlier version, ids that tell nothing of a section."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..access.author import Author
from ..access.keyring import system_key
from ..access.thing import Thing
from ..kernel.host import Host
from ..kernel.ids import LETTERS
from ..kernel.seal import fingerprint
from .contents import AnyContent
from .measure import Measure
from .words import SECTIONS

HEAD, VERSION = "3p#", "3q#"
ENTRIES, MEASURES = "p", "m"
"""first letter of an id: an entry of a section, a measure"""
_WHOLE, _GROUP, _WHEN = 26, 7, 10
_EPOCH = 1 << 42
_SHIFT_BITS = 46
_LATEST = (1 << 50) - 1


class Entry(BaseModel):
    """One version of one entry. `author` noted it first and decides who may rewrite it; `by` wrote this version.

    `asked` is the digest of the request that made it. A deleted entry has no content.
    """

    model_config = ConfigDict(frozen=True)
    content: AnyContent | None
    section: str
    author: Author
    by: Author
    noted: datetime
    changed: datetime
    secret: bool = False
    asked: str = ""
    version: Annotated[int, Field(exclude=True)] = 0
    state: Annotated[Literal["available", "gone"], Field(exclude=True)] = "available"
    id: Annotated[str, Field(exclude=True)] = ""

    def thing(self) -> Thing:
        """Return what a decision may depend on. What is deleted is absent."""
        began = self.content.began() if self.content else None
        return Thing(
            kind="profile",
            id=self.id,
            category=SECTIONS[self.section].category,
            author=self.author.id,
            organisation=self.author.organisation,
            state="available" if self.content else "absent",
            day=(began or self.noted.date()).isoformat(),
            secret=self.secret,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What a caller wants to stand in the profile; `key` is the client's Idempotency-Key, or empty.

    `lasting`: the key means the same entry whoever says it, and that stands again after it was deleted. `unsaid`:
    nothing was said of secrecy, so that a change leaves it as it is.
    """

    content: AnyContent
    secret: bool = False
    key: str = ""
    lasting: bool = False
    unsaid: bool = False

    def digest(self) -> str:
        """Return what two equal requests have in common: without a key, what they say."""
        said = f"{self.key}|{self.secret}|{self.content.said()}"
        return sha256(said.encode()).hexdigest()[:32]


def head_sort(entry: str) -> str:
    """Return where the current version lies."""
    return HEAD + entry


def version_sort(entry: str, version: int) -> str:
    """Return where an earlier version lies."""
    return f"{VERSION}{entry}#{version:06d}"


def _text(number: int, letters: int) -> str:
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(letters)))


def _hashed(host: Host, letters: int, *parts: str) -> str:
    return _text(int(fingerprint(system_key(host), "profile", *parts), 16), letters)


def group_of(host: Host, record: str, section: str, kind: str = "") -> str:
    """Return how the ids of a section, or of one kind of measure, begin: a keyed hash, another one in each record."""
    return (MEASURES if section == "measures" else ENTRIES) + _hashed(host, _GROUP, record, section, kind)


def moment(host: Host, record: str, at: datetime) -> str:
    """Return an instant as ids hold it: newest first, moved by as much as only this deployment knows."""
    shift = int(fingerprint(system_key(host), "profile-time", record), 16) >> (128 - _SHIFT_BITS)
    return _text(_LATEST - (int(at.timestamp() * 1000) + _EPOCH + shift), _WHEN)


def new_id(host: Host, record: str, actor: str, draft: Draft) -> str:
    """Return the id of a new entry: the same for the same key of one caller, and for a section of one entry."""
    content = draft.content
    begins = group_of(host, record, content.section)
    if isinstance(content, Measure):
        begins = group_of(host, record, content.section, content.kind) + moment(host, record, content.at)
    rest = _WHOLE - len(begins)
    if SECTIONS[content.section].single:
        return begins + _hashed(host, rest, record, "single", content.section)
    if draft.key:
        return begins + _hashed(host, rest, record, "key", "" if draft.lasting else actor, draft.key)
    return begins + _text(secrets.randbits(5 * rest), rest)
