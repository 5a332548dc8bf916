"""The gate: facts → decide → journal → Grant. The only way into a record (design.md § One access, step by step)."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..kernel.errors import Ambiguous, Broken, Busy, ConditionFailed, NotFound
from ..kernel.host import Host
from ..kernel.ids import new_operation_id
from ..kernel.ports import Change, Key, Row, When
from .actor import Actor
from .choices import Choices, choices_row, read_choices
from .clocks import instant
from .decide import decide
from .facts import PENDING_LIMIT, Facts, facts_key, facts_of, partition, pending_name
from .flush import flush, move
from .grant import Grant, open_row
from .journal import entry_of, holds, seal_entry
from .keyring import key_row_key, policy_key
from .person import FIRST, Person, open_person
from .refusal import refuse
from .rules import Decision
from .thing import RECORD, Thing
from .ticket import redeem
from .work import journal_shard

TRIES = 9
RECENT, EVER = 256, 1 << 40
"""entries among which a repeated operation is looked for: the last ones, or all there can be"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one strongly consistent read gave: the record's rows by sort key, the others by partition."""

    record: str
    facts: Facts
    choices: Choices
    rows: Mapping[str, Row]
    others: Mapping[Key, Row]
    policy_key: bytes
    key_row: Row

    def open(self, sort: str) -> bytes | None:
        """Return the clear body of one of the rows, None when it is absent."""
        row = self.rows.get(sort)
        return None if row is None else open_row(self.policy_key, self.record, row)

    @property
    def holder(self) -> Person:
        """Return the traits that were read along. Raise Broken when there are none."""
        return open_person(self.policy_key, self.record, self.rows.get(self.facts.person, {}))


def the_record(_seen: Seen) -> Thing:
    """Return the thing of an action on the record as a whole."""
    return RECORD


def _nothing(_seen: Seen) -> None:
    """Check nothing."""


