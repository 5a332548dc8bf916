"""What the help desk takes for the holder's word, over HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.enrolment.life import state_of
from tests.invited import code, invite
from tests.people import person

from .api_people import roles
from .api_scene import Scene

BORN = {"birth_date": "1976-11-23"}


def card(scene: Scene) -> str:
    assert scene.world.send("holder", "POST", f"{scene.base}/card").status == 201
    codes = scene.done(200, "holder", "GET", f"{scene.base}/choices")["codes"]
    return next(str(one["reference"]) for one in codes if one["purpose"] == "card")


def calendar(scene: Scene) -> str:
    return str(scene.done(201, "holder", "POST", f"{scene.base}/calendars", body={})["url"].split("/")[-2])


def access_code(scene: Scene) -> str:
    made = scene.done(201, "holder", "POST", f"{scene.base}/codes", body={})
    said = {"reference": made["reference"], "code": made["code"]}
    scene.done(200, "unknown_doctor", "POST", "/code-uses", body=said)
    return str(made["reference"])


def unused_code(scene: Scene) -> str:
    return str(scene.done(201, "holder", "POST", f"{scene.base}/codes", body={})["reference"])


def former_carer(scene: Scene) -> str:
    made = scene.done(201, "holder", "POST", f"{scene.base}/carers", body={"name": "Hector"})
    said = {"reference": made["reference"], "code": made["code"], "as": "carer", "accepted": True}
    scene.done(200, "carer", "POST", "/invitation-answers", body=said)
    who = {"as": "carer", "id": scene.actor("carer").id}
    scene.done(204, "holder", "POST", f"{scene.base}/delegations/revocation", body=who)
    return str(made["reference"])


@pytest.mark.abuse("T07")
@pytest.mark.parametrize(
    "held", [card, calendar, access_code, unused_code, former_carer], ids=lambda one: str(one.__name__)
)
@pytest.mark.parametrize("asked", ["closings", "contacts"])
def test_the_help_desk_knows_nobody_by_a_reference_that_others_hold(held: Callable[[Scene], str], asked: str) -> None:
    scene = Scene()
    more = {"channel": "email", "value": "thief@example.org"} if asked == "contacts" else {}
    body = {"reference": held(scene), **BORN, **more}
    assert scene.world.send("support", "POST", f"/support/{asked}", body=body).status == 404
    assert state_of(scene.world.host, scene.record).state == "open"


@pytest.mark.abuse("T07")
def test_a_professional_who_reads_the_history_reads_no_reference_of_a_code() -> None:
    scene = Scene()
    named = {"professional": str(roles()["other_lab"].claims["SubjectNameID"])}
    scene.done(200, "holder", "POST", f"{scene.base}/choices/physician", body=named)
    reference = access_code(scene)
    theirs, mine = (
        [one["subject"] for one in scene.done(200, who, "GET", f"{scene.base}/history")["entries"]]
        for who in ("other_lab", "holder")
    )
    assert theirs
    assert reference not in theirs
    assert reference in mine
    assert code(scene.world.host, scene.record, reference) not in mine


def test_two_new_means_of_contact_told_to_the_help_desk_both_count() -> None:
    scene = Scene(choices=False)
    record, reference = invite(scene.world.host, person())
    letter = {"reference": reference, "code": code(scene.world.host, record, reference)}
    scene.done(200, "carer", "POST", "/activations", body=letter)
    who = {"reference": reference, "birth_date": "1955-08-14"}
    for channel, value in (("email", "new@example.org"), ("sms", "+33600000077")):
        scene.done(200, "support", "POST", "/support/contacts", body={**who, "channel": channel, "value": value})
        scene.world.clock.advance(timedelta(hours=1))
    seen = scene.done(200, "carer", "GET", f"/records/{record}/contact")
    assert [seen[name]["channel"] for name in ("pending", "later")] == ["email", "sms"]
    scene.world.clock.advance(timedelta(days=4))
    seen = scene.done(200, "carer", "GET", f"/records/{record}/contact")
    assert (seen["email"], seen["phone"]) == ("new@example.org", "+33600000077")
    assert (seen["pending"], seen["later"]) == (None, None)


def test_who_never_logged_in_may_object_to_the_closing_of_a_suspended_record() -> None:
    scene = Scene(choices=False)
    record, reference = invite(scene.world.host, person())
    letter = {"reference": reference, "code": code(scene.world.host, record, reference)}
    scene.world.work()
    scene.world.clock.advance(timedelta(weeks=7))
    scene.world.night()
    assert state_of(scene.world.host, record).state == "open"
    scene.done(200, "enrolment", "POST", f"/records/{record}/suspension")
    assert scene.done(200, "carer", "POST", "/activations", body=letter)["state"] == "suspended"
    assert scene.done(200, "carer", "POST", f"/records/{record}/resumption")["state"] == "open"


@pytest.mark.abuse("A12")
def test_the_holder_ends_an_assisted_session_by_revoking_its_code() -> None:
    scene = Scene()
    made = scene.done(201, "holder", "POST", f"{scene.base}/assistance-codes")
    said = {"reference": made["reference"], "code": made["code"]}
    scene.done(200, "support", "POST", "/support/sessions", body=said)
    assert scene.done(200, "support", "GET", f"{scene.base}/choices")["codes"] == []
    scene.done(200, "holder", "POST", f"{scene.base}/codes/revocation", body={"reference": made["reference"]})
    assert scene.world.send("support", "GET", f"{scene.base}/choices").status != 200
