"""Entries of the profile that the route tests act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .api_requests import operation

if TYPE_CHECKING:
    from .api_scene import Scene

ENTRY = {"section": "vaccinations", "act": "dtp", "on": "2026-10-14"}
WEIGHT = {"section": "measures", "kind": "WEIGHT", "at": "2026-11-02T07:30:00Z", "value": 68.4}


def noted(scene: Scene, who: str, record: str, **changed: Any) -> str:
    """Note the dose of the examples, then correct it once: it is at its second version. Return its id."""
    shown = {**operation("profile_note").example, **changed}
    first = {**shown, "entry": {**shown["entry"], "note": "Première version"}}
    entry = str(scene.done(201, who, "POST", f"/records/{record}/profile", body=first)["id"])
    scene.done(200, who, "PUT", f"/records/{record}/profile/{entry}", body=shown)
    return entry


def weighed(scene: Scene) -> None:
    """Enter the weight of the examples."""
    scene.done(201, "holder", "POST", f"/records/{scene.record}/profile", body={"entry": WEIGHT})
