"""No way in is weaker than the others: whatever a record gives, its journal has the decision (abuse T08)."""

import pytest

from chalicelib.access.facts import facts_key, facts_of

from .api_requests import Operation, operations
from .api_scene import LIVE, Scene, sender

ABOUT_A_RECORD = [one for one in operations() if "{record}" in one.path]


def entries(scene: Scene, record: str) -> int:
    """Return how many decisions the journal of a record holds."""
    key = facts_key(record)
    return facts_of(record, scene.world.host.rows.get([key])[key]).last


@pytest.mark.abuse("T08")
@pytest.mark.parametrize("one", ABOUT_A_RECORD, ids=str)
def test_whatever_a_record_gives_stands_in_its_journal_with_the_decision(one: Operation) -> None:
    scene = Scene()
    scene.ready(one.name)
    params = scene.params(one.name)
    fresh = one.fresh()
    if one.name in LIVE:
        fresh["body"] = {**fresh["body"], **LIVE[one.name](scene)}
    before = entries(scene, params["record"])
    answer = scene.world.send(sender(one.name), one.method, one.at(params), **fresh)
    assert answer.status < 500
    if answer.status < 400:
        assert entries(scene, params["record"]) > before, one
