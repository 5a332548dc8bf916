"""What one look at a record decides: what goes out now, and in which hour to look again. Nothing is written here."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..access.grant import Opened
from ..access.person import Person as Holder
from ..agenda.telling import Telling
from ..kernel.host import Host
from ..profile.prevention import Health
from . import slots
from .campaigns import InPregnancy
from .compiled import shipped_rules
from .due import due, next_due
from .health import history, person, planned
from .hours import ONE_HOUR, hour, morning, quiet, soon, today, zone_of
from .model import History, Person
from .sentences import mark
from .state import Sent, State, state_of, with_journal

WITHIN = timedelta(days=60)
"""how long after a reminder an act counts as its effect"""
ONE_PREGNANCY = timedelta(weeks=12)
"""first days closer than that are of one pregnancy: nothing is told of one that has not lasted as long"""
OWN = "agenda"
"""the rule of what the holder or an appointment asks to be told of"""


@dataclass(frozen=True, slots=True)
class Plan:
    """`read` is what was found, `state` what is to be kept, `batch` what goes out now, `who` whom it is about.

    `hushed`: nobody may be told anything now.
    """

    read: State
    state: State
    batch: tuple[Sent, ...]
    who: Person
    day: date
    hushed: bool = False

    @property
    def changes(self) -> bool:
        """Tell whether there is anything to write."""
        as_kept = replace(self.state, seen=self.read.seen)
        return self.read.version == 0 or as_kept != self.read

    def waits(self, where: str) -> bool:
        """Tell whether what went out from this place may not be told now: the mail server may have been down by day.

        It lies there until it is looked at by day; whatever else is due is laid on its own hour.
        """
        return self.hushed and bool(self.state.of(where))


@dataclass(frozen=True, slots=True)
class _Look:
    """One record at one moment; `own` is what the agenda wants told."""

    who: Person
    past: History
    own: tuple[Telling, ...]
    zone: ZoneInfo
    now: datetime

    @property
    def day(self) -> date:
        return today(self.zone, self.now)

    def due(self, where: str) -> Iterator[Sent]:
        """Yield what is due now, as it goes out from a place."""
        on = self.day.isoformat()
        for must in due(self.who, self.past, shipped_rules(), self.day):
            why = mark(must.reason_fr, must.reason_en)
            yield Sent(must.rule, must.dose, must.cycle, on, where, why=why)
        for one in self.own:
            if hour(one.at) <= hour(self.now) and (one.until is None or self.now < one.until):
                yield Sent(OWN, 0, one.name, on, where)

    def following(self) -> str:
        """Return the hour in which something new is due, empty when nothing ever is."""
        later = [soon(self.zone, one.at) for one in self.own if hour(one.at) > hour(self.now)]
        if day := next_due(self.who, self.past, shipped_rules(), self.day):
            later.append(morning(self.zone, day))
        return min(later, default="")


def plan(host: Host, found: Opened, holder: Holder, known: Health, where: str) -> Plan:
    """Decide what goes out from this place (empty: nothing does, the record is only laid on its hour).

    A place carries one batch; what is due beyond it goes out an hour later, under a name of its own.
    """
    read = state_of(found)
    kept = with_journal(host, found, read)
    who = person(holder.birth_date, holder.sex, holder.territory, known)
    look = _Look(who, history(known), tuple(planned(found)), zone_of(holder.territory), host.clock.now())
    untold = tuple(_untold(look.due(where), kept))
    hushed = quiet(look.zone, look.now)
    goes = bool(where) and not kept.of(where) and not hushed
    batch = untold if goes else ()
    place = _place(host, found.record, kept, where, _slot(look, where, left=bool(untold) and not batch))
    sent = tuple(_with_effect(one, look) for one in kept.sent + batch)
    return Plan(read, replace(kept, place=place, sent=sent, seen=found.facts.last), batch, who, look.day, hushed)


def _untold(found: Iterable[Sent], kept: State) -> Iterator[Sent]:
    """Yield what nobody was told of yet, once for each pregnancy."""
    named, told = kept.named, list(kept.sent)
    for one in found:
        again = one.name in named or (_in_pregnancy(one) and any(_of_one_pregnancy(one, other) for other in told))
        if not again:
            told.append(one)
            yield one


def _in_pregnancy(one: Sent) -> bool:
    rule = shipped_rules().by_id.get(one.rule)
    return rule is not None and any(isinstance(line.schedule, InPregnancy) for line in rule.lines)


def _of_one_pregnancy(one: Sent, other: Sent) -> bool:
    """Tell whether these say the same of one pregnancy, whose first day was corrected or noted twice."""
    if (one.rule, one.dose) != (other.rule, other.dose):
        return False
    with suppress(ValueError):  # a rule that was written anew may have had other cycles before
        return abs(date.fromisoformat(one.cycle) - date.fromisoformat(other.cycle)) < ONE_PREGNANCY
    return False


def _slot(look: _Look, where: str, *, left: bool) -> str:
    if not left:
        return look.following()
    return soon(look.zone, look.now + ONE_HOUR if where else look.now)


def _place(host: Host, record: str, kept: State, where: str, slot: str) -> str:
    if where and kept.place != where:
        return kept.place  # laid elsewhere since: what is left is to finish this place
    if not slot or kept.place.startswith(f"{slot}#"):
        return kept.place if slot else ""
    return slots.place(host, slot, record)


def _with_effect(one: Sent, look: _Look) -> Sent:
    rule = shipped_rules().by_id.get(one.rule)
    if one.done or rule is None:
        return one
    since = date.fromisoformat(one.on)
    done = any(act.code in rule.counts and since <= act.on <= since + WITHIN for act in look.past)
    return replace(one, done=look.day.isoformat()) if done else one
