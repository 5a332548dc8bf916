"""The life of a record as callers see it: the proof, one constant answer, nothing told where nothing may be."""

import json

import pytest

from chalicelib.enrolment import life
from tests.http.api_blind import blind
from tests.http.api_letters import letter
from tests.http.api_scene import Scene, metadata
from tests.http.api_world import World as Site

OPPOSE = "/oppositions"


def test_the_proof_is_a_document_with_date_and_reference_and_nothing_of_the_person():
    site = Site()
    sent = letter(site, "life_oppose")
    first = site.send("anonymous", "POST", OPPOSE, body=sent)
    text = first.body.decode()
    assert first.status == 200
    assert first.headers["content-disposition"] == 'attachment; filename="opposition.txt"'
    assert sent["reference"] in text
    assert "01/12/2026" in text
    for secret in (sent["code"], "EXEMPLE", "Camille", "1955", "camille@"):
        assert secret not in text
    site.clock.advance(site.clock.now() - site.clock.now().replace(month=11))
    assert site.send("anonymous", "POST", OPPOSE, body=sent).body == first.body


@pytest.mark.abuse("A19")
@pytest.mark.parametrize("path", ["/oppositions", "/activations"])
def test_wrong_spent_unknown_and_worn_out_codes_are_answered_alike(path: str):
    site = Site()
    operation = "life_oppose" if path == OPPOSE else "life_activate"
    spent, wrong, worn = (letter(site, operation) for _ in range(3))
    site.send("holder", "POST", "/activations", body=spent)
    for _ in range(5):
        site.send("other_citizen", "POST", path, body={**worn, "code": "0000-0000-0000"})
    told = [
        blind(site.send("other_citizen", "POST", path, body=body))
        for body in (spent, {**wrong, "code": "0000-0000-0000"}, {**wrong, "reference": "0" * 20}, worn)
    ]
    assert told[0][0] == 404
    assert told == [told[0]] * 4


@pytest.mark.abuse("I03")
def test_a_code_stands_in_no_row_no_queue_and_no_log(capsys: pytest.CaptureFixture[str]):
    site = Site()
    sent = letter(site, "life_oppose")
    site.work()
    bodies = [delivery.body for name in ("notices", "reminders") for delivery in site.host.queue.receive(name, 100)]
    site.send("anonymous", "POST", OPPOSE, body=sent)
    site.work()
    stored = repr(site.host.rows.everything()) + json.dumps(bodies) + capsys.readouterr().out
    for form in (sent["code"], sent["code"].replace("-", ""), sent["code"].upper()):
        assert form not in stored
    assert any(sent["code"] in mail.get_content() for mail in site.host.mail.sent)


@pytest.mark.abuse("A26")
def test_the_jobs_leave_a_closed_record_alone():
    scene = Scene()
    scene.done(200, "holder", "POST", f"/records/{scene.record}/closing")
    scene.world.work()
    before = len(scene.world.host.mail.sent)
    scene.world.night()
    told = {str(mail["To"]) for mail in scene.world.host.mail.sent[before:]}
    assert told == {"barnabe@example.org"}  # whose record is open
    assert life.state_of(scene.world.host, scene.record).state == "closed"


@pytest.mark.abuse("U08")
def test_a_deposit_about_somebody_else_is_refused_without_telling_which_trait():
    scene = Scene()
    told = []
    for patient in ({"family_name": "AUTRE"}, {"birth_date": "1990-01-01"}, {"ins": "1" * 15}):
        about = {**metadata(), "patient": patient}
        answer = scene.world.send(
            "author_lab", "POST", f"/records/{scene.record}/documents", form=(about, b"abc", "text/plain")
        )
        told.append(blind(answer))
    assert told[0][0] == 422
    assert "errors" not in told[0][2]
    assert told == [told[0]] * 3
    about = {**metadata(), "patient": {"family_name": "essai", "birth_date": "1976-11-23", "sex": "F"}}
    scene.done(202, "author_lab", "POST", f"/records/{scene.record}/documents", form=(about, b"abc", "text/plain"))


def test_the_depositor_finds_in_the_status_that_a_document_was_disowned():
    scene = Scene()
    document = scene.available()
    path = f"/records/{scene.record}/documents/{document}"
    scene.done(204, "holder", "POST", f"{path}/disowning")
    assert scene.done(200, "author_lab", "GET", f"{path}/status")["state"] == "disowned"
    for role in ("holder", "allowed_doctor", "author_lab"):
        for tail in ("", "/content"):
            assert scene.world.send(role, "GET", path + tail).status in (403, 404)


@pytest.mark.abuse("A12")
def test_what_the_help_desk_is_answered_shows_nothing_of_the_person():
    site = Site()
    for name, path in (
        ("support_look", "/support/lookups"),
        ("support_resend", "/support/codes"),
        ("support_oppose", "/support/oppositions"),
        ("support_close", "/support/closings"),
        ("support_session", "/support/sessions"),
    ):
        answer = site.send("support", "POST", path, body=letter(site, name))
        assert answer.json.keys() == {"record", "state", "since", "until"}, name


def test_the_help_desk_repeats_a_request_for_a_code_with_its_key_and_no_second_code_is_sent():
    site = Site()
    asked = letter(site, "support_resend")
    site.work()
    before = len(site.host.mail.sent)
    for key in ("resend-0001", "resend-0001", "resend-0002"):
        answer = site.send("support", "POST", "/support/codes", body=asked, more={"Idempotency-Key": key})
        assert answer.status == 200
    site.work()
    assert len({mail["Message-ID"] for mail in site.host.mail.sent[before:]}) == 2
