"""What the vault takes and gives over HTTP."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from ..access.vigilance import Traits
from ..edge.categories import Category
from ..edge.days import InOrder, WrittenDay
from ..edge.faults import wrong
from ..edge.http import CURSOR, QUERY, STRICT
from .formats import CATEGORIES, EMERGENCIES, FORMATS, PROFESSIONS, REASONS, TYPES, WHYS, Label, type_of
from .model import Document, Draft
from .reading import Filter

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", description="One line")]
Day = Annotated[date | None, Field(strict=False, ge=date(1880, 1, 1)), WrittenDay]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the content: 64 digits of 0-9 a-f")]
Cursor = Annotated[str, Field(pattern=r"^[a-z2-7]{0,26}$", description=CURSOR)]
UniqueId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9._:^-]{1,128}$", description="The producer's own id: OID or UUID, without spaces")
]
Confidentiality = Literal["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"]


def _known(code: str) -> str:
    if type_of(code) is None:
        raise wrong("is no type: /labels names them")
    return code


Type = Annotated[str, Field(min_length=1, max_length=32), AfterValidator(_known)]
_AUTHOR = "Whole id of who filed it, as the history gives it: `pro:` or `org:` and the national id"


class Patient(BaseModel):
    """Whom the document says it is about: all that is given has to agree with the record."""

    model_config = STRICT
    ins: Annotated[str, Field(pattern=r"^[0-9AB]{15}$", description="Matricule INS with its key: 15 signs")] = ""
    oid: Annotated[str, Field(pattern=r"^[0-9.]{5,40}$", description="OID of the authority that gave the INS")] = ""
    family_name: Annotated[str, Field(min_length=1, max_length=100)] = ""
    given_name: Annotated[str, Field(min_length=1, max_length=100)] = ""
    birth_date: Day = None
    sex: Literal["F", "M", "I", ""] = ""

    def traits(self) -> Traits:
        """Return the traits as they are compared."""
        return Traits(**self.model_dump())


class Metadata(BaseModel):
    """What the depositor says about a document. Author and organisation come from the token."""

    model_config = STRICT
    type: Annotated[str, Field(max_length=32, description="A typeCode of the table given by /labels")]
    title: Title
    unique_id: UniqueId | None = None
    created: Annotated[Day, Field(description="Date of care")] = None
    sha256: Annotated[Sha256 | None, Field(description="Of the content; checked when given")] = None
    confidentiality: Annotated[
        list[Confidentiality],
        Field(
            max_length=3,
            description="From whom the document is kept at birth: other professionals, the holder until its "
            "announcement, the representatives of a minor. A carer keeps it from nobody",
        ),
    ] = []
    patient: Annotated[Patient | None, Field(description="Refused when it is not the person of this record")] = None

    def draft(self, media: str, size: int, digest: str) -> Draft:
        """Return the draft of content with this media type, size and hash."""
        return Draft(
            type=self.type,
            title=self.title,
            media=media,
            size=size,
            sha256=digest,
            unique_id=self.unique_id or str(uuid.uuid4()),
            created=self.created,
            confidentiality=tuple(sorted(set(self.confidentiality))),
        )


class UploadMetadata(Metadata):
    """The same for a document whose parts follow: `media` is one of `formats` in `/labels`, `size` is in bytes."""

    sha256: Sha256
    media: Annotated[str, Field(max_length=64)]
    size: Annotated[int, Field(ge=1)]


class AuthorView(BaseModel):
    """Who deposited the document; `profession` is a code of `/labels`, `organisation` a name; empty: not known."""

    kind: str
    name: str
    profession: str
    organisation: str


class DocumentView(BaseModel):
    """What a reader sees of a document; `type` and `category` are codes of `/labels`, `size` is in bytes.

    `created` is the date of care, `deposited` when this version was filed. `hidden` is told to who decides about it
    and to its author, null to others. `unseen_by` warns professionals of who must not learn of it from them.
    """

    document: str
    version: int
    type: str
    category: str
    title: str
    media: str
    size: int
    sha256: str
    created: date | None
    deposited: datetime
    author: AuthorView
    hidden: bool | None
    unseen_by: list[Literal["holder", "representatives"]]


class StatusView(BaseModel):
    """How far a deposit of so many `parts` is; `disowned`: the holder says it is not theirs.

    `reason` says why it was quarantined: a code of `/labels`.
    """

    document: str
    version: int
    state: Literal["uploading", "received", "available", "quarantined", "superseded", "disowned"]
    reason: str
    parts: int


class DocumentsView(BaseModel):
    """One page, newest first; `cursor` is empty on the last one."""

    documents: list[DocumentView]
    cursor: str


class Paging(BaseModel):
    """Which page."""

    model_config = QUERY
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class Search(BaseModel):
    """What to look for: in the body, since types and titles do not belong in a URL."""

    model_config = STRICT
    categories: Annotated[list[Category], Field(max_length=15)] = []
    types: Annotated[list[Type], Field(max_length=50, description="typeCodes of the table given by /labels")] = []
    since: Annotated[Day, Field(description="First day of care; of what has none, the day of the deposit")] = None
    until: Annotated[Day, InOrder, Field(description="Last day of care")] = None
    author: Annotated[str, Field(max_length=80, description=_AUTHOR)] = ""
    text: Annotated[str, Field(max_length=100)] = ""
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 25

    def filter(self) -> Filter:
        """Return what the list is narrowed by."""
        return Filter(frozenset(self.categories), frozenset(self.types), self.since, self.until, self.author, self.text)


class Visibility(BaseModel):
    """Whether professionals other than the author are kept from seeing the document."""

    model_config = STRICT
    hidden: bool


class Secrecy(BaseModel):
    """Whether representatives are kept from seeing the document: `false` is for good."""

    model_config = STRICT
    secret: bool


class Text(BaseModel):
    """The same words in both languages."""

    fr: str
    en: str


class Labelled(BaseModel):
    """One code and its words."""

    code: str
    label: Text
    category: str = ""


class AcceptedFormat(BaseModel):
    """A format that documents may have, and the most bytes that each may file; 0 is not theirs to file."""

    media: str
    name: str
    extension: str
    professional_bytes: int
    person_bytes: int


class Labels(BaseModel):
    """Every code to show, and what may be filed; `reasons` are those of a quarantine, `whys` those of the history."""

    categories: list[Labelled]
    types: list[Labelled]
    reasons: list[Labelled]
    whys: list[Labelled]
    emergencies: list[Labelled]
    professions: list[Labelled]
    formats: list[AcceptedFormat]


def status_view(document: Document) -> StatusView:
    """Return the view of a deposit."""
    return StatusView(
        document=document.id,
        version=document.version,
        state=document.state,
        reason=document.reason,
        parts=document.parts,
    )


def _labelled(known: Mapping[str, Label]) -> list[Labelled]:
    return [Labelled(code=one.code, label=Text(fr=one.fr, en=one.en)) for one in known.values()]


def labels_view() -> Labels:
    """Return every label of the tables."""
    return Labels(
        categories=_labelled(CATEGORIES),
        types=[Labelled(code=t.code, label=Text(fr=t.fr, en=t.en), category=t.category) for t in TYPES.values()],
        reasons=_labelled(REASONS),
        whys=_labelled(WHYS),
        emergencies=_labelled(EMERGENCIES),
        professions=_labelled(PROFESSIONS),
        formats=[AcceptedFormat(**one.model_dump(include=set(AcceptedFormat.model_fields))) for one in FORMATS],
    )
