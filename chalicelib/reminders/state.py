"""What a record keeps about its reminders: where it lies in the index, and what was sent.

The journal is the truth about what was sent: whatever stands there since the row was written is taken in at every look,
so that neither a kill between the two nor an older row put back sends anything again.
"""

import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace

from ..access.grant import Grant, Opened, Shelf, open_row
from ..access.journal import Entry, open_entry, salvage
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, When
from . import roster, slots

STATE = "7due"
ACTION = "reminder:send"
Name = tuple[str, int, str]
_LOOKED_AT = 2000
"""entries of a look at most: more than come between a kill and the night that looks again"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One reminder that went out on a day (ISO), from the place in the index that woke the record.

    `done` is the day on which it was found to be done, `why` the mark of the sentence that was due, "" in old rows.
    """

    rule: str
    dose: int
    cycle: str
    on: str
    place: str = ""
    done: str = ""
    why: str = ""

    @property
    def name(self) -> Name:
        """Return what tells this reminder from every other of the person."""
        return self.rule, self.dose, self.cycle


@dataclass(frozen=True, slots=True)
class State:
    """`seen` is the number of journal entries when the row was written; version 0 was never written."""

    version: int = 0
    place: str = ""
    seen: int = 0
    sent: tuple[Sent, ...] = ()

    @property
    def named(self) -> frozenset[Name]:
        """Return the names of what went out."""
        return frozenset(one.name for one in self.sent)

    def of(self, place: str) -> tuple[Sent, ...]:
        """Return what goes out from this place."""
        return tuple(one for one in self.sent if one.place == place) if place else ()


def state_of(found: Opened) -> State:
    """Return the row as it was read. Raise Broken."""
    row = found.rows.get(STATE)
    if row is None:
        return State()
    kept = json.loads(open_row(found.policy_key, found.record, row))
    sent = tuple(Sent(*one) for one in kept["sent"])
    return State(int(str(row["version"])), kept["place"], kept["seen"], sent)


def with_journal(host: Host, found: Opened, state: State) -> State:
    """Return the state with what went out since, as the journal says."""
    for entry in _entries(host, found, state.seen):
        if entry.action == ACTION:
            known = state.named
            told = tuple(one for one in _sent_of(entry) if one.name not in known)
            state = replace(state, sent=state.sent + told)
    return state


def keep(host: Host, grant: Grant, state: State) -> None:
    """Write the next version. Raise ConditionFailed when another worker was faster."""
    shelf = Shelf(host, grant)
    sent = [astuple(one) for one in state.sent]
    content = {"place": state.place, "seen": state.seen, "sent": sent}
    clear = json.dumps(content, separators=(",", ":")).encode()
    as_read = When(equals={"version": state.version}) if state.version else NEW
    shelf.put(shelf.row(STATE, clear, version=state.version + 1), as_read)


def lying(grant: Grant) -> list[Key]:
    """Return what is kept of the record elsewhere: what goes when it is destroyed."""
    place = state_of(grant).place
    return [roster.key(grant.record), *([slots.key(place, grant.record)] if place else [])]


def _entries(host: Host, found: Opened, since: int) -> Iterator[Entry]:
    first = max(since, found.facts.last - _LOOKED_AT)
    for _, sealed in salvage(host, found.facts, first, found.facts.last):
        yield open_entry(found.policy_key, found.record, sealed)


def _sent_of(entry: Entry) -> Iterator[Sent]:
    detail = entry.detail
    marks = detail.get("why") or [""] * len(detail["due"])
    for (rule, dose, cycle), why in zip(detail["due"], marks, strict=True):
        yield Sent(rule, dose, cycle, detail["on"], detail["place"], why=why)
