"""Why am I told this: the holder reads the very sentence that was due, of their own line and with the law's."""

import json
from datetime import date, timedelta

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.access.grant import Grant, Shelf, open_row
from chalicelib.enrolment.actions import open_
from chalicelib.profile import actions
from chalicelib.reminders.due import due
from chalicelib.reminders.model import Person
from chalicelib.reminders.state import STATE
from chalicelib.reminders.turns import SYSTEM
from tests.http.api_scene import Scene
from tests.http.api_world import World
from tests.people import ENROLMENT, person
from tests.profile.world import draft

from .lives import SHIPPED

CASES = [
    ("pneumococcal_infant", date(2023, 11, 1), "chronic", "à risque", "at risk"),
    ("hexavalent", date(2026, 9, 20), "", "obligatoire", "mandatory"),
    ("dtp_45", date(1980, 3, 1), "health_staff", "travaille dans la santé", "working in health care"),
    ("dtp_45", date(1980, 3, 1), "", "rappel contre", "booster against"),
]


def _told(birth: date, risk: str) -> tuple[Scene, str]:
    """Open the record of somebody who logs in as Ondine does, and let them be told."""
    scene = Scene(world=World())
    world, holder = scene.world, scene.actor("holder")
    record, _ = open_(world.host, ENROLMENT, person("211059999000195", birth), holder.id)
    if risk:
        actions.create(world.host, holder, record, draft("conditions", label="Diagnostic", risk=risk))
    for _ in range(3):
        world.work()
        world.clock.advance(timedelta(hours=1))
    return scene, record


def _reasons(scene: Scene, record: str) -> dict[str, dict[str, str]]:
    answer = scene.world.send("holder", "GET", f"/records/{record}/reminders")
    assert answer.status == 200
    return {one["rule"]: one["reason"] for one in answer.json["reminders"]}


def _grant(scene: Scene, record: str) -> Grant:
    return gate(scene.world.host, Ask(SYSTEM, record, "reminder:arm", rows=(STATE,)))


@pytest.mark.parametrize(("rule", "birth", "risk", "fr", "en"), CASES)
def test_the_holder_reads_the_sentence_that_was_due(rule: str, birth: date, risk: str, fr: str, en: str):
    scene, record = _told(birth, risk)
    who = Person(birth, "F", risks=frozenset({risk} - {""}))
    said = {one.rule: one for one in due(who, (), SHIPPED, scene.world.clock.now().date())}
    shown = _reasons(scene, record)
    assert shown == {name: {"fr": one.reason_fr, "en": one.reason_en} for name, one in said.items()}
    assert fr in shown[rule]["fr"]
    assert en in shown[rule]["en"]


def test_the_sentence_is_the_same_when_the_row_is_lost_and_only_the_journal_is_left():
    scene, record = _told(date(1980, 3, 1), "health_staff")
    before = _reasons(scene, record)
    scene.world.host.rows.delete((f"r#{record}", STATE))
    assert _reasons(scene, record) == before


@pytest.mark.parametrize("kept", [[], ["00000000"]])
def test_what_was_sent_before_sentences_were_kept_is_shown_with_the_general_one(kept: list[str]):
    scene, record = _told(date(1980, 3, 1), "health_staff")
    grant = _grant(scene, record)
    shelf, row = Shelf(scene.world.host, grant), grant.rows[STATE]
    state = json.loads(open_row(grant.policy_key, record, row))
    old = {**state, "sent": [[*one[:6], *kept] for one in state["sent"]]}
    shelf.put(shelf.row(STATE, json.dumps(old).encode(), version=int(str(row["version"]))))
    shown = _reasons(scene, record)["dtp_45"]
    assert shown == {"fr": SHIPPED.by_id["dtp_45"].reason.fr, "en": SHIPPED.by_id["dtp_45"].reason.en}
