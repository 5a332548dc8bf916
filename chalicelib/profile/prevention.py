"""The digest of the profile that reminders read along with the gate: one sealed row, derived again from the entries.

Entries that a minor keeps secret are left out: a reminder, or its absence, would tell representatives of them.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from pydantic import TypeAdapter

from ..access.actor import Actor
from ..access.facts import facts_key, facts_of, partition
from ..access.gate import Ask, gate
from ..access.grant import Grant, Opened, Shelf, open_row
from ..access.work import HEALTH as KIND
from ..access.work import shards, work_off
from ..kernel.errors import ConditionFailed, Invalid, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, Change, Key, Row, When
from .acts import LONGEST_PREGNANCY, Pregnancy, Prevention, Vaccination
from .contents import Condition
from .model import ENTRIES, Entry
from .store import SWEEP_AFTER, entry_of, heads
from .words import RULES

HEALTH = "5health"
QUEUE = "reminders"
_TRIES = 5
_MOST = 20
"""of each act so many first and last days, and so many last pregnancies: no rule looks at more, and a row has room"""
_UNMARKED = Change(remove=("work", "since"))


@dataclass(frozen=True, slots=True)
class Health:
    """What reminders depend on beside the traits of the person.

    `pregnancies` are (first day of the last period, end), `acts` (code, day, result), `opted_out` rules switched off.
    """

    risks: frozenset[str] = frozenset()
    pregnancies: tuple[tuple[date, date | None], ...] = ()
    acts: tuple[tuple[str, date, str], ...] = ()
    opted_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fresh:
    """A digest that was derived just now, and the rows it was derived from that still carry a mark."""

    health: Health
    marks: Sequence[tuple[str, int]] = field(default=())


_READER = TypeAdapter(Health)


def health_of(found: Opened) -> Health:
    """Open the row read along (`Ask.rows` has HEALTH); an empty Health when there is none."""
    return _opened(found, found.rows.get(HEALTH))


def _opened(found: Opened, row: Row | None) -> Health:
    return _READER.validate_json(open_row(found.policy_key, found.record, row)) if row else Health()


def refresh(host: Host, grant: Grant) -> Fresh:
    """Derive the digest again and write it when it changed. The grant read HEALTH along. Safe to repeat.

    The digest is read before the entries, so that a write in between makes this one fail and look again.
    Calls: 1 query a hundred entries, 1 put when something changed.
    """
    row = grant.rows.get(HEALTH)
    for _ in range(_TRIES):
        rows = list(heads(host, grant.record, ENTRIES))
        health = replace(_derived(grant, rows), opted_out=_opened(grant, row).opted_out)
        if _kept(host, grant, row, health):
            return Fresh(health, [(str(one["sk"]), int(str(one["version"]))) for one in rows if "work" in one])
        row = _again(host, grant)
    raise Unavailable


def armed(host: Host, grant: Grant, fresh: Fresh) -> None:
    """Take the marks off the entries that the reminders of a record were computed from. 1 update an entry."""
    for sort, version in fresh.marks:
        with contextlib.suppress(ConditionFailed):  # written again meanwhile: its own mark stands
            host.rows.update((partition(grant.record), sort), _UNMARKED, When(equals={"version": version}))


def current(host: Host, grant: Grant) -> tuple[Health, Callable[[], None]]:
    """Return the digest, derived just now, and what is to be done once the reminders follow from it."""
    fresh = refresh(host, grant)
    return fresh.health, lambda: armed(host, grant, fresh)


def wake(host: Host, record: str) -> None:
    """Have the reminders of a record computed. The entry carries a mark, so a lost wake-up only costs time."""
    with contextlib.suppress(Unavailable):
        host.queue.send(QUEUE, json.dumps({"record": record, "job": "arm"}))


def sweep(host: Host, limit: int = 100) -> int:
    """Wake again the records of entries whose wake-up was lost; return how many entries.

    A record that is not open would be refused, and journaled so, at every sweep: its marks go, it is armed as a whole
    when it opens again.
    """
    now = host.clock.now()
    later = Change(set={"since": (now + SWEEP_AFTER).isoformat()})
    found = (key for shard in shards(KIND) for key in host.rows.work(shard, upto=now.isoformat(), limit=limit))

    def again(key: Key) -> int:
        opened = _is_open(host, key[0].removeprefix("r#"))
        if opened:
            wake(host, key[0].removeprefix("r#"))
        with contextlib.suppress(ConditionFailed):
            host.rows.update(key, later if opened else _UNMARKED, When(present=("work",)))
        return 1

    return work_off(found, again)


def _is_open(host: Host, record: str) -> bool:
    key = facts_key(record)
    return facts_of(record, host.rows.get([key]).get(key)).state == "open"


def choose(host: Host, actor: Actor, record: str, rule: str, *, on: bool, request: str = "") -> Health:
    """Switch the reminders of a rule on or off. Same choice, same answer. Raise Invalid for an unknown rule."""

    def known(_seen: object) -> None:
        if rule not in RULES:
            raise Invalid(fields={"/rule": "is not a rule that reminds"})

    grant = gate(host, Ask(actor, record, "reminder:choose", rows=(HEALTH,), before=known, request=request))
    row = grant.rows.get(HEALTH)
    for _ in range(_TRIES):
        health = _opened(grant, row)
        chosen = health.opted_out - {rule} if on else health.opted_out | {rule}
        if _kept(host, grant, row, replace(health, opted_out=chosen)):
            wake(host, record)
            return replace(health, opted_out=chosen)
        row = _again(host, grant)
    raise Unavailable


def _again(host: Host, grant: Grant) -> Row | None:
    key = partition(grant.record), HEALTH
    return host.rows.get([key]).get(key)


def _kept(host: Host, grant: Grant, row: Row | None, health: Health) -> bool:
    """Write the digest in the place of the one that was read; tell whether nobody was faster."""
    if health == _opened(grant, row):
        return True
    shelf, version = Shelf(host, grant), int(str(row["version"])) if row else 0
    clear = json.dumps(asdict(health), default=_plain).encode()
    try:
        shelf.put(shelf.row(HEALTH, clear, version=version + 1), When(equals={"version": version}) if row else NEW)
    except ConditionFailed:
        return False
    return True


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else sorted(value)  # type: ignore[call-overload]


def _derived(grant: Grant, rows: Iterable[Row]) -> Health:
    entries = [entry_of(grant.policy_key, grant.record, row) for row in rows]
    told = [one.content for one in entries if one.content and not _secret(grant, one)]
    return Health(
        risks=frozenset(one.risk for one in told if isinstance(one, Condition) and one.risk and not one.until),
        pregnancies=tuple(sorted(_pregnancies(told).items())[-_MOST:]),
        acts=tuple(_some(sorted(_once(_acts(told))))),
    )


def _some(acts: Iterable[tuple[str, date, str]]) -> Iterator[tuple[str, date, str]]:
    """Yield the first and the last days of each act: anybody may note them by the thousand."""
    for _, same in groupby(acts, key=itemgetter(0)):
        days = list(same)
        yield from (*days[:_MOST], *days[_MOST:][-_MOST:])


def _secret(grant: Grant, entry: Entry) -> bool:
    return entry.secret and entry.id not in grant.choices.revealed


def _pregnancies(told: Iterable[object]) -> dict[date, date | None]:
    """Return each pregnancy once, though several people noted it; with its end, when one of them said so.

    One of which nobody said the end is over when another one that it overlaps is: nobody has two at a time, and it was
    noted again with another first day. Whoever lost a child is not told of what is due before birth.
    """
    found: dict[date, date | None] = {}
    for one in told:
        if isinstance(one, Pregnancy):
            found[one.began_on] = one.ended_on or found.get(one.began_on)
    ends = sorted(end for end in found.values() if end)
    return {began: end or next((other for other in ends if _lasts(began, other)), None) for began, end in found.items()}


def _lasts(began: date, end: date) -> bool:
    return timedelta() < end - began <= timedelta(days=LONGEST_PREGNANCY)


def _acts(told: Iterable[object]) -> Iterator[tuple[str, date, str]]:
    for one in told:
        if isinstance(one, Vaccination) and (act := one.known_act()):
            yield act, one.on, ""
        elif isinstance(one, Prevention):
            yield one.act, one.on, one.result


def _once(acts: Iterable[tuple[str, date, str]]) -> set[tuple[str, date, str]]:
    """Return each act of a day once, though several people noted it; one with a result stands for one without."""
    found = set(acts)
    told = {(act, on) for act, on, result in found if result}
    return {one for one in found if one[2] or one[:2] not in told}
