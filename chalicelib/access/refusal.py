"""Refusals: journaled apart, so that a stranger can neither lock nor bloat a record; told as one constant answer."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import NoReturn, cast

from ..kernel.errors import AccessDenied, CarnetError, Conflict, NotFound
from ..kernel.host import Host
from ..kernel.ports import Row
from ..kernel.seal import fingerprint, seal, unseal
from .actor import Actor, Kind
from .ceiling import count
from .choices import Choices
from .clocks import instant
from .decide import decide
from .facts import Facts, facts_of
from .journal import Entry, entry_of
from .keyring import actor_key, system_key
from .rules import Decision
from .thing import RECORD, Thing
from .work import refused_shard

HOURLY_LIMIT = 600
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_FLOOD = 1000
_TOLD = frozenset(
    {
        "FORBIDDEN_BY_LAW",
        "NO_INDIVIDUAL",
        "NO_EXERCICE",
        "SUPPORT_SEES_NOTHING",
        "CARER_LIMITS",  # these two are decided about delegates only, who know the record
        "DELEGATE_APPOINTS_NOBODY",
    }
)
_TOLD_TO_OWNERS = frozenset({"NOT_AUTHOR", "CLOSED"})
_OUTSIDERS = (Kind.CITIZEN, Kind.INVITEE)
_SEEING = {"document": ("document:list", "document:read"), "profile": ("profile:list", "profile:read")}
"""kind of thing -> the action that shows which ones there are, and the one that shows it"""
_NOT_NOW = {
    "UPLOAD_OVER": "The document is complete; it takes no more parts.",
    "NOT_SETTLED": "The document is not checked yet; its status tells when it is.",
    "QUARANTINED": "The document failed its checks; its status tells why.",
    "WRONG_STATE": "The record is in another state than the one that this ends; `/me` tells which.",
}
"""reason -> what is told to whoever may know how far the thing is"""


def refuse(
    host: Host,
    facts: Facts,
    choices: Choices,
    actor: Actor,
    action: str,
    thing: Thing,
    decision: Decision,
    request: str,
) -> NoReturn:
    """Write the refusal down, then raise what the caller may know of it. If it cannot be written: Unavailable."""
    now = host.clock.now()
    _count(host, actor, now)
    _write(host, facts.record, actor, action, thing, decision, now, request)
    raise _told(facts, choices, actor, action, thing, decision, now)


def admitted(host: Host, actor: Actor, action: str, request: str = "") -> None:
    """Refuse a class of caller that the law keeps out of this action whatever the record, before one is looked for."""
    nowhere = facts_of("unknown", None)
    decision = decide(nowhere, Choices(), actor, action, RECORD, host.clock.now())
    if decision.reason in _TOLD:
        refuse(host, nowhere, Choices(), actor, action, RECORD, decision, request)


def _count(host: Host, actor: Actor, now: datetime) -> None:
    """Count a caller's refusals of this hour. Raise TooMany; jobs are refused by the thousand, and come to an end."""
    if actor.kind is not Kind.SYSTEM:
        count(host, actor_key(host, actor.id), "refused", f"{now:%Y%m%d%H}", HOURLY_LIMIT)


def partition_of(host: Host, record: str) -> str:
    """Return the partition of one record's refusals, where they lie by their instant; unknown records have one too."""
    return "x#" + fingerprint(system_key(host), "refusals", record)


def _write(
    host: Host, record: str, actor: Actor, action: str, thing: Thing, decision: Decision, now: datetime, request: str
) -> None:
    pk, sk = partition_of(host, record), f"{now.isoformat()}#{secrets.token_hex(6)}"
    entry = entry_of(actor, action, thing, decision, now, request, {})
    clear = json.dumps({"record": record, "entry": asdict(entry)}, ensure_ascii=False).encode()
    body = seal(system_key(host), "refusals", clear, pk, sk)
    host.rows.put({"pk": pk, "sk": sk, "body": body, "work": refused_shard(pk), "since": now.isoformat()})


def open_refusal(host: Host, row: Row) -> tuple[str, Entry]:
    """Return the record and the entry of a refusal row."""
    plain = json.loads(
        unseal(system_key(host), "refusals", cast(bytes, row["body"]), cast(str, row["pk"]), cast(str, row["sk"]))
    )
    return plain["record"], Entry(**plain["entry"])


def refusals(host: Host, record: str, now: datetime) -> Iterator[Entry]:
    """Yield those of the last week that no night has put into the chain yet, oldest first, of a flood not all."""
    where, today = partition_of(host, record), now.date()
    rows = host.rows.query(where, after=f"{today - _WEEK}", limit=_FLOOD)
    if len(rows) == _FLOOD:  # what came since yesterday must not wait behind what is in the chain long since
        for day in (today - _DAY, today):
            rows += host.rows.query(where, after=max(f"{day}", str(rows[-1]["sk"])), upto=f"{day}~", limit=_FLOOD)
    yield from (open_refusal(host, row)[1] for row in rows if "work" in row)


def _told(
    facts: Facts, choices: Choices, actor: Actor, action: str, thing: Thing, decision: Decision, now: datetime
) -> CarnetError:
    # a new entry of profile or agenda names its author already, who need know nothing of the record
    author = thing.author if thing.kind == "document" else ""
    mine = actor.id == author or choices.decided_by(actor.id, instant(now))
    if decision.reason in _TOLD or (mine and decision.reason in _TOLD_TO_OWNERS):
        return AccessDenied(decision.reason)
    if mine and decision.reason in _NOT_NOW:
        return Conflict(_NOT_NOW[decision.reason])
    if action == "record:find" or actor.kind in _OUTSIDERS or _would_see(facts, choices, actor, action, thing, now):
        return NotFound()
    return AccessDenied()


def _would_see(facts: Facts, choices: Choices, actor: Actor, action: str, thing: Thing, now: datetime) -> bool:
    """Tell whether the caller lacks nothing but a thing that is absent, hidden, disowned or deleted: then it is a 404.

    It is one for every action on a thing that only for that reason cannot be read: no other verb may give it away.
    """
    lists, reads = _SEEING.get(thing.kind, _SEEING["document"])
    if thing.state == "absent":
        return decide(facts, choices, actor, lists, RECORD, now).allowed
    if thing.kind not in _SEEING:
        return False
    bare, shown = _open_handed(choices), replace(thing, state="available")
    lost = not decide(facts, choices, actor, reads, thing, now).allowed
    actions = (action, reads) if lost else (action,)
    return any(decide(facts, bare, actor, one, shown, now).allowed for one in actions)


def _open_handed(choices: Choices) -> Choices:
    """Return the same choices with nothing hidden, deleted or disowned."""
    nothing: frozenset[str] = frozenset()
    return replace(choices, hidden=nothing, discreet=nothing, gone=nothing, disowned=nothing)
