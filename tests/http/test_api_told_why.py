"""Whoever gets something wrong is told what: an answer names the place and says what is expected there."""

import pytest

from .api_scene import Scene
from .api_world import errors


@pytest.mark.parametrize("path", ["documents/search", "history/search"])
def test_a_period_given_backwards_is_refused_and_not_taken_for_nothing_found(path: str) -> None:
    scene = Scene()
    for until, told in (("2026-11-30", "422 INVALID"), ("2026-12-01", "200")):
        body = {"since": "2026-12-01", "until": until}
        answer = scene.world.send("holder", "POST", f"{scene.base}/{path}", body=body)
        assert answer.told == told
        assert told == "200" or errors(answer) == {"/until": "ends before it begins"}
