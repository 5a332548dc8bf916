"""The help desk notes only an address that mail can carry, or a number in E.164, each for its channel."""

import pytest

from .api_letters import letter
from .api_scene import Scene
from .api_world import errors

ROUTE = "/support/contacts"


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("email", "camille@example..org"),
        ("email", "camille@"),
        ("email", "@@@@@"),
        ("email", "camille"),
        ("email", "+33600000042"),
        ("sms", "camille@example.org"),
        ("sms", "0600000042"),
    ],
)
def test_the_help_desk_is_told_at_once_of_an_address_that_no_channel_carries(channel: str, value: str) -> None:
    scene = Scene()
    body = {**letter(scene.world, "support_contact"), "channel": channel, "value": value}
    answer = scene.world.send("support", "POST", ROUTE, body=body)
    assert (answer.status, list(errors(answer))) == (422, ["/value"])


@pytest.mark.parametrize(("channel", "value"), [("email", "camille@example.org"), ("sms", "+33600000042")])
def test_the_help_desk_notes_what_its_channel_carries(channel: str, value: str) -> None:
    scene = Scene()
    body = {**letter(scene.world, "support_contact"), "channel": channel, "value": value}
    assert scene.world.send("support", "POST", ROUTE, body=body).status == 200
