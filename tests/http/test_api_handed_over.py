"""What a representative hands over gives no more than they have, and lasts no longer than they act."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.invited import code

from .api_delegates import represented
from .api_requests import operation
from .api_scene import WHY, Scene

AGAIN = {**WHY, "text": "Retrouvé une seconde fois inconscient chez lui ce matin"}


def revoked(scene: Scene) -> None:
    """Let the holder end the mandate."""
    who = {"as": "proxy", "id": scene.actor("proxy").id}
    scene.done(204, "holder", "POST", f"{scene.base}/delegations/revocation", body=who)


def ended(scene: Scene) -> None:
    """Let the day pass that the judge set."""
    scene.world.clock.advance(timedelta(days=4 * 365))


def invited(scene: Scene, maker: str, until: str) -> dict[str, Any]:
    """Let somebody invite a guardian; return what the guest brings."""
    body = {"kind": "tutelle", "name": "Barnabé", "until": until}
    made = scene.done(201, maker, "POST", f"{scene.base}/proxies", body=body)
    return {"reference": made["reference"], "code": made["code"], "as": "proxy", "accepted": True}


def brought(made: dict[str, Any]) -> dict[str, Any]:
    """Return a code as it is brought."""
    return {"reference": made["reference"], "code": made["code"]}


def pushed(scene: Scene, why: dict[str, str]) -> set[str]:
    """Return which browsers are told of an emergency."""
    scene.world.work()
    scene.world.host.push.sent.clear()
    scene.done(201, "unknown_doctor", "POST", f"{scene.base}/emergency", body=why)
    scene.world.work()
    return {endpoint for endpoint, _ in scene.world.host.push.sent}


@pytest.mark.abuse("A24")
def test_a_guardian_does_not_prolong_the_own_mandate() -> None:
    scene = represented(Scene())
    body = {"kind": "tutelle", "name": "Moi-même", "until": "2099-01-01"}
    made = scene.world.send("proxy", "POST", f"{scene.base}/proxies", body=body)
    if made.status == 201:
        said = {"reference": made.json["reference"], "code": made.json["code"], "as": "proxy", "accepted": True}
        scene.world.send("proxy", "POST", "/invitation-answers", body=said)
    (one,) = scene.done(200, "holder", "GET", f"{scene.base}/choices")["proxies"]
    assert one["ends"] < "2030-01-02"


@pytest.mark.abuse("A24")
@pytest.mark.parametrize("until", ["2029-05-01", "2030-01-01", "2099-01-01"])
def test_whom_a_guardian_invites_acts_until_the_end_of_the_guardians_own_mandate_and_no_longer(until: str) -> None:
    scene = represented(Scene())
    scene.done(200, "other_citizen", "POST", "/invitation-answers", body=invited(scene, "proxy", until))
    ends = {one["id"]: one["ends"] for one in scene.done(200, "holder", "GET", f"{scene.base}/choices")["proxies"]}
    theirs, own = ends.pop(scene.actor("other_citizen").id), ends.pop(scene.actor("proxy").id)
    assert own == "2029-12-31T23:00:00+00:00"
    assert theirs == ("2029-04-30T22:00:00+00:00" if until < "2030" else own)


@pytest.mark.abuse("A24")
def test_nobody_accepts_an_invitation_that_they_made() -> None:
    scene = represented(Scene())
    said = invited(scene, "proxy", "2029-01-01")
    assert scene.world.send("proxy", "POST", "/invitation-answers", body=said).status == 409
    scene.done(200, "proxy", "POST", "/invitation-answers", body={**said, "accepted": False})
    (one,) = scene.done(200, "holder", "GET", f"{scene.base}/choices")["proxies"]
    assert one["ends"] == "2029-12-31T23:00:00+00:00"


@pytest.mark.abuse("A24")
def test_an_invitation_ends_with_the_representative_who_made_it() -> None:
    scene = represented(Scene())
    said = invited(scene, "proxy", "2029-01-01")
    revoked(scene)
    assert scene.world.send("other_citizen", "POST", "/invitation-answers", body=said).status == 404
    scene.done(200, "other_citizen", "POST", "/invitation-answers", body=invited(scene, "holder", "2029-01-01"))


@pytest.mark.abuse("A24")
def test_an_access_code_ends_with_the_representative_who_made_it() -> None:
    scene = represented(Scene())
    used, late = (brought(scene.done(201, "proxy", "POST", f"{scene.base}/codes", body={})) for _ in range(2))
    scene.done(200, "unknown_doctor", "POST", "/code-uses", body=used)
    revoked(scene)
    assert scene.world.send("other_lab", "POST", "/code-uses", body=late).status == 403


@pytest.mark.abuse("A24")
def test_an_access_code_ends_with_the_mandate_of_who_made_it_to_the_second() -> None:
    scene = represented(Scene())
    end = datetime(2029, 12, 31, 23, tzinfo=UTC)
    scene.world.clock.advance(end - timedelta(minutes=30) - scene.world.clock.now())
    used, late = (brought(scene.done(201, "proxy", "POST", f"{scene.base}/codes", body={})) for _ in range(2))
    scene.world.clock.advance(end - timedelta(seconds=1) - scene.world.clock.now())
    scene.done(200, "unknown_doctor", "POST", "/code-uses", body=used)
    scene.world.clock.advance(timedelta(seconds=1))
    assert scene.world.send("other_lab", "POST", "/code-uses", body=late).status == 403


@pytest.mark.abuse("A24")
def test_a_code_of_a_guardian_who_left_does_not_come_back_with_the_guardian() -> None:
    scene = represented(Scene())
    used = brought(scene.done(201, "proxy", "POST", f"{scene.base}/codes", body={}))
    revoked(scene)
    scene.done(200, "proxy", "POST", "/invitation-answers", body=invited(scene, "holder", "2029-01-01"))
    assert scene.world.send("unknown_doctor", "POST", "/code-uses", body=used).status == 403


def test_no_code_of_the_holder_ends_with_a_representative() -> None:
    scene = represented(Scene())
    used = brought(scene.done(201, "holder", "POST", f"{scene.base}/codes", body={}))
    revoked(scene)
    who = {"as": "proxy", "id": scene.actor("holder").id}
    scene.done(204, "holder", "POST", f"{scene.base}/delegations/revocation", body=who)
    scene.done(200, "unknown_doctor", "POST", "/code-uses", body=used)


def test_the_card_that_a_representative_printed_stays_with_the_person_who_carries_it() -> None:
    scene = represented(Scene())
    assert scene.world.send("proxy", "POST", f"{scene.base}/card").status == 201
    revoked(scene)
    (one,) = scene.done(200, "holder", "GET", f"{scene.base}/choices")["codes"]
    text = code(scene.world.host, scene.record, one["reference"])
    card = {**WHY, "reference": one["reference"], "code": text}
    scene.done(201, "unknown_doctor", "POST", "/emergency-card-uses", body=card)


@pytest.mark.abuse("A24")
@pytest.mark.parametrize("how", [revoked, ended], ids=lambda one: one.__name__)
def test_the_browser_of_a_representative_is_told_nothing_once_the_mandate_is_over(how: Callable[[Scene], None]) -> None:
    scene = represented(Scene())
    for who in ("proxy", "holder"):
        browser = {**operation("contact_subscribe").example, "endpoint": f"https://push.example/{who}"}
        scene.done(201, who, "POST", f"{scene.base}/contact/devices", body=browser)
    assert pushed(scene, WHY) == {"https://push.example/proxy"}
    how(scene)
    assert pushed(scene, AGAIN) == {"https://push.example/holder"}
