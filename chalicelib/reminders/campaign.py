"""A campaign looks at every record anew when the rules change: by pages, and again until none is left behind.

Where it has come to stands in one row, so that a kill costs a page, or a few on which nothing was to be done. A page
hands out only those that were last looked at with other rules; a pass that finds none ends the campaign, so that a lost
message does not lose a record.
"""

import contextlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..access.relay import send
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, When
from . import roster, slots
from .turns import rules_version

PAGE = 500
PAGES = 40
"""pages of one step: twenty thousand records a minute"""
SETTLING = timedelta(hours=1)
"""after which a pass looks at what the one before it handed out"""
_EMPTY = 10
"""pages on which nothing was, after which it is written down all the same: so many are looked at again after a kill"""
_ROW: Key = ("s#system", "campaign")


@dataclass(frozen=True, slots=True)
class Progress:
    """`rules` is the set that everybody is looked at with; `shard` of `roster.SHARDS` and `after` say how far it is.

    `handed` counts records of all passes, `found` those of this pass; `not_before` is when to go on, `ended` empty
    while it lasts. `step` grows with every page.
    """

    rules: str
    begun: str
    step: int = 0
    turn: int = 1
    shard: int = 0
    after: str = ""
    handed: int = 0
    found: int = 0
    not_before: str = ""
    ended: str = ""


def progress(host: Host) -> Progress | None:
    """Return how far the last campaign is; None before the first."""
    row: Any = host.rows.get([_ROW]).get(_ROW)
    if row is None:
        return None
    return Progress(**{name: value for name, value in row.items() if name not in ("pk", "sk")})


def step(host: Host, pages: int = PAGES) -> int:
    """Go on with a campaign that is under way, or begin one when the rules are others; return how many were handed out.

    One read when there is nothing to do, and one write for ten pages on which nothing is. Two steps at once do the same
    pages, of which one counts.
    """
    now, handed = host.clock.now(), 0
    at = progress(host)
    with contextlib.suppress(ConditionFailed):  # another step is at it
        if at is None or at.rules != rules_version():
            at = _kept(host, at, Progress(rules_version(), now.isoformat()))
        kept = at
        for _ in range(pages):
            if at.ended or now.isoformat() < at.not_before:
                break
            at = _page(host, at, now)
            if at.handed > kept.handed or at.step - kept.step >= _EMPTY:
                handed += at.handed - kept.handed
                kept = _kept(host, kept, at)
        if at is not kept:
            _kept(host, kept, at)
    return handed


def _page(host: Host, at: Progress, now: datetime) -> Progress:
    found = roster.page(host, at.shard, at.after, PAGE)
    records = [record for record, rules in found if rules != at.rules]
    for group in slots.groups(records):
        send(host, slots.QUEUE, {"job": "arm", "records": group})
    after = found[-1][0] if len(found) == PAGE else ""
    there = replace(at, after=after, handed=at.handed + len(records), found=at.found + len(records), step=at.step + 1)
    return there if after else _next_shard(there, now)


def _next_shard(at: Progress, now: datetime) -> Progress:
    if at.shard + 1 < roster.SHARDS:
        return replace(at, shard=at.shard + 1)
    if at.found:
        return replace(at, shard=0, turn=at.turn + 1, found=0, not_before=(now + SETTLING).isoformat())
    return replace(at, ended=now.isoformat())


def _kept(host: Host, before: Progress | None, after: Progress) -> Progress:
    """Write where it is now. Raise ConditionFailed when it was somewhere else already."""
    as_read = When(equals={"rules": before.rules, "step": before.step}) if before else NEW
    host.rows.put({"pk": _ROW[0], "sk": _ROW[1], **asdict(after)}, as_read)
    return after
