"""Arming, fanning out and sending reminders. Cost follows what is due today, not how many people there are."""

from dataclasses import dataclass, replace
from datetime import date

from ..access.actor import Actor, Kind
from ..access.gate import Ask, gate
from ..access.grant import Grant
from ..access.keyring import system_key
from ..access.person import read_person
from ..kernel.host import Host
from ..kernel.seal import fingerprint
from . import index
from .agenda import STATE, Agenda, agenda_of, keep
from .compiled import shipped_rules
from .due import due, next_due
from .model import Due, Person

SYSTEM = Actor(Kind.SYSTEM, "system:reminders", "Carnet")


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder as the holder sees it: what, since when, and why they are told."""

    rule: str
    on: date
    reason_fr: str
    reason_en: str
    source: str


def arm(host: Host, record: str) -> None:
    """Lay a record on the day to look at it, today when something is due already: what a new record needs."""
    today = host.clock.now().date()
    grant, person = _person(host, record)
    kept = agenda_of(grant)
    _lay(host, grant, kept, today if _untold(person, kept, today) else _following(person, today))


def remind(host: Host, record: str) -> None:
    """Send what is due today to one holder and lay the record on the day to look at next. Safe to repeat."""
    today = host.clock.now().date()
    grant, person = _person(host, record)
    kept = agenda_of(grant)
    dues = _untold(person, kept, today)
    for item in dues:
        _send(host, record, item)
    told = tuple((item.rule, item.dose, item.cycle, today.isoformat()) for item in dues)
    _lay(host, grant, replace(kept, sent=kept.sent + told), _following(person, today))


def told(host: Host, actor: Actor, record: str, request: str = "") -> list[Told]:
    """Return the reminders sent so far to the holder, newest first, each with its reason and source."""
    grant = gate(host, Ask(actor, record, "reminder:read", rows=(STATE,), request=request))
    rules = shipped_rules().by_id
    known = [
        (rules[rule], date.fromisoformat(on)) for rule, _, _, on in reversed(agenda_of(grant).sent) if rule in rules
    ]
    return [Told(rule.id, on, rule.reason.fr, rule.reason.en, rule.source) for rule, on in known]


def _person(host: Host, record: str) -> tuple[Grant, Person]:
    grant = gate(host, Ask(SYSTEM, record, "reminder:arm", rows=(STATE,)))
    holder = read_person(host, grant)
    return grant, Person(birth=holder.birth_date, sex=holder.sex, territory=holder.territory)


def _untold(person: Person, kept: Agenda, today: date) -> list[Due]:
    named = kept.named
    return [item for item in due(person, (), shipped_rules(), today) if (item.rule, item.dose, item.cycle) not in named]


def _following(person: Person, after: date) -> date | None:
    return next_due(person, (), shipped_rules(), after)


def _send(host: Host, record: str, item: Due) -> None:
    """Journal the reminder; the notice follows from the entry. The name is fixed by what is due, not by the try."""
    name = fingerprint(system_key(host), "reminder", record, item.rule, str(item.dose), item.cycle)
    detail = {"rule": item.rule, "dose": item.dose, "name": name}
    gate(host, Ask(SYSTEM, record, "reminder:send", detail=detail, op=bytes.fromhex(name), once=True))


def _lay(host: Host, grant: Grant, kept: Agenda, following: date | None) -> None:
    """Write the new index row before the state, remove the old one after: a kill leaves a row too many, never none."""
    day = index.lay(host, following.isoformat(), grant.record) if following else ""
    keep(host, grant, replace(kept, day=day))
    if kept.day and kept.day != day:
        index.lift(host, kept.day, grant.record)
