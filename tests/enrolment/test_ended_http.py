"""A record that is not open, by every way in that the served specification has, to every role (abuse A26)."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from chalicelib.enrolment import life
from tests.http.api_blind import blind
from tests.http.api_delegates import known
from tests.http.api_requests import Operation, operations
from tests.http.api_scene import CONTENT, LIVE, Scene
from tests.http.api_table import ROLES
from tests.http.api_world import Answer

pytestmark = pytest.mark.abuse("A26")

TURNS = {"closed": "holder closing", "suspended": "enrolment suspension", "deceased": "enrolment death"}

OWN = frozenset(
    "choices_read contact_read history_read history_search reminders_read "
    "documents_listing documents_search documents_read documents_status documents_content documents_rectifications "
    "profile_listing profile_search profile_read profile_versions profile_summary "
    "measures_newest measures_search measures_grow agenda_listing agenda_read calendars_listing "
    "life_close life_reopen life_erase life_keep".split()
)
"""what the holder of a closed record may: read, and turn the record itself; a turn asked for again is answered alike"""
MAY = {
    ("closed", "holder"): OWN,
    ("closed", "proxy"): OWN,
    ("closed", "enrolment"): frozenset({"life_decease"}),
    ("suspended", "holder"): frozenset({"life_resume"}),
    ("suspended", "proxy"): frozenset({"life_resume"}),
    ("suspended", "enrolment"): frozenset({"life_suspend", "life_decease"}),
    ("deceased", "enrolment"): frozenset({"life_decease"}),
    ("deceased", "legal"): frozenset({"disclosures_propose"}),
}
REFUSED = (401, 403, 404)
NO_LONGER = {("closed", role, "life_resume"): 409 for role in ("holder", "proxy")}
"""they know the state"""

Asked = tuple[Operation, dict[str, str], Mapping[str, Any]]


@cache
def living() -> tuple[Scene, tuple[Asked, ...]]:
    """Return an open record, and for every way in a request about things that are really there."""
    scene = known()
    return scene, tuple(_asked(scene))


def _asked(scene: Scene) -> Iterator[Asked]:
    for one in operations():
        if "{record}" not in one.path:
            continue
        params = scene.params("documents_read" if one.name == "documents_secrecy" else one.name)
        request = one.fresh(**({"size": len(CONTENT)} if one.name == "documents_begin" else {}))
        if one.name in LIVE:
            request["body"] = {**request["body"], **LIVE[one.name](scene)}
        yield one, {**params, "record": scene.record}, request


def like(other: Scene) -> Scene:
    """Return a scene of its own that holds the same."""
    scene = Scene()
    scene.world.become(other.world)
    scene.world.clock.set(other.world.clock.now())
    scene.record = other.record
    return scene


def ended(state: str) -> Scene:
    scene = like(living()[0])
    who, verb = TURNS[state].split()
    scene.done(200, who, "POST", f"/records/{scene.record}/{verb}")
    assert life.state_of(scene.world.host, scene.record).state == state
    return scene


def ask(scene: Scene, role: str, asked: Asked, **other: str) -> Answer:
    one, params, request = asked
    return scene.world.send(role, one.method, one.at({**params, **other}), **request)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", TURNS)
def test_a_record_that_ended_answers_on_every_way_in_what_its_state_leaves(state: str, role: str):
    scene = ended(state)
    may = MAY.get((state, role), frozenset())
    for asked in living()[1]:
        name = asked[0].name
        there = like(scene) if may else scene  # what is allowed may change the record
        status = ask(there, role, asked).status
        if name in may:
            assert status in (200, 201), name
        else:
            assert status in (NO_LONGER.get((state, role, name)), *REFUSED), name


@pytest.mark.parametrize("role", ROLES)
def test_an_erased_record_is_answered_on_every_way_in_like_one_that_never_was(role: str):
    scene = erased()
    for asked in living()[1]:
        there = ask(scene, role, asked)
        assert there.status in REFUSED, asked[0].name
        assert blind(there) == blind(ask(scene, role, asked, record="a" * 26)), asked[0].name


@cache
def erased() -> Scene:
    scene = ended("closed")
    scene.done(200, "holder", "POST", f"/records/{scene.record}/erasure")
    scene.world.work()
    scene.world.clock.set(scene.world.clock.now().replace(year=2027, month=1, day=2, hour=2))
    scene.world.night()
    return scene


def test_an_erased_record_is_nobodys_any_more():
    assert erased().world.send("holder", "GET", "/me").json["records"] == []
