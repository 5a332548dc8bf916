"""What the person says of an act of prevention: to be planned, done elsewhere and when, not done, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from ..access.actor import Actor
from ..access.gate import Ask, Seen
from ..access.thing import Thing
from ..kernel.errors import Invalid, NotFound
from ..kernel.host import Host
from ..kernel.seal import fingerprint
from .actions import Entry, said_done, unchanged
from .book import Step, book_of, entry_named, write
from .model import Book, Done, Line, Words
from .planning import check_day, check_room, stamp
from .zones import wall_clock, zone_of

Saying = Callable[[Host, Actor, str, str, date, str], None]
"""(host, actor, record, act, day, request): keep as the person's own word that this act took place on that day, or take
that word back; repeated, it changes nothing"""
_NO_ACT = "is none of the acts that count for this rule, or nothing is said to be done"
_NO_DAY = "goes with what is done or to be planned"


@dataclass(frozen=True, slots=True)
class Prevention:
    """What lies outside the agenda: which acts count for a rule (none: nobody knows it), and where they are kept."""

    acts: Callable[[str], tuple[str, ...]]
    elsewhere: Saying
    taken_back: Saying


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one rule: `on` is the day on which it was done or is planned.

    `act` says which of the acts that count was done; empty: the usual one, which the rule names first.
    """

    status: Done
    on: date | None = None
    act: str = ""
    note: str = ""


def mark(
    host: Host,
    outside: Prevention,
    actor: Actor,
    record: str,
    rule: str,
    said: Said,
    expected: int | None = None,
    request: str = "",
) -> Entry:
    """Say how far an act of prevention is. What was done elsewhere is in the history before the agenda says so.

    What was said to be done and is not leaves the history: by a slip, all reminders of it would stay away for ever.
    The next one to plan leaves it there.
    Raise Stale, Invalid for an unknown rule and for a day that is missing or cannot be.
    """
    now, words = host.clock.now(), Words(note=said.note)

    def history(known: Line | None) -> Callable[[], None] | None:
        if due := _due(outside, outside.acts(rule)[0], said, known):
            tell, act, on = due
            return partial(tell, host, actor, record, act, on, request)
        return None

    def marked(seen: Seen, book: Book) -> Step:
        _check_act(said, outside.acts(rule))
        _check(said, seen, wall_clock(now, zone_of(seen.holder.territory)).date())
        entry = _named(seen, rule)
        known, line = book.lines.get(entry), _line(said, seen, actor, rule, now)
        if known and known.digest == line.digest:
            return Step(entry, known, first=history(known))
        if known:
            unchanged(known, expected)
            line = line.model_copy(update={"version": known.version + 1})
        check_room(book, entry, line, now)
        if said.status == "TO_PLAN":  # the next one: what an earlier one may have left is not forgotten
            line = line.model_copy(update={"noted": known.noted if known else None})
        return Step(entry, line, words, history(known), _noting(known, line))

    thing = partial(_thing, actor, rule)
    entry, line = write(host, Ask(actor, record, "agenda:write", thing=thing, person=True, request=request), marked)
    if line is None:
        raise NotFound
    return Entry(entry, line, words)


def _due(outside: Prevention, usual: str, said: Said, known: Line | None) -> tuple[Saying, str, date] | None:
    """Return what is due to the history: what is done noted, what is not done any more taken back."""
    before = said_done(known)
    if said.status == "DONE" and said.on:
        return outside.elsewhere, said.act or usual, said.on
    if said.status in ("NOT_DONE", "NOT_SPECIFIED") and before:
        return outside.taken_back, before[1] or usual, before[0]
    return None


def _noting(known: Line | None, line: Line) -> Line | None:
    """Return what the book says while the history is told of something done: killed there, it can be taken back."""
    if line.status != "DONE" or line.on is None:
        return None
    before = known or line.model_copy(update={"status": "NOT_SPECIFIED", "on": None, "act": "", "digest": ""})
    return before.model_copy(update={"noted": (line.on, line.act)})


def _thing(actor: Actor, rule: str, seen: Seen) -> Thing:
    name = _named(seen, rule)
    known = book_of(seen).lines.get(name)
    return known.thing(name) if known else Thing("agenda", name, "", actor.id)


def _named(seen: Seen, rule: str) -> str:
    return entry_named(seen, "prevention", rule)


def _check_act(said: Said, acts: tuple[str, ...]) -> None:
    if not acts:
        raise Invalid(fields={"/rule": "is not a rule that reminds"})
    if said.act and (said.status != "DONE" or said.act not in acts):
        raise Invalid(fields={"/act": _NO_ACT})


def _check(said: Said, seen: Seen, today: date) -> None:
    planned = said.status in ("DONE", "TO_PLAN")
    fault = _NO_DAY if said.on and not planned else ""
    if planned and not (said.status == "TO_PLAN" and said.on is None):
        fault = check_day(said.on, seen.holder, today, done=said.status == "DONE")
    if fault:
        raise Invalid(fields={"/on": fault})


def _line(said: Said, seen: Seen, actor: Actor, rule: str, now: datetime) -> Line:
    on = said.on.isoformat() if said.on else ""
    return Line(
        kind="prevention",
        author=actor.id,
        changed=stamp(now),
        on=said.on,
        rule=rule,
        act=said.act,
        status=said.status,
        digest=fingerprint(seen.policy_key, "agenda-said", rule, said.status, on, said.act, said.note),
    )
