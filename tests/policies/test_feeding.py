"""policies/feeding.csv says one thing, or nothing starts."""

import pytest

from chalicelib.access.decide import Tables, load_feeding
from chalicelib.access.matrix import BadPolicy
from chalicelib.access.words import BIT

from .situations import SHIPPED

HEAD = "rule,source"


def test_the_french_rule_asks_for_no_agreement() -> None:
    assert load_feeding([HEAD, "no_authorisation,CSP R.1111-47"]) == 0


def test_the_other_setting_asks_for_it() -> None:
    assert load_feeding([HEAD, "explicit_agreement,CSP R.1111-47"]) == BIT["agreement_needed"]


def test_nothing_is_asked_for_by_default() -> None:
    assert Tables(SHIPPED.matrix, SHIPPED.book).everywhere == 0


@pytest.mark.parametrize(
    "lines",
    [[], ["sometimes,somewhere"], ["no_authorisation,"], ["no_authorisation,a", "explicit_agreement,b"]],
    ids=["no line", "unknown rule", "no source", "two lines"],
)
def test_anything_else_does_not_load(lines: list[str]) -> None:
    with pytest.raises(BadPolicy):
        load_feeding([HEAD, *lines])
