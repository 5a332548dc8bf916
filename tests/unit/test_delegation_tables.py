"""Mandates, ceilings and grounds are data with a source, read strictly."""

import pytest

from chalicelib.access.mandates import ceilings, load_ceilings, load_mandates, mandates
from chalicelib.access.matrix import BadPolicy
from chalicelib.consent.model import grounds, load_grounds

MANDATES = ["mandate,represents,ends,holder_may_end,why,source", "parent,yes,majority,no,w,s"]
GROUNDS = ["use,ground,effect,label,source", "refusal,dispute,refuse,l,s"]


def test_the_shipped_tables_say_what_the_law_says():
    kinds = mandates()
    assert {kind for kind, one in kinds.items() if one.represents} == {"parent", "tutelle", "habilitation_familiale"}
    assert not kinds["parent"].holder_may_end
    assert (ceilings()["carers_per_person"], ceilings()["persons_per_carer"]) == (3, 5)
    assert {one.effect for one in grounds().values()} == {"refuse", "heir", "expert", "ends"}


@pytest.mark.parametrize(
    "line",
    ["parent,yes,majority,no,w,s", "x,maybe,majority,no,w,s", "x,yes,never,no,w,s", "x,yes,judgment,no,w,", "x,yes"],
)
def test_a_mandate_that_says_nothing_clear_is_refused(line):
    load_mandates(MANDATES)
    with pytest.raises(BadPolicy):
        load_mandates([*MANDATES, line])


def test_parents_are_always_there():
    with pytest.raises(BadPolicy):
        load_mandates(MANDATES[:1])


@pytest.mark.parametrize(
    "line", ["refusal,dispute,refuse,l,s", "refusal,x,heir,l,s", "y,x,refuse,l,s", "refusal,x,refuse,l,"]
)
def test_a_ground_that_says_nothing_clear_is_refused(line):
    load_grounds(GROUNDS)
    with pytest.raises(BadPolicy):
        load_grounds([*GROUNDS, line])


@pytest.mark.parametrize("value", ["0", "-1", "many", ""])
def test_a_ceiling_is_a_positive_number(value):
    lines = ["ceiling,value,what,source", *(f"{name},{value},w,s" for name in ceilings())]
    with pytest.raises(BadPolicy):
        load_ceilings(lines)


def test_no_ceiling_is_missing():
    with pytest.raises(BadPolicy):
        load_ceilings(["ceiling,value,what,source", "carers_per_person,3,w,s"])
