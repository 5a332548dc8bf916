"""Review of unusual emergency access (abuse A08): what is laid before the privacy officer, and its end."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from ..access.actor import Actor
from ..access.keyring import system_key
from ..kernel.host import Host
from ..kernel.seal import seal, unseal
from .model import Ledger, ledger_key

PARTITION = "s#emergency-review"


@dataclass(frozen=True, slots=True)
class Flag:
    """One professional who opened unusually many records within 24 hours."""

    at: str
    actor: str
    name: str
    organisation: str
    count: int


def flag(host: Host, actor: Actor, now: datetime, count: int, op: bytes) -> None:
    """Lay a case before the privacy officer, sealed."""
    sort = f"{now.isoformat()}#{op.hex()}"
    clear = json.dumps([now.isoformat(), actor.id, actor.name, actor.organisation, count]).encode()
    host.rows.put({"pk": PARTITION, "sk": sort, "body": seal(system_key(host), "review", clear, PARTITION, sort)})


def flagged(host: Host, since: str = "") -> list[Flag]:
    """Return a thousand cases from an instant on, oldest first."""
    key, rows = system_key(host), host.rows.query(PARTITION, after=since, limit=1000)
    opened = [unseal(key, "review", cast(bytes, row["body"]), PARTITION, str(row["sk"])) for row in rows]
    return sorted((Flag(*json.loads(clear)) for clear in opened), key=lambda case: (case.at, case.count))


def reviewed(host: Host, actor_id: str) -> bool:
    """Let a professional open records in an emergency again; return whether that was suspended.

    Raise ConditionFailed when it changes at this moment.
    """
    key = ledger_key(host, actor_id)
    ledger = Ledger.of(key, host.rows.get([key]))
    if ledger.suspended:
        replace(ledger, suspended=False, kept=()).write(host)
    return ledger.suspended
