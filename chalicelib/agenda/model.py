"""What the agenda keeps: one sealed book of dates for each record, and the words of every entry in a row of their own.

The book is small, is read along with the gate, and is what lists, limits and reminders are computed from. It lies in
one row, so that a limit that counts entries holds whoever writes at the same time. Dates never stand in a key.
"""

import secrets
import zlib
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..access.thing import Thing
from .zones import moment

Kind = Literal["appointment", "reminder", "prevention"]
Planned = Literal["PLANNED", "CANCELLED"]
Done = Literal["TO_PLAN", "DONE", "NOT_DONE", "NOT_SPECIFIED"]
Status = Literal["PLANNED", "CANCELLED", "REMOVED", "TO_PLAN", "DONE", "NOT_DONE", "NOT_SPECIFIED"]
"""REMOVED: taken out of view; it does not come back when its request, or who sent it, comes again"""
By = Literal["PATIENT", "EDITOR_SOLUTION"]
With = Literal["PRACTITIONER", "HEALTHCARE_SERVICE"]
BOOK, WORDS = "6agenda", "6words#"
_COPIES = timedelta(days=1)
"""how late a copy of a request may come that planned what was removed meanwhile"""
_REMEMBERED = 500
"""removals that take no room and are remembered, those of secrets before others"""


class Words(BaseModel):
    """What an entry says."""

    model_config = ConfigDict(frozen=True)
    title: str = ""
    note: str = ""
    with_kind: With | None = None
    with_name: str = ""


class Line(BaseModel):
    """What the book holds of one entry: when, whose, how far; not what about, but for the rule of a prevention item.

    `at` is wall-clock time in `zone`; `on` the day of a prevention item. `author` and `organisation` are those of who
    wrote it first. `secret` keeps a minor's appointment from representatives. `words` names the row of its words,
    `digest` is a keyed hash of all that was said. `minutes` is the length. `timed` is when it got the time it has.
    `act` is the one that was done, `noted` the day and the act that the history may have though the item does not say
    so, or no more. `sequence` numbers what an editor sent (RFC 5545 § 3.8.7.4); None: it counts not.
    """

    model_config = ConfigDict(frozen=True)
    kind: Kind
    author: str
    changed: datetime
    timed: datetime | None = None
    at: datetime | None = None
    on: date | None = None
    zone: str = ""
    status: Status = "PLANNED"
    organisation: str = ""
    by: By = "PATIENT"
    secret: bool = False
    remind: bool = False
    minutes: int = 0
    rule: str = ""
    act: str = ""
    noted: tuple[date, str] | None = None
    sequence: int | None = None
    words: str = ""
    digest: str = ""
    version: int = 1

    @property
    def day(self) -> date | None:
        """Return the day on which it stands, on the wall calendar of its own zone."""
        return self.at.date() if self.at else self.on

    @property
    def instant(self) -> datetime | None:
        """Return the instant at which it begins."""
        return moment(self.at, self.zone) if self.at else None

    def over(self, now: datetime) -> bool:
        """Tell whether the time of an entry that has one has come."""
        return self.instant is not None and self.instant <= now

    def takes_room(self, now: datetime) -> bool:
        """Tell whether it counts among what fits: of what was removed only what an editor sent and lies ahead."""
        return self.status != "REMOVED" or (self.by == "EDITOR_SOLUTION" and not self.over(now))

    def spent(self, now: datetime) -> bool:
        """Tell whether a removal need not be remembered: no copy of the person's own request comes as late as that.

        There is one prevention item a rule: it stays, so that its versions go on. What an editor sent stays removed,
        and a minor's secret, when it is sent again for another day.
        """
        ours = self.status == "REMOVED" and self.by == "PATIENT" and self.kind != "prevention"
        return ours and (self.over(now) or self.changed + _COPIES <= now)

    def thing(self, entry: str) -> Thing:
        """Return what a decision may depend on; what the holder removed is nobody's any more."""
        if self.status == "REMOVED":
            return Thing("agenda", entry, state="available", secret=self.secret)
        return Thing("agenda", entry, "", self.author, self.organisation, "available", secret=self.secret)


class Book(BaseModel):
    """Every entry by its id; `row_version` 0 is an agenda in which nothing was ever written.

    `left` are words that nobody names any more since this version: the next writer deletes what a kill left of them.
    """

    model_config = ConfigDict(frozen=True)
    lines: dict[str, Line] = {}
    left: tuple[str, ...] = ()
    row_version: Annotated[int, Field(exclude=True)] = 0

    def dump(self) -> bytes:
        """Return it compressed: two thousand lines fit into one row of the table."""
        return zlib.compress(self.model_dump_json(exclude_defaults=True).encode(), 6)

    @classmethod
    def load(cls, clear: bytes, row_version: int) -> "Book":
        """Read what `dump` wrote."""
        return cls.model_validate_json(zlib.decompress(clear)).model_copy(update={"row_version": row_version})

    def having(self, entry: str, line: Line) -> "Book":
        """Return the book with this entry as it is now."""
        return self.model_copy(update={"lines": {**self.lines, entry: line}})

    def without_spent(self, now: datetime) -> "Book":
        """Return the book without removals that need not be remembered; of those without room the last ones stay."""
        roomless = [name for name, one in self.lines.items() if one.kind != "prevention" and not one.takes_room(now)]
        roomless.sort(key=lambda name: (self.lines[name].secret, self.lines[name].changed))
        oldest = {*roomless[:-_REMEMBERED]}
        left = {name: one for name, one in self.lines.items() if not one.spent(now) and name not in oldest}
        return self.model_copy(update={"lines": left})

    def without(self, entry: str) -> "Book":
        """Return the book without one entry."""
        return self.model_copy(update={"lines": {name: one for name, one in self.lines.items() if name != entry}})


def absent(entry: str) -> Thing:
    """Return what the gate decides on when there is no such entry: to who acts for a minor it is one kept secret.

    Both are refused alike and leave the same trace, so that nobody learns the difference (abuse A21); only who may know
    of every secret gets past the gate, to be told that nothing is there.
    """
    return Thing("agenda", entry, state="available", secret=True)


def words_name(version: int) -> str:
    """Return a new name for words that the book will name in this version, if it is ours: no other book ever does."""
    return f"{version:08d}-{secrets.token_hex(8)}"


def words_sort(entry: str, name: str) -> str:
    """Return where the words of one version of an entry lie: never overwritten, so that a book never has others.

    A name without a version is from before there were any.
    """
    return f"{WORDS}{name}#{entry}" if "-" in name else f"{WORDS}{entry}#{name}"


def words_of_version(version: int) -> str:
    """Return what comes before all words that were written for a version, and after those of the one before."""
    return f"{WORDS}{version:08d}-"
