"""What the tables remember of situations changes no decision, is told to nobody, and does not grow without end."""

import pytest

from chalicelib.access.decide import Tables

from .situations import NOW, SHIPPED, cases, feeding

MOST = 65_536
CASES = cases()
READS = "ALLOW/a_doctor_allowed_by_name_reads_results"


@pytest.mark.parametrize("name", CASES)
def test_an_entry_of_a_list_is_decided_as_it_is_alone(name: str) -> None:
    case = CASES[name]
    facts, choices, actor, thing = case.world()
    in_list = feeding(SHIPPED, case.feeding).decider(facts, choices, actor, case.action, case.now)
    assert in_list(thing) == case.decide()


def test_of_the_situations_that_were_met_at_most_65536_are_remembered() -> None:
    tables, (facts, choices, actor, thing) = Tables(SHIPPED.matrix, SHIPPED.book), CASES[READS].world()
    decision = tables.decide(facts, choices, actor, "document:read", thing, NOW)
    tables.judged.update({(-number, "document:read"): (decision, decision) for number in range(1, MOST)})
    assert tables.decide(facts, choices, actor, "document:read", thing, NOW) is decision
    assert len(tables.judged) == MOST
    tables.decide(facts, choices, actor, "document:hide", thing, NOW)
    assert len(tables.judged) == 1


def test_one_situation_more_is_remembered_until_then() -> None:
    tables, world = Tables(SHIPPED.matrix, SHIPPED.book), CASES[READS].world()
    for number, action in enumerate(("document:read", "document:hide", "document:read"), start=1):
        tables.decide(*world[:3], action, world[3], NOW)
        assert len(tables.judged) == min(number, 2)


def test_what_is_remembered_is_no_part_of_the_tables() -> None:
    tables, (facts, choices, actor, thing) = Tables(SHIPPED.matrix, SHIPPED.book), CASES[READS].world()
    tables.decide(facts, choices, actor, "document:read", thing, NOW)
    assert tables.judged
    assert tables == Tables(SHIPPED.matrix, SHIPPED.book)
    assert "judged" not in repr(tables)
