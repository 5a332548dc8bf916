"""Every example of the served specification is sent as written and answered as written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.ids import ID_PATTERN

from .api_profile import weighed
from .api_requests import Operation, operations, undocumented
from .api_scene import LIVE, Scene, sender, subject
from .api_world import World

TIMES = frozenset({"at", "sent", "deposited", "since", "until", "asked", "answered", "noted", "changed"})
RANDOM = frozenset({"reference", "code", "token", "png", "svg", "disclosure", "ends", "url"})
NAME_PATTERN = "[0-9a-f]{16}"


def _allowed(scene: Scene) -> None:
    scene.done(200, "holder", "POST", f"/records/{scene.record}/choices/allow", body=subject("allowed_doctor"))


def _consulted(scene: Scene) -> None:
    _allowed(scene)
    document = scene.available()
    scene.world.send("allowed_doctor", "GET", f"/records/{scene.record}/documents/{document}/content")


def _reminded(scene: Scene) -> None:
    scene.world.night()


def _changed_once(scene: Scene) -> None:
    scene.device()


def _once_decided(scene: Scene) -> None:
    scene.done(200, "holder", "POST", f"/records/{scene.record}/choices/told", body={"accesses": False})


DECIDES = (
    *("allow", "block", "withdraw", "express", "refuse", "accept", "switch", "physician"),
    *("designate", "team", "discreet", "told"),
)


def _broken_into(scene: Scene) -> None:
    scene.choose(lambda c: replace(c, physician=f"pro:{subject('allowed_doctor')['id']}"))
    text = {"reason": "CALL", "text": "Appel du voisin, la personne ne répond plus"}
    scene.done(201, "unknown_doctor", "POST", f"/records/{scene.record}/emergency", body=text)
    scene.world.work()


BEFORE: Mapping[str, Callable[[Scene], None]] = {
    "choices_read": _allowed,
    **{f"choices_{verb}": _once_decided for verb in DECIDES},
    "choices_withdraw": _allowed,
    "contact_prefer": _changed_once,
    "contact_reach": _changed_once,
    "history_read": _consulted,
    "history_search": _consulted,
    "care_declare": _allowed,
    "agenda_push": _allowed,
    "care_inbox": _broken_into,
    "reminders_read": _reminded,
    "profile_listing": Scene.noted,
    "profile_search": Scene.noted,
    "profile_summary": Scene.noted,
    "measures_newest": weighed,
    "measures_search": weighed,
}


def shows(example: Any, answer: Any, name: str = "") -> bool:
    """Tell whether an answer is what the example shows: ids and times apart; a longer list may go on."""
    if isinstance(example, dict):
        same = isinstance(answer, dict) and example.keys() == answer.keys()
        return same and all(shows(value, answer[key], key) for key, value in example.items())
    if isinstance(example, list):
        return all(any(shows(one, other) for other in answer) for one in example) and bool(example) == bool(answer)
    if name in RANDOM:
        return isinstance(answer, str) and bool(answer)
    if name in TIMES and example is not None:
        return bool(re.match(r"\d{4}-\d\d-\d\d", answer))
    pattern = NAME_PATTERN if name == "rectification" else ID_PATTERN
    if isinstance(example, str) and re.fullmatch(pattern, example):
        return bool(re.fullmatch(pattern, answer))
    return bool(example == answer)


@pytest.mark.parametrize("one", operations(), ids=str)
def test_an_example_is_answered_as_written(one: Operation) -> None:
    world, params, filled = World(), {}, {}
    if one.name != "enrolment_open_":
        scene = Scene(choices=False)
        BEFORE.get(one.name, lambda _: None)(scene)
        scene.ready(one.name)
        world, params = scene.world, scene.params(one.name)
        filled = {**scene.filled(one.name), **(LIVE[one.name](scene) if one.name in LIVE else {})}
    answer = world.send(sender(one.name), one.method, one.at(params), **{**one.shown(), **one.body(**filled)})
    status, described = one.success()
    assert answer.status == status, answer.body
    assert undocumented(one, answer) == ""
    for content in described.get("content", {}).values():
        assert "example" not in content or shows(content["example"], answer.json), answer.json


def test_every_answer_and_every_body_in_json_has_an_example() -> None:
    for one in operations():
        answers = one.success()[1].get("content", {})
        for media, content in {**one.content, **answers}.items():
            plain = "json" not in media or media == "application/x-ndjson"
            assert "example" in content or plain or one.name == "system_openapi", (str(one), media)


def test_a_wrong_example_would_be_seen() -> None:
    assert not shows({"hidden": True}, {"hidden": False})
    assert not shows({"a": [1]}, {"a": [2]})
    assert not shows({"a": []}, {"a": [1]})
    assert not shows({"a": 1}, {"a": 1, "b": 2})
