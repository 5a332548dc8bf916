"""The clocks of the law: records lie on the day on which theirs runs out, the night wakes them, the gate decides.

A record is laid by its state alone, which is no secret; whatever lies on a day is a hint. What is due is asked for like
everything else, so that nothing opens, closes or is destroyed one second too early.
"""

from collections.abc import Sequence
from datetime import timedelta

from ..access import days
from ..access.clocks import instant
from ..access.facts import DESTROYED
from ..access.gate import Ask, gate
from ..access.relay import send
from ..access.work import SHRED, shards, work_off
from ..kernel.errors import Broken
from ..kernel.host import Host
from ..notices.actions import informed_or_told_again
from .life import State, state_of, states_of
from .majority import SYSTEM, come_of_age
from .reinviting import drop_left_behind, forget_opposed
from .shred import Places, shred
from .turning import TURNS, lay_on, lay_on_all

QUEUE = "reminders"
_BY_CLOCK = {"invited": ("record:open", "open"), "suspended": ("record:close", "closed")}
_SPOKEN_FOR = ("open", "closed", "erasing")
"""states in which parents act for a child, or did"""
_ONE_WEEK = timedelta(weeks=1)


def lay(host: Host, record: str) -> tuple[str, ...]:
    """Lay a record on the day on which the clock of its state runs out, a child on that of majority; return the days.

    Whoever has come of age meanwhile is made an adult at once.
    """
    state = state_of(host, record)
    ends = [state.until, come_of_age(host, record) if state.state in _SPOKEN_FOR else ""]
    return tuple(lay_on(host, record, end) for end in ends if end)


def lay_all(host: Host, records: Sequence[str]) -> None:
    """Do so for many: those who are invited, nearly all of them, take one read and a write of many rows together.

    Raise Broken for one whose facts are not whole, after the others.
    """
    try:
        found = states_of(host, records)
    except Broken:
        work_off(records, lambda record: len(lay(host, record)))
        return
    lay_on_all(host, [(one.record, one.until) for one in found if one.state == "invited"])
    for one in found:
        if one.state != "invited":
            lay(host, one.record)


def turn(host: Host, record: str, day: str, places: Places) -> None:
    """Do what the clock of a record's state asks for, if it has run out, and take the record off this day.

    Whoever was never informed is sent the letter again, every week until it leaves: nothing opens before (R.1111-28).
    Safe to repeat and to kill: the record stays on its day until everything is done.
    """
    state = state_of(host, record)
    laid: tuple[str, ...] = ()
    if state.state == "invited" and not informed_or_told_again(host, record):
        laid = (lay_on(host, record, instant(host.clock.now() + _ONE_WEEK)),)
    elif state.state == DESTROYED or (state.until and instant(host.clock.now()) >= state.until):
        _over(host, state, places)
    elif state.state != "absent":
        drop_left_behind(host, record)
        laid = forget_opposed(host, record) if state.state == "opposed" else lay(host, record)
    if day not in laid:
        days.lift(host, TURNS, day, record)


def _over(host: Host, state: State, places: Places) -> None:
    if state.state in _BY_CLOCK:
        action, then = _BY_CLOCK[state.state]
        gate(host, Ask(SYSTEM, state.record, action, turn=then))
    else:
        shred(host, state.record, places)


def night(host: Host) -> int:
    """Wake a worker for each record on a day that has come; return how many."""

    def wake(record: str, day: str) -> None:
        send(host, QUEUE, {"record": record, "job": "turn", "day": day})

    return days.night(host, TURNS, wake)


def unfinished(host: Host) -> int:
    """Wake a worker for each destruction that is not finished; return how many."""
    now = host.clock.now().isoformat()
    found = (pk.removeprefix("z#") for shard in shards(SHRED) for pk, _ in host.rows.work(shard, upto=now, limit=1000))

    def wake(record: str) -> int:
        send(host, QUEUE, {"record": record, "job": "shred"})
        return 1

    return work_off(found, wake)
