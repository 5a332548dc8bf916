"""The agenda as callers and calendar clients meet it: refusals in words, what a link answers, what no log has."""

import logging

import ics
import pytest
import vobject

from tests.http.api_people import PUBLIC_URL
from tests.http.api_scene import Scene
from tests.http.api_world import Answer

AT = "2027-03-29T09:30"
BODY = {"title": "Consultation CANARI", "at": AT}


def errors(scene: Scene, **changed: object) -> dict[str, str]:
    answer = scene.world.send(
        "holder", "POST", f"/records/{scene.record}/agenda/appointments", body={**BODY, **changed}
    )
    assert answer.status == 422, answer
    return {one["pointer"]: one["detail"] for one in answer.json["errors"]}


def linked(scene: Scene, *, in_words: bool = False) -> str:
    body = {"in_words": in_words}
    url = scene.done(201, "holder", "POST", f"/records/{scene.record}/calendars", body=body)["url"]
    return str(url).removeprefix(PUBLIC_URL)


def get(scene: Scene, path: str, tag: str = "", method: str = "GET") -> Answer:
    return scene.world.send("anonymous", method, path, more={"If-None-Match": tag} if tag else {})


@pytest.mark.parametrize(
    ("changed", "pointer", "detail"),
    [
        ({"at": "2026-11-30T10:00"}, "/at", "lies in the past"),
        ({"at": "2027-02-30T10:00"}, "/at", "is no date of the calendar"),
        ({"at": "2027-02-29T10:00"}, "/at", "is no date of the calendar"),
        ({"at": "2027-03-01T25:00"}, "/at", "is no date of the calendar"),
        ({"at": "0000-00-00T00:00"}, "/at", "is no date of the calendar"),
        ({"at": "2027-03-28T02:30"}, "/at", "does not exist: clocks go forward in that night"),
        ({"at": "9999-12-31T23:59"}, "/at", "lies more than ten years ahead"),
        ({"zone": "America/New_York"}, "/zone", "is no time zone of France"),
        ({"secret": True}, "/secret", "only a minor keeps an appointment from representatives"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(changed: dict[str, object], pointer: str, detail: str) -> None:
    assert errors(Scene(), **changed) == {pointer: detail}


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "2027-03-29T09:30:00"},
        {"at": "2027-03-29T09:30Z"},
        {"at": 1806312600},
        {"title": "x" * 101},
        {"title": ""},
        {"title": "a\nb"},
        {"note": "x" * 1001},
        {"whom": {"kind": "FRIEND", "name": "x"}},
        {"minutes": 1441},
        {"status": "DONE"},
    ],
)
def test_the_limits_of_the_agenda_are_kept(changed: dict[str, object]) -> None:
    assert len(errors(Scene(), **changed)) == 1


def test_the_eleventh_reminder_of_a_day_is_a_clear_422() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/agenda/reminders"
    for minute in range(10, 20):
        scene.done(201, "holder", "POST", path, body={"title": "Boire", "at": f"2027-03-29T09:{minute}"})
    answer = scene.world.send("holder", "POST", path, body={"title": "Boire", "at": "2027-03-29T22:00"})
    assert (answer.status, answer.json["errors"]) == (
        422,
        [{"pointer": "/at", "detail": "there are ten reminders on that day already"}],
    )


def test_a_calendar_client_gets_the_calendar_and_asks_again_for_nothing() -> None:
    scene = Scene()
    scene.done(201, "holder", "POST", f"/records/{scene.record}/agenda/appointments", body=BODY)
    path = linked(scene)
    first = get(scene, path)
    assert (first.status, first.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert vobject.readOne(first.body.decode()).vevent.summary.value == "Rendez-vous"
    assert len(ics.Calendar(first.body.decode()).events) == 1
    again = get(scene, path, first.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert get(scene, path, method="HEAD").headers["etag"] == first.headers["etag"]
    scene.done(201, "holder", "POST", f"/records/{scene.record}/agenda/appointments", body={**BODY, "title": "x"})
    assert get(scene, path, first.headers["etag"]).status == 200


def test_a_revoked_link_a_wrong_secret_and_no_link_are_answered_alike() -> None:
    scene = Scene()
    path = linked(scene)
    reference, secret = path.split("/")[-2:]
    wrong = [f"/calendars/{reference}/{'0' * 32}.ics", f"/calendars/{'0' * 20}/{secret}", f"{path}x", "/calendars/a/b"]
    told = [get(scene, one) for one in wrong]
    scene.done(204, "holder", "DELETE", f"/records/{scene.record}/calendars/{reference}")
    told.append(get(scene, path))
    assert {one.told for one in told} == {"404 NOT_FOUND"}
    assert len({(one.json["detail"], one.json["title"]) for one in told}) == 1


@pytest.mark.abuse("I03")
def test_no_log_has_the_secret_of_a_link(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    scene = Scene()
    with caplog.at_level(logging.DEBUG):
        path = linked(scene)
        reference, secret = path.split("/")[-2:]
        for one in (path, f"{path}x", f"/calendars/{reference}/{secret[::-1]}"):
            get(scene, one)
            get(scene, one, method="OPTIONS")
            get(scene, one, method="PATCH")
    logged = caplog.text + "".join(capsys.readouterr())
    assert "/calendars/{reference}/{secret}" in logged
    assert secret.removesuffix(".ics") not in logged
    assert reference not in logged


def test_a_flood_of_wrong_secrets_is_slowed_down_and_does_not_lock_the_right_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from chalicelib.access import refusal

    monkeypatch.setattr(refusal, "HOURLY_LIMIT", 3)
    scene = Scene()
    path = linked(scene)
    wrong = f"{path.rpartition('/')[0]}/{'0' * 32}.ics"
    assert [get(scene, wrong).status for _ in range(5)] == [404, 404, 404, 429, 429]
    assert get(scene, path).status == 200


def test_an_unknown_link_writes_nothing() -> None:
    scene = Scene()
    before = len(list(scene.world.host.rows.everything()))
    for number in range(5):
        assert get(scene, f"/calendars/{number:020x}/{'0' * 32}.ics").status == 404
    assert len(list(scene.world.host.rows.everything())) == before


def test_the_holder_pages_through_the_agenda() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/agenda"
    for day in ("29", "30", "31"):
        scene.done(201, "holder", "POST", f"{path}/appointments", body={**BODY, "at": f"2027-03-{day}T09:30"})
    first = scene.world.send("holder", "GET", path, query="limit=2&since=2027-03-29&kind=appointment").json
    rest = scene.world.send("holder", "GET", path, query=f"limit=2&since=2027-03-29&cursor={first['cursor']}").json
    assert [one["at"] for one in first["entries"] + rest["entries"]] == [f"2027-03-{day}T09:30" for day in (29, 30, 31)]
    assert rest["cursor"] == ""
    assert scene.world.send("holder", "GET", path, query="until=2027-02-30").status == 422
    assert scene.world.send("holder", "GET", path, query="since=20131200").status == 422  # no seconds since 1970


def test_a_period_given_backwards_is_refused_and_not_taken_for_an_empty_agenda() -> None:
    scene = Scene()
    path = f"/records/{scene.record}/agenda"
    answer = scene.world.send("holder", "GET", path, query="since=2027-03-29&until=2027-03-28")
    assert (answer.status, answer.json["errors"]) == (
        422,
        [{"pointer": "until", "detail": "ends before it begins"}],
    )
    assert scene.world.send("holder", "GET", path, query="since=2027-03-29&until=2027-03-29").status == 200
