"""The synthesis is one page, whatever was written: the newest of every section, and how much more there is."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.profile import actions
from chalicelib.profile.summary import LINES, PAGE
from tests.enrolment.world import World
from tests.people import HOLDER
from tests.profile.world import adult, note

FIRST = date(2020, 1, 1)
LASTING = ("allergies", "conditions", "treatments", "hospitalisations", "disabilities")


def _filled(sections: int, each: int) -> World:
    world = adult()
    for number in range(each):
        on = FIRST + timedelta(days=number)
        said: list[tuple[str, dict[str, Any]]] = [
            *((name, {"label": f"{name} {number}", "since": on}) for name in LASTING),
            ("habits", {"kind": "SLEEP", "label": f"{number}", "since": on}),
            ("vaccinations", {"act": "influenza", "on": on}),
            ("prevention", {"act": "fit", "on": on}),
        ]
        for section, members in said[:sections]:
            note(world, section, **members)
    return world


@pytest.mark.parametrize(("sections", "each", "shown"), [(1, 12, 10), (4, 12, 10), (5, 12, 8), (8, 12, 5), (8, 3, 3)])
def test_the_whole_page_is_capped_and_every_section_is_on_it_with_its_newest(sections: int, each: int, shown: int):
    world = _filled(sections, each)
    parts = actions.summary(world.host, HOLDER, world.record)
    assert len(parts) == sections
    for part in parts:
        days = [line.since for line in part.lines]
        assert days == [FIRST + timedelta(days=each - 1 - number) for number in range(shown)]
        assert part.more == each - shown
    assert sum(len(part.lines) for part in parts) <= PAGE
    assert max(len(part.lines) for part in parts) <= LINES
