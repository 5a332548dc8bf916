"""Looking at records, a group at a time: what can be read or written for all of them together is.

For each record, in this order: the journal entry that says what goes out; the new hour in the index; the state, on
condition that nobody else was faster, which claims what goes out; the notice; what is counted; the old hour leaves the
index. A kill anywhere leaves the old hour, from which the same is done again under the same name, or found done.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..access.actor import Actor, Kind
from ..access.ahead import ahead
from ..access.facts import facts_key, partition
from ..access.gate import Ask, Seen, gate
from ..access.journal import operation_of
from ..access.keyring import SORT as BEGINNING
from ..access.keyring import key_row_key, system_key
from ..access.person import FIRST, open_person
from ..agenda.model import BOOK
from ..kernel.errors import AccessDenied, CarnetError, ConditionFailed, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ids import new_operation_id
from ..kernel.ports import Key, Row
from ..kernel.seal import fingerprint
from ..notices.contact import SORT as CONTACT
from ..notices.informing import inform
from ..notices.model import Letterhead, Notice
from ..profile.prevention import HEALTH, health_of
from . import counting, roster, slots
from .compiled import shipped_rules
from .plan import Plan, plan
from .state import ACTION, STATE, keep
from .turn import Refresh, Turn, as_kept

SYSTEM = Actor(Kind.SYSTEM, "system:reminders", "Carnet")
ROWS = (STATE, HEALTH, BOOK, CONTACT)
_RULES = 16
_ALONG = (BEGINNING, FIRST)
"""where choices and person may lie among what was read already"""


class _Leave(Exception):
    """Nothing goes out from this place; `lift` says whether its row is left over, `look` whether to lay the record."""

    def __init__(self, *, lift: bool = False, look: bool = False) -> None:
        super().__init__()
        self.lift, self.look = lift, look


@dataclass(slots=True)
class Round:
    """A group of records; who fails does not keep the others from going on."""

    host: Host
    letterhead: Letterhead
    refresh: Refresh = as_kept
    refused: list[CarnetError] = field(default_factory=list)
    failed: list[CarnetError] = field(default_factory=list)

    def run(self, turns: Sequence[Turn]) -> None:
        """Look at each of them. Raise what kept one from being done, after the others."""
        near = ahead(self.host, _first(turns), _then)
        turns = self._each(turns, lambda turn: self._decide(near, turn))
        self._put(_new_place(turn) for turn in turns)
        turns = self._each(turns, self._claim)
        turns = self._each(turns, self._tell)
        self._put(row for turn in turns for row in (*self._counted(turn), *_listed(turn)))
        self._each(turns, self._end)
        for error in (*self.failed, *self.refused):
            raise error

    def _each(self, turns: Sequence[Turn], step: Callable[[Turn], bool]) -> list[Turn]:
        """Return the turns that go on."""
        done = []
        for turn in turns:
            try:
                if step(turn):
                    done.append(turn)
            except (AccessDenied, NotFound) as error:
                self.refused.append(error)
                self._dismiss(turn)
            except CarnetError as error:
                self.failed.append(error)
        return done

    def _put(self, rows: Iterable[Row | None]) -> None:
        if found := [row for row in rows if row is not None]:
            self.host.rows.put_many(found)

    def _decide(self, near: Host, turn: Turn) -> bool:
        try:
            (self._wake if turn.where else self._lay)(near, turn)
        except _Leave as left:
            if left.lift:
                slots.lift(self.host, turn.where, turn.record)
            return False
        return True

    def _wake(self, near: Host, turn: Turn) -> None:
        """Journal what goes out, or that the record was looked at."""
        places = (slots.key(turn.where, turn.record), roster.key(turn.record))

        def before(seen: Seen) -> None:
            turn.found = _planned(self.host, seen, turn, places)
            if not turn.plan.batch:
                raise _Leave(look=True)

        op = operation_of("reminder", turn.record, turn.where)
        ask = Ask(SYSTEM, turn.record, ACTION, ROWS, places, before=before, person=True, detail=turn.detail, op=op)
        try:
            turn.given = gate(near, ask)
        except _Leave as left:
            if not left.look:
                raise
            self._look(turn, places)

    def _look(self, turn: Turn, places: Sequence[Key]) -> None:
        def before(seen: Seen) -> None:
            turn.found = _planned(self.host, seen, turn, places)
            if turn.plan.batch:
                raise Unavailable  # due only since a moment ago: the message comes again

        ask = Ask(SYSTEM, turn.record, "reminder:arm", ROWS, places, before=before, person=True)
        turn.given = gate(self.host, replace(ask, op=new_operation_id()))

    def _lay(self, near: Host, turn: Turn) -> None:
        def before(seen: Seen) -> None:
            turn.listed = _is_listed(seen)

        others = (roster.key(turn.record),)
        ask = Ask(SYSTEM, turn.record, "reminder:arm", ROWS, others, before=before, person=True)
        grant = turn.given = gate(near, ask)
        known, turn.after = self.refresh(self.host, grant)
        holder = open_person(grant.policy_key, grant.record, grant.rows.get(grant.facts.person, {}))
        turn.found = plan(self.host, grant, holder, known, "")

    def _claim(self, turn: Turn) -> bool:
        if turn.plan.changes:
            try:
                keep(self.host, turn.grant, turn.plan.state)
            except ConditionFailed:
                raise Unavailable from None  # another worker was faster: what is left is seen when it comes again
        return True

    def _tell(self, turn: Turn) -> bool:
        if turn.plan.state.of(turn.where) and not turn.plan.hushed:
            name = fingerprint(system_key(self.host), "reminder", turn.record, turn.where)
            notice = Notice(turn.record, "reminder", name)
            fresh = bool(turn.plan.batch)
            turn.reached = inform(self.host, self.letterhead, turn.grant, notice, fresh=fresh)
        return True

    def _counted(self, turn: Turn) -> Iterable[Row]:
        return counting.rows(self.host, turn.record, turn.plan, turn.where, reached=turn.reached)

    def _end(self, turn: Turn) -> bool:
        old = turn.where or turn.plan.read.place
        woken = not turn.where and slots.has_come(self.host, old)  # a worker may be at it, or about to be
        if old and old != turn.plan.state.place and not woken and not turn.plan.waits(turn.where):
            slots.lift(self.host, old, turn.record)
        turn.after()
        return True

    def _dismiss(self, turn: Turn) -> None:
        """Forget a record that gets no reminders now; when it opens again it is armed again."""
        roster.strike(self.host, turn.record)
        if turn.where:
            slots.lift(self.host, turn.where, turn.record)


def _planned(host: Host, seen: Seen, turn: Turn, places: Sequence[Key]) -> Plan:
    """Decide what to do. Raise _Leave when the record does not lie here any more, or when this is a row left over."""
    if places[0] not in seen.others:
        raise _Leave
    turn.listed = _is_listed(seen)
    found = plan(host, seen, seen.holder, health_of(seen), turn.where)
    if found.read.place != turn.where and not found.state.of(turn.where):
        raise _Leave(lift=True)
    if found.waits(turn.where) and found.read.place != turn.where:
        raise _Leave
    due, why = [one.name for one in found.batch], [one.why for one in found.batch]
    turn.detail.update({"place": turn.where, "on": found.day.isoformat(), "due": due, "why": why})
    return found


def _is_listed(seen: Seen) -> bool:
    row = seen.others.get(roster.key(seen.record))
    return row is not None and row["rules"] == rules_version()


def rules_version() -> str:
    """Return what the present set of rules is called."""
    return shipped_rules().version[:_RULES]


def _new_place(turn: Turn) -> Row | None:
    state = turn.plan.state
    lies = turn.listed and state.place == turn.plan.read.place  # who was dismissed is on no list, and lies nowhere
    if not state.place or lies:
        return None
    return slots.row(state.place, turn.record)


def _listed(turn: Turn) -> Iterable[Row]:
    return () if turn.listed else (roster.row(turn.record, rules_version()),)


def _first(turns: Sequence[Turn]) -> Iterable[Key]:
    """Yield what a gate asks for at first."""
    for turn in turns:
        yield facts_key(turn.record)
        yield key_row_key(turn.record)
        yield from ((partition(turn.record), sort) for sort in (*ROWS, FIRST))
        yield roster.key(turn.record)
        if turn.where:
            yield slots.key(turn.where, turn.record)


def _then(found: dict[Key, Row]) -> Iterable[Key]:
    """Yield what the facts name: choices and person."""
    for (pk, sort), row in found.items():
        if sort == facts_key("")[1]:
            yield from ((pk, str(row[name])) for name in ("choices", "person") if row[name] not in _ALONG)
