"""What the profile takes and gives over HTTP."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ..access.author import Author
from ..edge.http import QUERY, STRICT
from ..kernel.errors import NotFound
from .contents import AnyContent, NewContent
from .model import Draft
from .reading import Page, Shown
from .summary import Line, Part
from .words import SECTIONS, word

Cursor = Annotated[str, Field(pattern=r"^([a-z2-7]{26})?$")]
Code = Annotated[str, Field(min_length=1, max_length=24)]
_LISTED = [name for name in SECTIONS if name != "measures"]
Listed = Annotated[Code, word(_LISTED), Field(json_schema_extra={"enum": _LISTED})]
"""a section that is listed: measures have their own way"""


class EntryBody(BaseModel):
    """One entry of one section. `secret`: a minor keeps it from representatives; left out, it stays as it is."""

    model_config = STRICT
    entry: NewContent
    secret: bool = False

    def draft(self, key: str = "") -> Draft:
        """Return what is to stand in the profile."""
        return Draft(self.entry, self.secret, key, unsaid="secret" not in self.model_fields_set)


class WriterView(BaseModel):
    """Who says so."""

    kind: str
    name: str
    profession: str
    organisation: str


class ProfileEntryView(BaseModel):
    """One version of an entry as a reader sees it: who noted it first, who wrote this version.

    `hidden` is told to who decides about it and to its author, null to others. `unseen_by` warns professionals.
    """

    id: str
    version: int
    entry: AnyContent
    secret: bool
    noted: datetime
    changed: datetime
    author: WriterView
    by: WriterView
    hidden: bool | None
    unseen_by: list[Literal["representatives"]]


class EntriesView(BaseModel):
    """One page; `cursor` is empty on the last one."""

    entries: list[ProfileEntryView]
    cursor: str


class VersionsView(BaseModel):
    """Every version that the reader may read, newest first."""

    versions: list[ProfileEntryView]


class ProfilePaging(BaseModel):
    """Which page."""

    model_config = QUERY
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class ProfileSearch(BaseModel):
    """Which sections: in the body, since a section says what somebody has."""

    model_config = STRICT
    sections: Annotated[list[Listed], Field(min_length=1, max_length=20)]
    cursor: Cursor = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class EntryVisibility(BaseModel):
    """Whether professionals other than the author are kept from seeing the entry."""

    model_config = STRICT
    hidden: bool


class RuleChoice(BaseModel):
    """Whether a rule may remind."""

    model_config = STRICT
    rule: Annotated[str, Field(min_length=1, max_length=60)]
    on: bool


class SwitchedOffView(BaseModel):
    """The rules that are switched off."""

    opted_out: list[str]


class Words(BaseModel):
    """The same words in both languages."""

    fr: str
    en: str


class LineView(BaseModel):
    """What, since when, and who says so."""

    id: str
    what: Words
    since: date | None
    by: WriterView


class PartView(BaseModel):
    """The newest lines of one section, and how many more there are."""

    section: str
    label: Words
    lines: list[LineView]
    more: int


class SummaryView(BaseModel):
    """One page: the synthesis as this reader may read it, at this instant."""

    at: datetime
    parts: list[PartView]


def writer_view(author: Author) -> WriterView:
    """Return the view of who wrote something; ids stay inside."""
    return WriterView(
        kind=author.kind, name=author.name, profession=author.profession, organisation=author.organisation_name
    )


def entry_view(shown: Shown) -> ProfileEntryView:
    """Return the view of a version that has content."""
    kept = shown.entry
    if kept.content is None:
        raise NotFound
    return ProfileEntryView(
        id=kept.id,
        version=kept.version,
        entry=kept.content,
        secret=kept.secret,
        noted=kept.noted,
        changed=kept.changed,
        author=writer_view(kept.author),
        by=writer_view(kept.by),
        hidden=shown.hidden,
        unseen_by=["representatives"] if shown.unseen_by else [],
    )


def page_view(page: Page) -> EntriesView:
    """Return the view of a page."""
    return EntriesView(entries=[entry_view(one) for one in page.entries], cursor=page.cursor)


def summary_view(parts: Iterable[Part], at: datetime) -> SummaryView:
    """Return the view of a synthesis."""
    return SummaryView(at=at, parts=[_part(part) for part in parts])


def _part(part: Part) -> PartView:
    section = part.section
    lines = [_line(line) for line in part.lines]
    return PartView(section=section.section, label=Words(fr=section.fr, en=section.en), lines=lines, more=part.more)


def _line(line: Line) -> LineView:
    what = Words(fr=line.what_fr, en=line.what_en)
    return LineView(id=line.entry.id, what=what, since=line.since, by=writer_view(line.entry.by))
