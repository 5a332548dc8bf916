"""Prevention items over HTTP: made for the rules and the history that the program has (marking.py).

A rule never stands in a URL: it says who is pregnant, or at risk of what.
"""

from ..edge.conditions import if_match
from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import Conflict, Stale
from .http import ENTRY, entry_reply
from .prevention import Prevention, mark
from .views import AgendaEntryView, PreventionBody

_SAID = {"status": "DONE", "on": "2026-05-04", "note": "Chez le médecin de ma commune"}
_RULE = "colorectal_screening"
_SHOWN = {
    **ENTRY,
    **_SAID,
    "kind": "prevention",
    "rule": _RULE,
    **dict.fromkeys(("title", "zone"), ""),
    **dict.fromkeys(("at", "instant", "whom")),
    "remind": False,
}


def prevention_api(outside: Prevention) -> Api:
    """Return the route on which the person says how far an act of prevention is."""
    api = Api("prevention")

    @api.route(
        "PUT",
        "/records/{record}/agenda/preventions",
        summary="Say how far an act of prevention is",
        description="TO_PLAN, with or without a day; DONE elsewhere, with its day: it counts in the history from then "
        "on; NOT_DONE and NOT_SPECIFIED take back what was said to be done.",
        body=PreventionBody,
        reply=AgendaEntryView,
        headers=("If-Match",),
        errors=(Conflict, Stale),
        examples=Example(request={"rule": _RULE, **_SAID}, reply=_SHOWN),
    )
    def say(call: Call[PreventionBody]) -> Reply:
        """Mark."""
        record, rule, said = call.params["record"], call.body.rule, call.body.said()
        entry = mark(call.host, outside, call.actor, record, rule, said, if_match(call), call.request_id)
        return entry_reply(entry)

    return api
