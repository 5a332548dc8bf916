"""What an adversary found (2026-11-28): each test failed before its mend."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.access.gate import RECENT
from chalicelib.agenda import planning
from chalicelib.enrolment.actions import open_
from chalicelib.enrolment.insured import read_line
from tests.intake_files import insured
from tests.people import ENROLMENT

from .api_delegates import minor
from .api_scene import CONTENT, Scene, deposit, digest, metadata
from .api_world import World

APPOINTMENT = {"title": "Consultation", "at": "2027-03-29T09:30"}


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("said", [{}, {"secret": False}])
def test_a_professionals_correction_shows_no_representative_what_a_minor_keeps_secret(said: dict[str, bool]) -> None:
    scene = Scene()
    profile = f"/records/{minor(scene)}/profile"
    entry = {"section": "vaccinations", "act": "hpv", "on": "2026-10-14"}
    made = scene.done(201, "allowed_doctor", "POST", profile, body={"entry": entry, "secret": True})["id"]
    corrected = {"entry": {**entry, "lot": "A12"}, **said}
    answer = scene.done(200, "allowed_doctor", "PUT", f"{profile}/{made}", body=corrected)
    assert scene.done(200, "allowed_doctor", "PUT", f"{profile}/{made}", body=corrected)["version"] == answer["version"]
    assert scene.world.send("proxy", "GET", f"{profile}/{made}").status == 404
    assert scene.done(200, "holder", "GET", f"{profile}/{made}")["entry"]["lot"] == "A12"


@pytest.mark.abuse("A21")
def test_an_appointment_pushed_again_shows_no_representative_what_a_minor_keeps_secret() -> None:
    scene = Scene()
    agenda = f"/records/{minor(scene)}/agenda"
    body = {**APPOINTMENT, "reference": "rdv-1"}
    scene.done(200, "allowed_doctor", "POST", f"{agenda}/pushed", body={**body, "secret": True})
    for again in (body, {**body, "status": "CANCELLED"}, {**body, "secret": False}):
        scene.done(200, "allowed_doctor", "POST", f"{agenda}/pushed", body=again)
        assert scene.done(200, "proxy", "GET", agenda)["entries"] == []


@pytest.mark.abuse("T07")
def test_no_number_of_changes_hides_a_change_from_the_old_address() -> None:
    scene = Scene()
    contact, mine = f"/records/{scene.record}/contact", {"email": "ondine@example.org", "phone": "+33600000042"}
    scene.done(204, "holder", "PUT", contact, body=mine)
    scene.world.work()
    scene.world.host.mail.sent.clear()
    thefts = [{"email": f"thief{number}@example.org", "phone": f"+3360000005{number}"} for number in range(9)]
    answers = [scene.world.send("holder", "PUT", contact, body=theft).status for theft in thefts]
    assert set(answers) == {204, 409}
    scene.world.work()
    assert mine["email"] in [str(mail["To"]) for mail in scene.world.host.mail.sent]
    scene.done(204, "holder", "PUT", contact, body=mine)  # who is robbed goes back once they were told


def test_a_deposit_without_a_unique_id_is_repeated_by_its_key() -> None:
    scene = Scene()
    about = {name: value for name, value in metadata().items() if name != "unique_id"}
    more = {"Idempotency-Key": "deposit-0001"}
    path = f"/records/{scene.record}/uploads"
    about |= {"media": "text/plain", "size": len(CONTENT), "sha256": digest(CONTENT)}
    first, second = (scene.world.send("author_lab", "POST", path, body=about, more=more) for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert json.loads(first.body)["document"] == json.loads(second.body)["document"]


def test_a_body_mass_index_of_nothing_lies_nowhere_on_the_curves() -> None:
    scene = Scene()
    record = minor(scene)
    at = (scene.world.clock.now() - timedelta(hours=1)).isoformat()
    for kind, value in (("HEIGHT", 280), ("WEIGHT", 0.2)):
        entry = {"section": "measures", "kind": kind, "value": value, "at": at}
        scene.done(201, "holder", "POST", f"/records/{record}/profile", body={"entry": entry})
    scene.done(200, "holder", "POST", f"/records/{record}/measures/growth", body={"kind": "BMI"})


@pytest.mark.parametrize(
    "address",
    [
        ["Rue de la Loi 16", "B-1000 BRUXELLES"],
        ["APPT 12", "BAT B", "RES LES PINS", "1 rue du Port", "BP 12", "14000 CAEN"],
        ["1 rue du Port et des Quais de la Grande Batterie du Nord", "14000 CAEN"],
        ["14000 CAEN"],
    ],
    ids=lambda lines: lines[0],
)
def test_an_address_that_the_fund_gave_is_shown_as_it_is(address: list[str]) -> None:
    scene = Scene()
    one = read_line("ndjson", json.dumps(insured(7, address=address)).encode(), date(2026, 11, 28)).person()
    record, _ = open_(scene.world.host, ENROLMENT, one, scene.actor("holder").id)
    shown = scene.done(200, "holder", "GET", f"/records/{record}/contact")["address"]
    assert shown["lines"] == address[:-1]


def test_what_the_holder_removed_takes_no_room_once_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, most = Scene(), planning.ceilings()
    lowered = {**most, "agenda_entries": 10, "appointments_per_organisation": 5}
    monkeypatch.setattr(planning, "ceilings", lambda: lowered)
    agenda = f"/records/{scene.record}/agenda"
    for number in range(15):
        at = (scene.world.clock.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
        body: dict[str, Any] = {"title": "x", "at": at, "reference": f"r{number}"}
        entry = scene.done(200, "allowed_doctor", "POST", f"{agenda}/pushed", body=body)["entry"]
        scene.done(204, "holder", "DELETE", f"{agenda}/entries/{entry}")
        scene.world.clock.advance(timedelta(days=1))
    scene.done(201, "holder", "POST", f"{agenda}/appointments", body={"title": "x", "at": "2028-06-01T09:00"})


@pytest.mark.abuse("U09")
def test_an_upload_counts_when_it_begins() -> None:
    scene = Scene(world=World(quotas={"organisation": 5, "record": 5}))
    about = {**metadata(), "media": "text/plain", "size": 5, "sha256": "0" * 64}
    path = f"/records/{scene.record}/uploads"
    sent = [
        scene.world.send("author_lab", "POST", path, body={**about, "unique_id": f"2.25.{number}"}).status
        for number in range(7)
    ]
    assert sent == [201] * 5 + [429] * 2


def test_a_replacement_that_says_something_else_of_the_same_content_is_another_version() -> None:
    scene = Scene()
    document = scene.available()
    path = f"/records/{scene.record}/documents/{document}"
    before = scene.done(200, "holder", "GET", path)
    form = ({**metadata(), "title": "Bilan de novembre"}, CONTENT, "text/plain")
    for _ in range(2):
        assert scene.world.send("author_lab", "POST", f"{path}/versions", form=form).status == 202
        scene.world.work()
    after = scene.done(200, "holder", "GET", path)
    assert (after["title"], after["version"]) == ("Bilan de novembre", before["version"] + 1)


@pytest.mark.parametrize("made", ["codes", "calendars", "card"])
def test_what_was_revoked_is_not_made_again_by_the_key_that_made_it(made: str) -> None:
    scene = Scene()
    base, more = f"/records/{scene.record}", {"Idempotency-Key": "code-000001"}
    first = scene.world.send("holder", "POST", f"{base}/{made}", body={}, more=more)
    assert first.status in (200, 201), first.body
    if made == "card":
        assert scene.world.send("holder", "DELETE", f"{base}/card").status in (200, 204)
    else:
        reference = json.loads(first.body)["reference"]
        scene.done(200, "holder", "POST", f"{base}/codes/revocation", body={"reference": reference})
    for _ in range(RECENT + 10):
        scene.done(200, "holder", "GET", f"{base}/agenda")
    assert scene.world.send("holder", "POST", f"{base}/{made}", body={}, more=more).status == 409


@pytest.mark.abuse("T07")
def test_a_change_of_both_means_is_told_to_both_old_ones_once() -> None:
    scene = Scene()
    contact, host = f"/records/{scene.record}/contact", scene.world.host
    scene.done(204, "holder", "PUT", contact, body={"email": "ondine@example.org", "phone": "+33600000042"})
    scene.world.work()
    host.mail.sent.clear()
    host.sms.sent.clear()
    scene.done(204, "holder", "PUT", contact, body={"email": "thief@example.org", "phone": "+33600000051"})
    for _ in range(2):
        scene.world.work()
    assert [str(mail["To"]) for mail in host.mail.sent] == ["ondine@example.org"]
    assert [to for to, _ in host.sms.sent.values()] == ["+33600000042"]


@pytest.mark.abuse("T07")
def test_a_number_is_not_taken_away_unseen_behind_many_changes_of_the_address() -> None:
    scene = Scene()
    contact, number = f"/records/{scene.record}/contact", {"phone": "+33600000042"}
    scene.done(204, "holder", "PUT", contact, body={"email": "ondine@example.org", **number})
    for turn in range(10):
        scene.done(204, "holder", "PUT", contact, body={"email": f"thief{turn}@example.org", **number})
    assert scene.world.send("holder", "PUT", contact, body={"email": "thief9@example.org"}).status == 409


def test_what_its_author_deleted_and_sends_again_is_refused_in_words() -> None:
    scene, about = Scene(), {**metadata(), "unique_id": "1.2.250.1.999.77"}
    document = deposit(scene, "author_lab", about, "deposit-0077").json["document"]
    scene.world.work()
    scene.done(204, "author_lab", "DELETE", f"/records/{scene.record}/documents/{document}")
    again = deposit(scene, "author_lab", about, "deposit-0077")
    assert again.told == "409 CONFLICT"
    assert "deleted" in again.json["detail"]


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("removed_after", [timedelta(0), timedelta(days=30)])
def test_what_a_minor_removed_is_shown_to_no_parent_when_it_is_sent_again_for_later(removed_after: timedelta) -> None:
    scene = Scene()
    agenda = f"/records/{minor(scene)}/agenda"
    body = {"title": "Consultation", "at": "2026-12-03T09:30", "reference": "rdv-1"}
    sent = scene.done(200, "allowed_doctor", "POST", f"{agenda}/pushed", body={**body, "secret": True})
    scene.world.clock.advance(removed_after)
    scene.done(204, "holder", "DELETE", f"{agenda}/entries/{sent['entry']}")
    later = {**body, "at": "2027-02-20T09:30"}
    assert scene.world.send("allowed_doctor", "POST", f"{agenda}/pushed", body=later).status == 403
    scene.world.clock.advance(timedelta(days=4))
    other = {"title": "x", "at": "2027-02-25T09:00", "secret": True}
    scene.done(201, "holder", "POST", f"{agenda}/appointments", body=other)
    assert scene.world.send("allowed_doctor", "POST", f"{agenda}/pushed", body=later).status == 403
    assert scene.done(200, "proxy", "GET", agenda)["entries"] == []


def test_an_upload_begun_again_gets_its_answer_when_it_was_the_last_of_the_day() -> None:
    scene = Scene(world=World(quotas={"organisation": 1, "record": 1}))
    about = {**metadata(), "media": "text/plain", "size": 5, "sha256": "0" * 64}
    path, key = f"/records/{scene.record}/uploads", {"Idempotency-Key": "upload-0001"}
    answers = [scene.world.send("author_lab", "POST", path, body=about, more=key).status for _ in range(2)]
    assert answers == [201, 201]
    other = {**about, "unique_id": "1.2.3.4"}
    assert scene.world.send("author_lab", "POST", path, body=other).status == 429


def test_a_key_used_for_another_content_without_a_unique_id_blames_the_key() -> None:
    scene = Scene()
    about = {name: value for name, value in metadata().items() if name != "unique_id"}
    assert deposit(scene, "author_lab", about, "deposit-0001").status == 202
    assert deposit(scene, "author_lab", about, "deposit-0001", b"another text").told == "422 INVALID"


@pytest.mark.abuse("A21")
def test_a_minors_correction_that_says_nothing_of_secrecy_shows_nothing() -> None:
    scene = Scene()
    record = f"/records/{minor(scene)}"
    entry = {"section": "vaccinations", "act": "hpv", "on": "2026-10-14"}
    noted = scene.done(201, "holder", "POST", f"{record}/profile", body={"entry": entry, "secret": True})["id"]
    scene.done(200, "holder", "PUT", f"{record}/profile/{noted}", body={"entry": {**entry, "lot": "A12"}})
    assert scene.world.send("proxy", "GET", f"{record}/profile/{noted}").status == 404
    scene.done(200, "holder", "PUT", f"{record}/profile/{noted}", body={"entry": entry, "secret": False})
    assert scene.world.send("proxy", "GET", f"{record}/profile/{noted}").status == 200


@pytest.mark.abuse("A21")
def test_a_minors_appointment_that_is_changed_without_a_word_of_secrecy_stays_secret() -> None:
    scene = Scene()
    agenda = f"/records/{minor(scene)}/agenda"
    made = scene.done(201, "holder", "POST", f"{agenda}/appointments", body={**APPOINTMENT, "secret": True})["entry"]
    scene.done(200, "holder", "PUT", f"{agenda}/appointments/{made}", body={**APPOINTMENT, "note": "à jeun"})
    assert scene.done(200, "proxy", "GET", agenda)["entries"] == []
    scene.done(200, "holder", "PUT", f"{agenda}/appointments/{made}", body={**APPOINTMENT, "secret": False})
    assert len(scene.done(200, "proxy", "GET", agenda)["entries"]) == 1
