"""The days on which clocks of the law run out: a record is laid on its day before its state turns.

A kill leaves a row too many, never none; who is woken for nothing is laid anew or left alone.
"""

from datetime import datetime

from ..access import days
from ..access.clocks import LAW, instant, over
from ..access.days import Days
from ..access.predicates import CLOCK
from ..kernel.host import Host

TURNS = Days("t", "turns-cursor")


def lay_on(host: Host, record: str, moment: str) -> str:
    """Lay a record on the first day of which the night comes after this instant; return the day."""
    return days.lay(host, TURNS, day_of(moment), record)


def lay_ahead(host: Host, record: str, state: str) -> None:
    """Lay a record that is going to be in this state from now on where the clock of that state runs out."""
    if clock := CLOCK.get(state):
        lay_on(host, record, over(clock, instant(host.clock.now())))


def day_of(moment: str) -> str:
    """Return the day in Paris: clocks run out when it begins, and the night reads it after that."""
    return datetime.fromisoformat(moment).astimezone(LAW).date().isoformat()
