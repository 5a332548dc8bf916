"""Delegations, codes and the legal desk through the whole application, with real tokens."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.invited import code, invite
from tests.people import person

from .api_requests import operation, operations, undocumented
from .api_scene import CONTENT, Scene, metadata
from .api_world import World

PROFILE = (
    *("profile_note", "profile_listing", "profile_search", "profile_summary"),
    *("measures_enter", "measures_newest", "measures_search", "measures_grow"),
)
"""of the profile; single entries are those of tests/profile"""
AGENDA = ("agenda_listing", "agenda_plan", "agenda_ask_reminder", "prevention_say")
MAY = (
    *PROFILE,
    *AGENDA,
    "documents_listing",
    "documents_search",
    "documents_read",
    "documents_status",
    "documents_content",
)
"""what a carer does beside depositing, of everything that has a record in its path"""

FINISHED = {"documents_complete"}
"""of an upload that is finished already: says its state, as documents_status does"""


def helped() -> Scene:
    """Return the scene in which Hector helps Ondine."""
    scene = Scene()
    made = scene.done(201, "holder", "POST", f"/records/{scene.record}/carers", body={"name": "Hector"})
    said = {"reference": made["reference"], "code": made["code"], "as": "carer", "accepted": True}
    scene.done(200, "carer", "POST", "/invitation-answers", body=said)
    return scene


def me(scene: Scene, role: str) -> Any:
    return scene.done(200, role, "GET", "/me")["records"]


@pytest.mark.abuse("A24")
def test_a_carer_may_what_a_carer_may_on_every_route_and_nothing_else() -> None:
    scene = helped()
    params = scene.params("")
    form = (metadata(), CONTENT, "text/plain")
    scene.done(202, "carer", "POST", f"/records/{scene.record}/documents", form=form)
    told = {}
    for name in _record_routes():
        one = operation(name)
        told[name] = scene.world.send("carer", one.method, one.at(params), **one.fresh()).told
    done = {name for name, answer in told.items() if answer in ("200", "201", "202")}
    assert done == {*MAY, "documents_deposit"} | FINISHED
    refused = {told[name] for name in told if name.startswith(("choices_", "codes_", "history_"))}
    assert refused == {"403 CARER_LIMITS"}
    invites = ("delegations_invite_carer", "delegations_invite_proxy")
    assert {told[name] for name in invites} == {"403 CARER_LIMITS"}


def _record_routes() -> list[str]:
    names = [one.name for one in operations() if "{record}" in one.path and one.name != "documents_delete"]
    return [name for name in names if name != "delegations_revoke"]


@pytest.mark.abuse("A24")
def test_a_carer_leaves_and_finds_nothing_any_more() -> None:
    scene = helped()
    assert [(one["record"], one["as"]) for one in me(scene, "carer")] == [(scene.record, "carer")]
    scene.done(204, "carer", "POST", f"/records/{scene.record}/delegations/revocation", body={"as": "carer"})
    assert me(scene, "carer") == []
    assert scene.world.send("carer", "GET", f"/records/{scene.record}/documents").told == "404 NOT_FOUND"


@pytest.mark.abuse("A24")
def test_a_carer_revoked_by_the_holder_is_denied_at_the_next_request() -> None:
    scene = helped()
    path = f"/records/{scene.record}/documents/{scene.available()}/content"
    assert scene.world.send("carer", "GET", path).body == CONTENT
    (carer,) = scene.done(200, "holder", "GET", f"/records/{scene.record}/choices")["carers"]
    assert carer["name"] == "Hector AIDANT"
    body = {"as": "carer", "id": carer["id"]}
    scene.done(204, "holder", "POST", f"/records/{scene.record}/delegations/revocation", body=body)
    assert scene.world.send("carer", "GET", path).told == "404 NOT_FOUND"


@pytest.mark.parametrize(("kind", "word"), [("curatelle", "assiste"), ("sauvegarde", "exercice")])
def test_a_mandate_that_does_not_represent_is_refused_with_its_reason(kind: str, word: str) -> None:
    scene = Scene()
    body = {"kind": kind, "name": "X", "until": "2030-01-01"}
    answer = scene.world.send("holder", "POST", f"/records/{scene.record}/proxies", body=body)
    assert answer.told == "422 INVALID"
    assert [(one["pointer"], word in one["detail"]) for one in answer.json["errors"]] == [("/kind", True)]


@pytest.mark.abuse("T05")
def test_a_key_is_one_code_and_another_persons_key_another_one() -> None:
    scene, key = Scene(), {"Idempotency-Key": "visit-2026-000017"}
    path = f"/records/{scene.record}/codes"
    one, two = (scene.done(201, "holder", "POST", path, body={}, more=key) for _ in range(2))
    assert one == two
    other = scene.done(201, "other_citizen", "POST", f"/records/{scene.other}/codes", body={}, more=key)
    assert other["reference"] != one["reference"]
    answer = scene.world.send("holder", "POST", path, body={"categories": ["BIOLOGIE"]}, more=key)
    assert answer.told == "422 INVALID"


@pytest.mark.abuse("T09")
@pytest.mark.parametrize("role", ["carer", "proxy"])
def test_nobody_becomes_a_delegate_without_the_code_of_that_invitation(role: str) -> None:
    scene = Scene()
    made = scene.done(201, "holder", "POST", f"/records/{scene.record}/codes", body={})
    said = {"reference": made["reference"], "code": made["code"], "as": role, "accepted": True}
    assert scene.world.send("carer", "POST", "/invitation-answers", body=said).told == "404 NOT_FOUND"


def test_a_decision_on_an_older_version_is_told_so() -> None:
    scene = Scene()
    found = scene.world.send("holder", "GET", f"/records/{scene.record}/choices")
    tag = {"If-Match": found.headers["etag"]}
    path, body = f"/records/{scene.record}/choices/physician", {"professional": "810009900019"}
    scene.done(200, "holder", "POST", path, body=body, more=tag)
    assert scene.world.send("holder", "POST", path, body={"professional": None}, more=tag).told == "412 STALE"


def test_a_card_is_printed_and_voided_and_documented() -> None:
    scene, one = Scene(), operation("codes_print_card")
    path = f"/records/{scene.record}/card"
    answer = scene.world.send("holder", "POST", path)
    assert answer.body.startswith(b"%PDF-")
    assert undocumented(one, answer) == ""
    assert [c["purpose"] for c in scene.done(200, "holder", "GET", f"/records/{scene.record}/choices")["codes"]] == [
        "card"
    ]
    scene.done(204, "holder", "DELETE", path)
    assert scene.done(200, "holder", "GET", f"/records/{scene.record}/choices")["codes"] == []


def test_a_regulator_reads_without_any_choice_until_the_switch_is_off() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/documents/{scene.available()}/content"
    assert scene.world.send("regulator", "GET", path).body == CONTENT
    body = {"switch": "regulation", "on": False}
    scene.done(200, "holder", "POST", f"/records/{scene.record}/choices/switches", body=body)
    assert scene.world.send("regulator", "GET", path).told == "403 NO_ACCESS"


def test_two_agents_of_the_legal_desk_let_a_courts_expert_in_and_read_nothing_themselves() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/documents/{scene.available()}/content"
    body = {"ground": "court_expert", "professional": "810009900043"}
    made = scene.done(201, "legal", "POST", f"/records/{scene.record}/disclosures", body=body)
    confirm = f"/records/{scene.record}/disclosures/confirmation"
    named = {"disclosure": made["disclosure"]}
    assert scene.world.send("legal", "POST", confirm, body=named).told == "403 NO_ACCESS"
    assert scene.world.send("unknown_doctor", "GET", path).told == "403 NO_ACCESS"
    scene.done(204, "legal_two", "POST", confirm, body=named)
    assert scene.world.send("unknown_doctor", "GET", path).body == CONTENT
    for role in ("legal", "legal_two"):
        assert scene.world.send(role, "GET", path).told == "403 NO_ACCESS"


@pytest.mark.parametrize(
    "body", [{"ground": "heir_memory"}, {"ground": "court_expert", "person": {"issuer": "x", "subject": "y"}}]
)
def test_a_proposal_names_whom_its_ground_fits(body: dict[str, Any]) -> None:
    scene = Scene()
    answer = scene.world.send("legal", "POST", f"/records/{scene.record}/disclosures", body=body)
    assert answer.told in ("422 INVALID", "409 CONFLICT")


@pytest.mark.abuse("A23")
def test_a_parent_does_not_become_the_holder_at_eighteen_by_the_code_sent_to_the_parents_address() -> None:
    world = World()
    who = person(birth=date(2008, 12, 20)).model_copy(update={"email": ""})
    record, reference = invite(world.host, who)
    letter = {"reference": reference, "code": code(world.host, record, reference)}
    assert world.send("proxy", "POST", "/activations", body=letter).status == 200
    reach = {"email": "parent@example.org"}
    assert world.send("proxy", "PUT", f"/records/{record}/contact", body=reach).status == 204
    world.work()
    vars(world.host.mail)["sent"].clear()
    world.clock.advance(timedelta(days=20))
    world.night()
    assert reach["email"] not in [str(mail["To"]) for mail in vars(world.host.mail)["sent"]]
    assert world.send("proxy", "GET", f"/records/{record}/documents").status == 404
