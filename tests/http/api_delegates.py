"""Who acts for somebody else in the route tests, bound by requests as in life: a representative and a carer."""

from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.access.choices import Delegation

from .api_scene import LIVE, Scene, subject

BOUND = ("proxy", "carer", "legal", "regulator", "occupational")
"""roles for whom a record is prepared of its own: what the others did there, they would see"""


def represented(scene: Scene, record: str = "", kind: str = "tutelle") -> Scene:
    """Let Céleste represent the holder, as a guardian or as a parent, and Hector help."""
    path = f"/records/{record or scene.record}"
    until = {"until": "2030-01-01"} if kind == "tutelle" else {}
    for role, way, body in (
        ("proxy", "proxies", {"kind": kind, "name": "Céleste", **until}),
        ("carer", "carers", {"name": "Hector"}),
    ):
        made = scene.done(201, "holder", "POST", f"{path}/{way}", body=body)
        said = {"reference": made["reference"], "code": made["code"], "as": role, "accepted": True}
        scene.done(200, role, "POST", "/invitation-answers", body=said)
    return scene


def minor(scene: Scene) -> str:
    """Return the record of a minor with a parent and an allowed doctor."""
    record = scene.minor()
    scene.choose(lambda now: replace(now, proxies={scene.actor("proxy").id: Delegation("parent")}), record)
    scene.done(200, "holder", "POST", f"/records/{record}/choices/allow", body=subject("allowed_doctor"))
    return record


def known() -> Scene:
    """Return the usual scene with both, and an occupational physician allowed as any other physician is."""
    return _known().again()


@cache
def _known() -> Scene:
    scene = represented(Scene())
    path = f"/records/{scene.record}/choices/allow"
    scene.done(200, "holder", "POST", path, body=subject("occupational"))
    scene.world.work()
    return scene


def brought(scene: Scene, name: str) -> dict[str, Any]:
    """Return what the body needs beside the example, so that only the decision can refuse it."""
    return {**scene.filled(name), **(LIVE[name](scene) if name in LIVE else {})}
