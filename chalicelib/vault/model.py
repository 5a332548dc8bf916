"""What the vault keeps of a document: one sealed row per version, its bytes in sealed parts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..access.actor import Actor
from ..access.author import Author
from ..access.clocks import instant
from ..access.thing import Thing
from ..access.vigilance import Traits

State = Literal["uploading", "received", "available", "quarantined", "superseded", "disowned"]
PART_BYTES = 4 * 1024 * 1024
HEAD, VERSION, CLAIM = "1doc#", "3ver#", "5claim#"
MASKED, WITHHELD, SECRET = "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"
"""confidentiality codes a depositor may give: hidden from professionals, from the holder, from representatives"""
ABANDONED = "ABANDONED"
"""reason of a quarantine: the bytes never came, or were deleted or replaced before they were checked"""


class Draft(BaseModel):
    """What a depositor says about a document before its bytes are looked at."""

    model_config = ConfigDict(frozen=True)
    type: str
    title: str
    media: str
    size: int
    sha256: str
    """empty as long as nobody has hashed the content"""
    unique_id: str
    created: date | None = None
    confidentiality: tuple[str, ...] = ()
    """in alphabetical order"""

    def day(self, now: datetime) -> str:
        """Return the day of care, or of deposit when nobody said one."""
        return (self.created or now.date()).isoformat()


class Document(BaseModel):
    """One version of one document."""

    model_config = ConfigDict(frozen=True)
    draft: Draft
    category: str
    author: Author
    deposited: datetime
    version: int = 1
    attempt: str
    withheld: str = ""
    """instant of the first deposit when the holder does not see it before its announcement"""
    secret: bool = False
    pins: tuple[str, ...] = ()
    """message id of each sealed part, in order: another part sealed for the same place does not replace it"""
    sealings: tuple[str, ...] = ()
    """of an upload that was completed, which sealing of each part counts; what arrives later lies beside it"""
    former: tuple[str, ...] = ()
    """attempts that failed before this one; intake deletes their bytes"""
    reason: str = ""
    row_version: Annotated[int, Field(exclude=True)] = 0
    state: Annotated[State, Field(exclude=True)] = "received"
    id: Annotated[str, Field(exclude=True)] = ""

    @property
    def attempts(self) -> tuple[str, ...]:
        """Return every attempt, this one first."""
        return (self.attempt, *self.former)

    @property
    def parts(self) -> int:
        """Return into how many parts the bytes are cut."""
        return max(1, -(-self.draft.size // PART_BYTES))

    def thing(self) -> Thing:
        """Return what a decision may depend on."""
        return Thing(
            kind="document",
            id=self.id,
            category=self.category,
            author=self.author.id,
            organisation=self.author.organisation,
            state=self.state,
            day=self.draft.day(self.deposited),
            secret=self.secret,
            withheld=self.withheld,
        )


@dataclass(frozen=True, slots=True)
class Filing:
    """Who files what into which record; `key` is the client's Idempotency-Key, or empty.

    `patient` is whom the document says it is about, when it says so.
    """

    actor: Actor
    record: str
    draft: Draft
    key: str = ""
    request: str = ""
    patient: Traits | None = None


def fresh(draft: Draft, document: str, category: str, now: datetime) -> Thing:
    """Return what a decision on a deposit may depend on: nobody is its author yet."""
    withheld = instant(now) if WITHHELD in draft.confidentiality else ""
    secret = SECRET in draft.confidentiality
    return Thing("document", document, category, day=draft.day(now), secret=secret, withheld=withheld)


def head_sort(document: str) -> str:
    """Return where the current version lies; newest documents sort first."""
    return HEAD + document


def version_sort(document: str, version: int) -> str:
    """Return where another version than the current one lies."""
    return f"{VERSION}{document}#{version:06d}"


def lost_sort(document: str, attempt: str) -> str:
    """Return where it stands that the bytes of this attempt do not count: behind every version."""
    return f"{VERSION}{document}#lost#{attempt}"


def folder_of(record: str, document: str, attempt: str) -> str:
    """Return what the names of all parts of one attempt begin with."""
    return f"{record}/{document}/{attempt}/"


def blob_name(record: str, document: str, attempt: str, part: int, sealing: str = "") -> str:
    """Return the name of a sealed part: random ids only. Each sealing of a part of an upload has a name of its own."""
    name = f"{folder_of(record, document, attempt)}{part:05d}"
    return f"{name}-{sealing}" if sealing else name
