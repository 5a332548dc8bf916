"""The story that `make run` tells, in process: the handlers of app.py with the events of a Lambda host."""

from infra.local.life import Life
from infra.local.prevention import Preventive
from infra.local.story import Story
from tests.journeys.moto_world import world


def test_a_document_travels_and_two_reminders_go_out(tmp_path, monkeypatch):
    with world(tmp_path, monkeypatch.setenv) as here:
        Story(here).tell()
    assert [line[0] for line in here.told if line[1:3] == ". "] == list("12345678")


def test_a_record_lives_from_the_invitation_to_its_closing(tmp_path, monkeypatch):
    with world(tmp_path, monkeypatch.setenv) as here:
        Life(here).tell()
    assert [line.partition(".")[0] for line in here.told if line[0].isdigit()] == ["9", "10", "11", "12", "13", "14"]


def test_prevention_from_the_reason_to_the_campaign(tmp_path, monkeypatch):
    with world(tmp_path, monkeypatch.setenv) as here:
        Preventive(here).tell()
    assert [line.partition(".")[0] for line in here.told if line[0].isdigit()] == ["15", "16", "17", "18", "19"]


def test_the_story_can_be_told_twice_to_the_same_stores(tmp_path, monkeypatch):
    with world(tmp_path, monkeypatch.setenv) as here:
        Story(here).tell()
        Story(here).tell()
