"""What a reader may ask of the journal, and what is said of an entry beside what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..access.journal import Entry

GROUPS: Mapping[str, str] = {
    "document:list": "access",
    "document:read": "access",
    "document:consult": "access",
    "document:status": "access",
    "document:hide": "decisions",
    "document:show": "decisions",
    "document:reveal": "decisions",
    "document:disown": "decisions",
    "document:deposit": "documents",
    "document:upload": "documents",
    "document:replace": "documents",
    "document:delete": "documents",
    "document:announce": "documents",
    "choices:read": "access",
    "profile:list": "access",
    "profile:read": "access",
    "profile:hide": "decisions",
    "profile:show": "decisions",
    "profile": "documents",
    "agenda:read": "access",
    "agenda": "documents",
    "calendar:read": "access",
    "calendar": "decisions",
    "contact": "decisions",
    "letters": "system",
    "counts": "system",
    "coverage": "system",
    "history": "access",
    "reminder:read": "access",
    "reminder:choose": "decisions",
    "emergency": "emergency",
    "choices": "decisions",
    "proxy": "delegations",
    "carer": "delegations",
    "team": "care",
    "consent": "care",
    "code": "care",
    "record:look": "access",
    "record": "life",
    "support": "support",
    "disclosure": "support",
    "document": "system",
    "refusals": "system",
    "notice": "system",
    "announcement": "system",
    "reminder": "system",
}
"""action, or the kind of thing it acts on -> the group that a reader may ask for"""

_FOR_SOMEBODY = frozenset({"PROXY", "CARER", "ASSISTED"})


def group_of(action: str) -> str:
    """Return the group of an action."""
    return GROUPS.get(action) or GROUPS.get(action.partition(":")[0], "system")


def on_behalf_of(entry: Entry) -> str:
    """Return `holder` when a representative, a carer or a helping agent acted, else nothing."""
    return "holder" if entry.effect == "allow" and entry.reason in _FOR_SOMEBODY else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; an empty field does not narrow. `actor` is a caller or an organisation, the days are in UTC."""

    actor: str = ""
    groups: frozenset[str] = frozenset()
    document: str = ""
    since: date | None = None
    until: date | None = None
    refused: bool | None = None

    def fits(self, entry: Entry) -> bool:
        """Tell whether the entry is looked for."""
        day = entry.at[:10]
        return (
            (not self.actor or self.actor in (entry.actor, entry.organisation))
            and (not self.groups or group_of(entry.action) in self.groups)
            and (not self.document or self.document == entry.about)
            and (self.since is None or day >= self.since.isoformat())
            and (self.until is None or day <= self.until.isoformat())
            and (self.refused is None or self.refused == (entry.effect == "deny"))
        )


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Entries, newest first; `cursor` leads to the next page, empty on the last one."""

    entries: tuple[Entry, ...]
    cursor: str
