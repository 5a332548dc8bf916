"""What can be done with reminders: lay a record on its hour, send what is due there, show what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..access.actor import Actor
from ..access.gate import Ask, gate
from ..kernel.host import Host
from ..notices.model import Letterhead
from .compiled import shipped_rules
from .sentences import sentence_of
from .state import STATE, Sent, state_of, with_journal
from .turn import Refresh, Turn, as_kept
from .turns import Round

_NOBODY = Letterhead("", "")
"""who writes when nothing is sent"""


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder as the holder sees it: what, since when, and why they are told."""

    rule: str
    on: date
    reason_fr: str
    reason_en: str
    source: str


def arm(host: Host, record: str, refresh: Refresh = as_kept) -> None:
    """Lay a record on the hour in which to look at it: `arm_all` for one."""
    arm_all(host, [record], refresh)


def arm_all(host: Host, records: Sequence[str], refresh: Refresh = as_kept) -> None:
    """Lay records on the hour in which to look at them, the next possible one when something is due already.

    Safe to repeat. Raise what kept one of them from being laid, after the others.
    """
    Round(host, _NOBODY, refresh).run([Turn(record) for record in dict.fromkeys(records)])


def remind(host: Host, letterhead: Letterhead, where: str, records: Sequence[str]) -> None:
    """Send what is due to the holders of records that lie on a place in the index, and lay them on their next hour.

    Safe to repeat: what does not lie there any more is left alone. Raise what kept one from being done, after the
    others.
    """
    if where:
        Round(host, letterhead).run([Turn(record, where) for record in dict.fromkeys(records)])


def told(host: Host, actor: Actor, record: str, request: str = "") -> list[Told]:
    """Return the reminders sent so far to the holder, newest first, each with its reason and source."""
    grant = gate(host, Ask(actor, record, "reminder:read", rows=(STATE,), request=request))
    sent = with_journal(host, grant, state_of(grant)).sent
    return [shown for one in reversed(sent) if (shown := _shown(one))]


def _shown(one: Sent) -> Told | None:
    rule = shipped_rules().by_id.get(one.rule)
    if rule is None:
        return None
    return Told(rule.id, date.fromisoformat(one.on), *sentence_of(rule, one.why), rule.source)
