"""One page about a person, each line with its source: what, since when, who says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..access.actor import Actor
from ..access.gate import Ask, gate
from ..kernel.host import Host
from .measure import Measure
from .model import ENTRIES, Entry, group_of
from .reading import newest, visible
from .store import begin_heads, heads
from .words import SECTIONS, Section

LINES = 10
"""lines of one section on the page at most, the newest ones"""
PAGE = 40
"""lines of the whole page: when there are more, the longest sections are cut to one length"""
_VITAL = ("WEIGHT", "HEIGHT", "BP")


@dataclass(frozen=True, slots=True)
class Line:
    """What, since when, and the entry that says so: its `by` is who."""

    what_fr: str
    what_en: str
    since: date | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one section, newest first, and how many more the caller may read."""

    section: Section
    lines: Sequence[Line]
    more: int


def summary(host: Host, actor: Actor, record: str, request: str = "") -> list[Part]:
    """Return the synthesis as this caller may read it, in the order of the table of sections.

    Calls: 2, a query a hundred entries, and three for the latest weight, height and blood pressure, all at once.
    """
    grant = gate(host, Ask(actor, record, "profile:list", request=request))
    groups = [group_of(host, record, "measures", kind) for kind in _VITAL]
    started = [(begins, begin_heads(host, record, begins)) for begins in groups]
    found = [one.entry for one in visible(host, grant, heads(host, record, ENTRIES))]
    found += [one for begins, first in started if (one := newest(host, grant, begins, first))]
    lines = {section: _lines(section, found) for section in SECTIONS}
    most = _most([len(of) for of in lines.values()])
    return [Part(SECTIONS[name], of[:most], len(of) - len(of[:most])) for name, of in lines.items() if of]


def _most(sizes: Sequence[int]) -> int:
    """Return how many lines of one section fit on the page; one always does."""
    return next((most for most in range(LINES, 1, -1) if sum(min(size, most) for size in sizes) <= PAGE), 1)


def _lines(section: str, found: Iterable[Entry]) -> Sequence[Line]:
    return sorted((_line(one) for one in found if one.section == section), key=_newest_first, reverse=True)


def _line(entry: Entry) -> Line:
    content = entry.content
    if content is None:
        return Line("", "", None, entry)
    since = content.at.date() if isinstance(content, Measure) else content.began()
    return Line(content.what("fr"), content.what("en"), since, entry)


def _newest_first(line: Line) -> tuple[date, str]:
    return line.since or line.entry.noted.date(), line.entry.id
