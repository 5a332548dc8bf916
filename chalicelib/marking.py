"""Where the agenda's acts of prevention meet the reminders' rules and the profile's history."""

from .agenda.prevention import Prevention
from .agenda.prevention_http import prevention_api
from .profile.acting import did, undid
from .reminders.rules import shipped_set


def _counting(rule: str) -> tuple[str, ...]:
    """Return the acts that count for a rule, the usual one first; none when nobody knows the rule."""
    return next((one.counts for one in shipped_set().rules if one.id == rule), ())


api = prevention_api(Prevention(_counting, did, undid))
"""what the agenda asks of the rules, and where an act goes that the person says was done elsewhere: the profile"""
