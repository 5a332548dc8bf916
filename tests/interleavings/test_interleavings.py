"""Every schedule of the core scenarios, and planted faults that must be found; the command explores more."""

from collections.abc import Callable

import pytest

from chalicelib.hosts.memory.rows import MemoryRows

from . import engines, scenarios
from .__main__ import chosen_by, main, too_few
from .explore import Explorer, Found, Scenario


@pytest.mark.abuse("A29")
def test_no_schedule_of_the_core_scenarios_is_wrong(
    capsys: pytest.CaptureFixture[str], record_property: Callable[..., None]
) -> None:
    wrong = main(("--share",))
    record_property("figure", capsys.readouterr().out.splitlines()[-1])
    assert wrong == 0


@pytest.mark.abuse("A24")
def test_a_carer_reads_before_the_revocation_or_not_at_all() -> None:
    found = explored("carer's consult x revoke", MemoryRows)
    assert found.schedules > 1
    assert found.wrong == 0


@pytest.mark.abuse("A24")
def test_an_entry_appended_past_a_revocation_is_caught_by_consult_x_revoke() -> None:
    assert explored("carer's consult x revoke", engines.Unfenced).wrong > 0


def test_fewer_scenarios_or_schedules_than_promised_are_no_proof() -> None:
    assert [too_few(20, 100_000), too_few(19, 100_000), too_few(20, 99_999)] == [0, 1, 1]
    assert len(chosen_by(["--all"])) >= 20


def explored(name: str, engine: type[MemoryRows]) -> Found:
    return Explorer(scenario(name), engine).run()


def scenario(name: str) -> Scenario:
    return next(one for one in (*scenarios.CORE, *scenarios.MORE, *scenarios.MINDS) if one.name == name)


def test_an_eventual_read_is_caught_by_range_x_hide() -> None:
    found = explored("range x hide", engines.EventualRows)
    assert found.wrong > 0
    assert "range content first after ['hide']" in " ".join(reason for reason, _ in found.examples)


def test_an_entry_appended_past_a_change_of_mind_is_caught_by_consult_x_hide() -> None:
    assert explored("consult x hide", engines.Unfenced).wrong > 0


def test_an_entry_appended_to_a_frozen_list_is_caught_by_flush_x_consult() -> None:
    assert explored("flush x consult", engines.Ungenerous).wrong > 0


def test_a_claim_made_twice_is_caught_by_deposit_x_deposit() -> None:
    assert explored("deposit x deposit, same unique id", engines.Overwriting).wrong > 0


def test_the_same_schedule_leads_to_the_same_state_twice() -> None:
    one, two = (Explorer(scenario("consult x hide")).run() for _ in range(2))
    assert (one.schedules, one.states) == (two.schedules, two.states)
