"""What is kept of an entry is what was said; what the law calls data is read strictly."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chalicelib.access.matrix import BadPolicy
from chalicelib.kernel.errors import Broken
from chalicelib.profile import actions, words
from chalicelib.profile.contents import AnyContent
from chalicelib.profile.model import Draft, moment
from chalicelib.profile.summary import summary
from chalicelib.profile.views import entry_view
from tests.people import HOLDER
from tests.profile.one_of_each import ONE_OF_EACH
from tests.profile.world import READER, adult, content, note


@pytest.mark.parametrize("section", ONE_OF_EACH)
def test_an_entry_is_read_as_it_was_said(section: str):
    said = content(section, **ONE_OF_EACH[section])
    assert READER.validate_json(json.dumps(said.model_dump(mode="json")), strict=True) == said
    world = adult()
    made = note(world, section, **ONE_OF_EACH[section]).entry
    assert actions.read(world.host, HOLDER, world.record, made.id).entry.content == said


@pytest.mark.parametrize(
    ("section", "members"),
    [
        ("conditions", {"label": "Asthme", "risk": "a_word_of_then"}),
        ("vaccinations", {"act": "an_act_of_then", "on": "2026-01-12"}),
        ("vaccinations", {"act": "fit", "on": "2026-01-12"}),
        ("vaccinations", {"act": "dtp", "on": "2026-01-12", "route": "then"}),
        ("prevention", {"act": "an_act_of_then", "on": "2026-01-12"}),
        ("contacts", {"role": "HELP", "label": "Sacha", "relation": "THEN"}),
        ("measures", {"kind": "THEN", "at": "2026-01-12T08:00:00Z", "value": 1.5}),
        ("measures", {"kind": "WEIGHT", "at": "2026-01-12T08:00:00Z", "value": 9999.123}),
        ("targets", {"kind": "THEN", "low": 1.5}),
    ],
)
def test_what_the_tables_of_its_day_allowed_is_read_when_they_have_changed(section: str, members: dict[str, Any]):
    with pytest.raises(ValidationError):
        content(section, **members)
    reader: TypeAdapter[Any] = TypeAdapter(AnyContent)
    said, world = reader.validate_python({"section": section, **members}, context=words.KEPT), adult()
    made = actions.create(world.host, HOLDER, world.record, Draft(said)).entry
    world.work()
    assert actions.read(world.host, HOLDER, world.record, made.id).entry.content == said
    found = actions.listing(world.host, HOLDER, world.record, frozenset({section})).entries
    assert section == "measures" or [one.entry.content for one in found] == [said]
    assert said.what("en")
    assert entry_view(actions.read(world.host, HOLDER, world.record, made.id)).entry == said
    assert section == "measures" or summary(world.host, HOLDER, world.record)
    assert actions.delete(world.host, HOLDER, world.record, made.id, None) is None


@pytest.mark.parametrize(
    ("section", "members"),
    [
        ("allergies", {"label": ""}),
        ("allergies", {"label": "x" * 201}),
        ("allergies", {"label": "Lait", "remark": "unknown member"}),
        ("treatments", {"label": "Fer", "posology": "x" * 1001}),
        ("treatments", {"label": "Fer", "comment": "x" * 3001}),
        ("vaccinations", {"act": "dtp", "on": "2026-01-01", "lot": "x" * 101}),
        ("vaccinations", {"act": "fit", "on": "2026-01-01"}),
        ("vaccinations", {"on": "2026-01-01"}),
        ("vaccinations", {"act": "dtp", "on": "2026-01-01", "route": "1"}),
        ("vaccinations", {"act": "dtp", "on": "2026-02-30"}),
        ("vaccinations", {"product": {"system": "CIM-10", "code": "J45"}, "on": "2026-01-01"}),
        ("prevention", {"act": "dtp", "on": "2026-01-01"}),
        ("prevention", {"act": "fit", "on": "2026-01-01", "result": "perhaps"}),
        ("conditions", {"label": "Asthme", "risk": "astrology"}),
        ("conditions", {"label": "Asthme", "since": "2026-02-01", "until": "2026-01-01"}),
        ("pregnancies", {"began_on": "2025-01-01", "ended_on": "2026-01-01"}),
        ("blood_group", {"group": "Z"}),
        ("contacts", {"role": "FRIEND", "label": "Sacha"}),
        ("contacts", {"role": "HELP", "label": "Sacha", "relation": "BOSS"}),
        ("advance_directives", {"written": "2026-01-01"}),
        ("habits", {"kind": "CHOCOLATE", "label": "Oui"}),
        ("targets", {"kind": "WEIGHT"}),
        ("targets", {"kind": "", "low": 70}),
        ("measures", {"kind": "", "at": "2026-01-01T00:00:00Z", "value": 1}),
        ("measures", {"kind": "WEIGHT", "at": "9999-12-31T23:59:59-12:00", "value": 60}),
        ("measures", {"kind": "WEIGHT", "at": "2026-01-01T00:00:00", "value": 60}),
        ("targets", {"kind": "WEIGHT", "low": 70, "high": 60}),
        ("nothing", {}),
    ],
)
def test_what_is_wrong_is_refused(section: str, members: dict[str, Any]):
    with pytest.raises(ValidationError):
        READER.validate_json(json.dumps({"section": section, **members}), strict=True)


@pytest.mark.parametrize("atc", ["J07CA09", "J07BB02", "J07BX05", "J07BC01", ""])
def test_a_vaccine_is_known_by_its_atc_code(atc: str):
    act = words.vaccine_of(atc)
    assert bool(act) == bool(atc)
    assert not atc or any(atc.startswith(prefix) for prefix in words.ACTS[act].atc)


def test_an_entry_moved_to_another_place_does_not_open():
    world = adult()
    ids = [note(world, "allergies", label=label).entry.id for label in ("Lait", "Noix")]
    rows = {entry: dict(world.host.rows.everything()[f"r#{world.record}", f"3p#{entry}"]) for entry in ids}
    world.host.rows.put({**rows[ids[0]], "sk": f"3p#{ids[1]}"})
    with pytest.raises(Broken):
        actions.read(world.host, HOLDER, world.record, ids[1])


def test_a_table_with_a_wrong_column_or_a_word_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path):
    text = (words._HERE / "risks.csv").read_text()
    monkeypatch.setattr(words, "_HERE", tmp_path)
    for broken in (text.replace("source", "origin", 1), text + text.splitlines()[1] + "\n"):
        (tmp_path / "risks.csv").write_text(broken)
        with pytest.raises(BadPolicy):
            words._table("risks.csv", words.Risk, lambda row: row.code)


def test_later_instants_come_first_and_two_records_do_not_agree_on_one():
    world, other = adult(), adult()
    now = world.clock.now()
    instants = [now.replace(year=year) for year in range(1880, 2100)]
    names = [moment(world.host, world.record, at) for at in instants]
    assert names == sorted(names, reverse=True)
    assert moment(world.host, world.record, now) != moment(other.host, other.record, now)
