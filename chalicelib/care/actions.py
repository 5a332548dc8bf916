"""Gestures of a professional that open a record to somebody; the holder is told of each."""

from dataclasses import replace

from ..access.actor import Actor
from ..access.choices import FULL, Choices, lasts
from ..access.clocks import instant, over
from ..access.gate import Ask, Seen, gate
from ..access.mandates import ceilings
from ..access.room import with_room
from ..access.thing import Thing
from ..kernel.errors import Conflict, Invalid
from ..kernel.host import Host

CLOCK = "consultation"
_DECIDED = "What this member reads is decided by the holder, who alone can put them into the team."


def collect(host: Host, actor: Actor, record: str, request: str = "") -> str:
    """Note the consent that the holder gives at this consultation; return until when it counts (L.1110-4 III).

    Raise Conflict when there is no room for it.
    """
    now = instant(host.clock.now())
    until = over(CLOCK, now)

    def consented(choices: Choices) -> Choices:
        running = {who: ends for who, ends in choices.consents.items() if ends > now}
        return with_room(choices, replace(choices, consents={**running, actor.id: until}))

    gate(host, Ask(actor, record, "consent:collect", change=consented, request=request))
    return until


def declare(host: Host, actor: Actor, record: str, subject: str, request: str = "") -> None:
    """Say that somebody else belongs to the care team (L.1110-12).

    Raise Invalid for oneself, Conflict for whom the holder took out of the team or has allowed within a limit, which
    the team would lift; for everybody, to who works for such a house; and when the team is as large as colleagues may
    make it: the rest of the room is for what the holder decides.
    """
    if subject in (actor.id, actor.organisation):
        raise Invalid(fields={"/id": "nobody declares themselves"})

    def undecided(seen: Seen) -> None:
        named = _decided(seen.choices, instant(host.clock.now()))
        if subject not in seen.choices.team and (subject in named or actor.organisation in named):
            raise Conflict(_DECIDED)

    def grown(choices: Choices) -> Choices:
        if subject not in choices.team and len(choices.team) >= ceilings()["team_per_record"]:
            raise Conflict(FULL)
        return with_room(choices, replace(choices, team=choices.team | {subject}))

    thing = Thing("subject", subject)
    ask = Ask(actor, record, "team:declare", thing=lambda _: thing, before=undecided, change=grown, request=request)
    gate(host, ask)


def _decided(choices: Choices, at: str) -> set[str]:
    """Return whom the holder took out of the team, or has allowed within a limit that has not ended."""
    limited = {who for who, limit in choices.limits.items() if lasts(limit.ends, at)}
    return limited | choices.dismissed
