"""Who deposited a document reads that it is to be rectified, or is said not to be about this person (RGPD art. 16)."""

from contextlib import suppress
from typing import Any

from chalicelib.care import inbox
from chalicelib.history import actions as history
from tests.cutting import Killed, Place, cut, each_call
from tests.people import HOLDER, LAB
from tests.unit.confidential import Records

from .api_scene import Scene

WISH = {"wish": "Le groupe sanguin n'est pas le mien."}


def told(scene: Scene, role: str = "author_lab") -> list[tuple[str, str]]:
    scene.world.work()
    notices: list[dict[str, Any]] = scene.done(200, role, "GET", "/me/notices")["notices"]
    assert {one["record"] for one in notices} <= {scene.record}
    return [(one["event"], one["document"]) for one in notices]


def test_the_author_reads_that_a_document_is_to_be_rectified_and_nobody_else_does() -> None:
    scene = Scene()
    document = scene.available()
    path = f"{scene.base}/documents/{document}/rectifications"
    asked = scene.done(201, "holder", "POST", path, body=WISH)["rectification"]
    scene.done(201, "holder", "POST", path, body=WISH)
    assert told(scene) == [("rectification", document)]
    assert told(scene, "allowed_doctor") == told(scene, "unknown_doctor") == []
    answer = {"outcome": "corrected", "words": "Corrigé."}
    scene.done(200, "author_lab", "POST", f"{path}/{asked}/answer", body=answer)
    assert told(scene) == [("rectification", document)]


def test_the_author_reads_that_a_document_is_said_not_to_be_about_this_person() -> None:
    scene = Scene()
    document = scene.available()
    scene.done(204, "holder", "POST", f"{scene.base}/documents/{document}/disowning")
    assert told(scene) == [("disowning", document)]


def test_an_author_whom_the_person_blocked_is_asked_all_the_same() -> None:
    scene = Scene()
    document = scene.available()
    scene.done(200, "holder", "POST", f"{scene.base}/choices/block", body={"kind": "organisation", "id": "F990000018"})
    scene.done(201, "holder", "POST", f"{scene.base}/documents/{document}/rectifications", body=WISH)
    assert told(scene) == [("rectification", document)]


def killed(at: Place | None) -> tuple[list[str], list[inbox.Told], list[str]]:
    """Tell in a process that is cut there, then in one that lives; return the first one's calls, inbox, journal."""
    records, calls = Records(), list[str]()
    name = inbox.name_of(records.host.clock.now(), "a" * 16)
    what = (records.record, inbox.OF_RECTIFICATION, name, records.document)
    with suppress(Killed):
        inbox.tell(cut(records.host, calls, at), *what)
    inbox.tell(records.host, *what)
    journal = [one.action for one in history.history(records.host, HOLDER, records.record).entries]
    return calls, inbox.inbox(records.host, LAB)[0], journal


def test_a_notice_that_was_killed_anywhere_lies_there_once_with_one_entry() -> None:
    calls, _, undisturbed = killed(None)
    for at in each_call(calls):
        _, lying, journal = killed(at)
        assert [(one.event, len(lying)) for one in lying] == [("rectification", 1)], at
        assert journal == undisturbed, at
