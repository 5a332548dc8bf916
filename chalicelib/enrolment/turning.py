"""The days on which clocks of the law run out: a record is laid on its day before its state turns.

A kill leaves a row too many, never none; who is woken for nothing is laid anew or left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ..access import days
from ..access.clocks import LAW, instant, over, today
from ..access.days import Days
from ..access.gate import Seen
from ..access.predicates import CLOCK
from ..access.retention import retention
from ..kernel.host import Host

TURNS = Days("t", "turns-cursor")


def lay_on(host: Host, record: str, moment: str) -> str:
    """Lay a record on the first day of which the night comes after this instant; return the day."""
    return days.lay(host, TURNS, day_of(moment), record)


def lay_on_all(host: Host, moments: Sequence[tuple[str, str]]) -> None:
    """Do so for many (record, instant) at once."""
    days.lay_all(host, TURNS, [(record, day_of(moment)) for record, moment in moments])


def ahead(host: Host, turns: Mapping[str, str]) -> Callable[[Seen], None]:
    """Return what lays a record where the clock of the state it turns into runs out (`turns` as in `Ask`).

    A record that does not turn, because the same was asked for before, is laid nowhere anew.
    """

    def lay(seen: Seen) -> None:
        if clock := CLOCK.get(turns.get(seen.facts.state, "")):
            lay_on(host, seen.record, over(clock, instant(host.clock.now())))

    return lay


def forgotten_later(host: Host) -> Callable[[Seen], None]:
    """Return what lays a record that turns into an opposed one on the day on which its letter about it is forgotten.

    Whoever is told by another channel is laid too: which one takes it is not known yet.
    """

    def lay(seen: Seen) -> None:
        if seen.facts.state != "opposed":
            day = retention()["opposition_letter"].after(today(host.clock.now()))
            days.lay(host, TURNS, day.isoformat(), seen.record)

    return lay


def day_of(moment: str) -> str:
    """Return the day in Paris: clocks run out when it begins, and the night reads it after that."""
    return datetime.fromisoformat(moment).astimezone(LAW).date().isoformat()
