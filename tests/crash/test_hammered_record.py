"""A record that somebody hammers all night long keeps nobody else waiting."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import jobs
from chalicelib.access import reach
from chalicelib.access.facts import facts_key
from chalicelib.enrolment import actions as enrolment
from chalicelib.kernel.errors import Busy
from chalicelib.kernel.host import Host
from chalicelib.vault import reading
from tests.crash.refused import refuse, rolled
from tests.people import ENROLMENT, HOLDER, person

from .worlds import memory_world

RECORDS = 9


class Hammered:
    """The rows, where the holder of one record reads it again before everybody else's write comes to it."""

    def __init__(self, host: Host, record: str) -> None:
        self._host, self._record = host, record

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host.rows, name)

    def update(self, key: Any, *more: Any) -> None:
        if key == facts_key(self._record):
            reading.listing(self._host, HOLDER, self._record, reading.Filter())
        self._host.rows.update(key, *more)


def test_a_night_is_done_to_its_end_though_a_record_cannot_be_written_to() -> None:
    world = memory_world()
    host = world.host()
    records = [enrolment.open_(host, ENROLMENT, person(ins=f"{n:015d}"), HOLDER.id)[0] for n in range(RECORDS)]
    for record in records:
        refuse(host, record, 1)
    world.clock.advance(timedelta(days=1))
    hammered = replace(host, rows=Hammered(host, records[0]))  # type: ignore[arg-type]
    with pytest.raises(Busy):
        jobs.night(hammered)
    assert [rolled(world, record) for record in records[1:]] == [[1]] * (RECORDS - 1)
    assert reach.counts(host)[0] == world.clock.now().date().isoformat()