def _no_detail(_seen: Seen) -> Mapping[str, Any]:
    """Say nothing beside `detail`."""
    return {}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to the gate.

    `rows` and `others` are read together with facts. `thing` says what is asked for, from what was read; its id is what
    the journal names. `before` runs after the decision and before the journal entry: it may refuse (Stale, Conflict,
    TooMany), ask to look again (ConditionFailed) or start to fetch ciphertext. `change` makes the next Choices, in the
    same conditional write as the entry; `turn` is the state the record is in from then on, `turns` the same for each
    state it may be in now (one that is not named stays). `person` reads the holder's traits along (`Seen.holder`).
    `person_at` is where the row lies that facts name as the person's from the same write on.
    The entry says `detail`, and `detail_of` what follows from what was read; that is asked for after `before`.
    `ticket` is a read-id of an earlier consult. A caller that must not journal twice fixes `op` and sets `once`, and
    `recent` when it may come again only after more entries than that. `reserve`: its change must not be refused for
    want of room, and takes what is kept free for such; what is left then is for who decides about the record.
    """

    actor: Actor
    record: str
    action: str
    rows: Sequence[str] = ()
    others: Sequence[Key] = ()
    thing: Callable[[Seen], Thing] = the_record
    before: Callable[[Seen], None] = _nothing
    change: Callable[[Choices], Choices] | None = None
    turn: str = ""
    turns: Mapping[str, str] = field(default_factory=dict)
    person: bool = False
    person_at: str = ""
    ticket: str = ""
    request: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    detail_of: Callable[[Seen], Mapping[str, Any]] = _no_detail
    op: bytes = field(default_factory=new_operation_id)
    once: bool = False
    recent: int = RECENT
    reserve: bool = False


@dataclass(frozen=True, slots=True)
class _Judged:
    seen: Seen
    thing: Thing
    decision: Decision


def gate(host: Host, ask: Ask) -> Grant:
    """Return the Grant, its entry durable in the journal; or raise AccessDenied, NotFound, TooMany or Unavailable."""
    sent: _Judged | None = None
    for attempt in range(TRIES):
        seen = _look(host, ask)
        if sent and holds(host, seen.facts, ask.op, sent.seen.facts.first):
            return _grant(ask, sent)
        judged = _judge(host, ask, seen)
        try:
            ask.before(seen)
            if _redeemed(host, ask, judged):
                return _grant(ask, judged, ask.ticket)
            if _is_done(host, ask, seen.facts):
                return _grant(ask, judged)
            _append(host, ask, judged)
            return _grant(ask, judged)
        except ConditionFailed:
            host.clock.sleep(random.uniform(0, 0.002 * 2**attempt))
        except Ambiguous:
            sent = judged
    raise Busy


def _redeemed(host: Host, ask: Ask, judged: _Judged) -> bool:
    return bool(ask.ticket) and redeem(ask.ticket, judged.seen, ask.actor, judged.thing.id, host.clock.now())


def _look(host: Host, ask: Ask) -> Seen:
    """Return what there is. What a destruction took away while it was read is not broken: its key went first."""
    try:
        return _see(host, ask)
    except Broken:
        return _see(host, ask)


def _is_done(host: Host, ask: Ask, facts: Facts) -> bool:
    return ask.once and holds(host, facts, ask.op, facts.last - ask.recent)


def _see(host: Host, ask: Ask) -> Seen:
    space = partition(ask.record)
    sorts = [*ask.rows, *((FIRST,) if ask.person else ())]
    keys = [facts_key(ask.record), key_row_key(ask.record), *((space, sort) for sort in sorts), *ask.others]
    found = host.rows.get(keys)
    facts_row, key_row = found.get(keys[0]), found.get(keys[1])
    rows = {sort: found[space, sort] for sort in sorts if (space, sort) in found}
    others = {key: found[key] for key in ask.others if key in found}
    if facts_row is None or key_row is None:
        return Seen(ask.record, facts_of(ask.record, None), Choices(), {}, others, b"", {})
    facts, key = facts_of(ask.record, facts_row), policy_key(host, ask.record, key_row)
    if ask.person and facts.person == key_row["sk"]:
        rows[facts.person] = key_row
    elif ask.person and facts.person not in rows:
        rows |= {sort: row for (_, sort), row in host.rows.get([(space, facts.person)]).items()}
    return Seen(ask.record, facts, read_choices(host, key, facts, key_row), rows, others, key, key_row)


def _judge(host: Host, ask: Ask, seen: Seen) -> _Judged:
    thing = ask.thing(seen)
    decision = decide(seen.facts, seen.choices, ask.actor, ask.action, thing, host.clock.now())
    if not decision.allowed:
        refuse(host, seen.facts, seen.choices, ask.actor, ask.action, thing, decision, ask.request)
    if seen.facts.state == "absent":
        raise NotFound  # allowed to know that there is no record: there is no journal to write to
    return _Judged(seen, thing, decision)


def _append(host: Host, ask: Ask, judged: _Judged) -> None:
    seen, now = judged.seen, host.clock.now()
    facts, pending = seen.facts, pending_name(seen.facts.generation)
    if facts.is_full:
        flush(host, facts)
        raise ConditionFailed
    detail = {**ask.detail, **ask.detail_of(seen)}
    entry = entry_of(ask.actor, ask.action, judged.thing, judged.decision, now, ask.request, detail)
    sealed = seal_entry(seen.policy_key, ask.record, ask.op, entry)
    wakes, fills = bool(judged.decision.obligations) or facts.waits(sealed), facts.fills(sealed)
    change = Change(
        set={
            **_next_policy(host, ask, seen),
            **({"work": journal_shard(ask.record)} if wakes else {}),
            **({"generation": facts.generation + 1} if fills else {}),
        },
        default={"since": now.isoformat()} if wakes else {},
        append={pending: sealed},
    )
    as_read = When(
        equals={"policy_version": facts.policy_version, "generation": facts.generation},
        # another try may have journaled the same since this one looked; where choices change, their version tells
        shorter={pending: len(facts.tail) + 1 if ask.once and not ask.change else PENDING_LIMIT},
    )
    host.rows.update(facts_key(ask.record), change, as_read)
    if fills:
        move(host, ask.record)


def _next_policy(host: Host, ask: Ask, seen: Seen) -> dict[str, str | int | bytes]:
    state = ask.turn or ask.turns.get(seen.facts.state, "")
    if not (ask.change or state):
        return {}
    version = seen.facts.policy_version + 1
    turned: dict[str, str | int | bytes] = {"policy_version": version}
    if ask.person_at:
        turned["person"] = ask.person_at
    if state:
        turned |= {"state": state, "turned": instant(host.clock.now())}
    if ask.change:
        made = ask.change(seen.choices)
        decides = seen.choices.decided_by(ask.actor.id, instant(host.clock.now()))
        row, digest = choices_row(seen.policy_key, ask.record, version, made, reserve=ask.reserve, decides=decides)
        host.rows.put(row)
        turned |= {"choices": str(row["sk"]), "choices_hash": digest}
    return turned


def _grant(ask: Ask, judged: _Judged, ticket: str = "") -> Grant:
    seen = judged.seen
    return Grant(
        actor=ask.actor,
        action=ask.action,
        record=ask.record,
        about=judged.thing.id,
        facts=seen.facts,
        choices=seen.choices,
        decision=judged.decision,
        op=ask.op,
        rows=seen.rows,
        policy_key=seen.policy_key,
        key_row=seen.key_row,
        ticket=ticket,
    )
