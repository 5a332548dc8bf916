"""How long things are kept is data."""

from datetime import date

import pytest

from chalicelib.access.matrix import BadPolicy
from chalicelib.access.retention import load_retention, retention

HEAD = "what,keep,counted_from,then,source"


def test_an_archive_lasts_ten_years_from_the_closing() -> None:
    assert retention()["archived_record"].after(date(2026, 11, 22)) == date(2036, 11, 22)


def test_backups_die_before_an_express_erasure_must_be_finished() -> None:
    day = date(2026, 2, 1)
    assert retention()["backup"].after(day) < retention()["express_erasure"].after(day)


@pytest.mark.parametrize("line", ["a,7 days,x,y,z", "a,P7D,x,y,", "a,P0D,x,y,z", "a,P7D,x,y"])
def test_a_line_that_is_not_understood_does_not_load(line: str) -> None:
    with pytest.raises(BadPolicy):
        load_retention([HEAD, line])


def test_a_doubled_line_does_not_load() -> None:
    with pytest.raises(BadPolicy):
        load_retention([HEAD, "a,P7D,x,y,z", "a,P7D,x,y,z"])
