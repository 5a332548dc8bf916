"""The story that `make run` tells, in process: the handlers of app.py with the events of a Lambda host."""

from collections.abc import Callable
from time import monotonic

import pytest

from chalicelib.emergency.model import Ledger, ledger_key
from infra.local import told as on_one_machine
from infra.local.life import Life
from infra.local.prevention import Preventive
from infra.local.story import Ask, Story
from tests.journeys.moto_world import world

Told = Callable[[Story | Life | Preventive], None]


@pytest.fixture
def tell(record_property: Callable[..., None]) -> Told:
    """Tell a story and say how long it took (aim: 60 s, issue 2)."""

    def told(story: Story | Life | Preventive) -> None:
        began = monotonic()
        story.tell()
        record_property("figure", f"on moto: {type(story).__name__} told in {monotonic() - began:.1f} s")

    return told


def test_a_document_travels_and_two_reminders_go_out_and_once_more_in_the_same_stores(tmp_path, monkeypatch, tell):
    with world(tmp_path, monkeypatch.setenv) as here:
        tell(Story(here))
        assert [line[0] for line in here.told if line[1:3] == ". "] == list("12345678")
        tell(Story(here))


def test_a_story_that_cannot_go_on_says_where_it_stopped_in_one_line(tmp_path, monkeypatch):
    with world(tmp_path, monkeypatch.setenv) as here:
        story = Story(here)
        story._enrolment_opens_a_record()
        here.send(Ask("ondine", "POST", story._here("/closing")))
        assert not on_one_machine.tell(here)
    assert here.told[-1].startswith("The story stopped here: opening: 403 ")


def test_a_record_lives_from_the_invitation_to_its_closing(tmp_path, monkeypatch, tell):
    with world(tmp_path, monkeypatch.setenv) as here:
        tell(Life(here))
    assert [line.partition(".")[0] for line in here.told if line[0].isdigit()] == ["9", "10", "11", "12", "13", "14"]


def test_the_life_is_told_also_where_ten_emergencies_a_day_wait_for_a_review(tmp_path, monkeypatch):
    with world(tmp_path, monkeypatch.setenv) as here:
        Ledger(ledger_key(here.app.host(), "pro:810009900027"), suspended=True).write(here.app.host())
        Life(here).tell()


def test_prevention_from_the_reason_to_the_campaign(tmp_path, monkeypatch, tell):
    with world(tmp_path, monkeypatch.setenv) as here:
        tell(Preventive(here))
    assert [line.partition(".")[0] for line in here.told if line[0].isdigit()] == ["15", "16", "17", "18", "19"]
