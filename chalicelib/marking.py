"""Where the agenda's acts of prevention meet the reminders' rules and the profile's history."""

from datetime import date

from .access.actor import Actor
from .agenda.prevention import Prevention
from .agenda.prevention_http import prevention_api
from .kernel.host import Host
from .profile.actions import did
from .reminders.rules import shipped_set


def _counting(rule: str) -> tuple[str, ...]:
    """Return the acts that count for a rule, the usual one first; none when nobody knows the rule."""
    return next((one.counts for one in shipped_set().rules if one.id == rule), ())


def _elsewhere(host: Host, actor: Actor, record: str, act: str, on: date, request: str) -> None:
    did(host, actor, record, act, on, f"agenda-{act}-{on}", request)


api = prevention_api(Prevention(_counting, _elsewhere))
"""what the agenda asks of the rules, and where an act goes that the person says was done elsewhere: the profile"""
