"""What the routes of the agenda act on: an entry of the holder, a link to the calendar."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from .api_requests import operation

if TYPE_CHECKING:
    from .api_scene import Scene

_days = count()


def _time() -> dict[str, Any]:
    """Return an hour that exists, on another day at each call: ten reminders a day are enough."""
    day = date(2027, 1, 1) + timedelta(days=next(_days) % 3000)
    return {"at": f"{day}T18:00", "zone": "", "secret": False, "whom": None, "minutes": 0}


BODIES: Mapping[str, Callable[[], dict[str, Any]]] = dict.fromkeys(
    ("agenda_plan", "agenda_revise", "agenda_ask_reminder", "agenda_revise_reminder", "agenda_push"), _time
)
"""members of bodies that the schema alone cannot make valid"""


def planned(scene: "Scene", name: str) -> dict[str, str]:
    """Return the path parameters of the agenda's routes, made fresh for the operation that acts on them."""
    path = f"/records/{scene.record}"
    if name in ("agenda_read", "agenda_remove", "agenda_revise", "agenda_revise_reminder"):
        made = operation("agenda_ask_reminder" if name == "agenda_revise_reminder" else "agenda_plan")
        place = made.at({"record": scene.record})
        entry = scene.done(201, "holder", "POST", place, **made.body(title="Autre"))["entry"]
        scene.done(200, "holder", "PUT", f"{place}/{entry}", **made.body())  # the examples name the second version
        return {"item": str(entry)}
    if name in ("calendars_revoke", "calendars_follow"):
        for old in scene.done(200, "holder", "GET", f"{path}/calendars")["calendars"]:
            scene.done(204, "holder", "DELETE", f"{path}/calendars/{old['reference']}")
        url = scene.done(201, "holder", "POST", f"{path}/calendars", body={})["url"]
        reference, secret = url.split("/")[-2:]
        return {"reference": reference, "secret": secret}
    return {}
