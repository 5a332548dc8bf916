"""A letter to somebody of whom the file says no territory is counted where its postcode leads."""

import pytest

from chalicelib.notices import batches
from tests.enrolment.world import World
from tests.people import ENROLMENT, person


@pytest.mark.parametrize(
    ("last", "department"),
    [
        ("29200 BREST", "29"),
        ("97400 SAINT-DENIS", "974"),
        ("98800 NOUMEA", "988"),
        ("97133 SAINT-BARTHELEMY", "977"),
        ("97150 SAINT-MARTIN", "978"),
        ("98000 MONACO", "99"),
        ("98025 MONACO CEDEX", "99"),
        ("20000 AJACCIO", "2A"),
        ("20200 BASTIA", "2B"),
        ("LA PAZ", "99"),
    ],
)
def test_the_manifest_names_the_department_that_there_is(last: str, department: str) -> None:
    world = World(person().model_copy(update={"email": "", "phone": "", "address": ("1 rue du Port", last)}))
    world.work()
    name = world.clock.now().date().isoformat()
    world.night()
    _, *letters = batches.manifest(world.host, ENROLMENT, name).splitlines()
    assert [line.rpartition(",")[2] for line in letters] == [department]
