"""The index of days: whatever is laid is found, however long nobody came, and empty days cost nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.access import days
from chalicelib.access.days import Days
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.host import Host
from tests.cutting import cut

INDEX = Days("x", "x-cursor")
START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def _host() -> tuple[Host, MemoryClock]:
    clock = MemoryClock(START)
    return memory_host(clock), clock


def _night(host: Host) -> list[tuple[str, str]]:
    woken: list[tuple[str, str]] = []
    days.night(host, INDEX, lambda record, day: woken.append((record, day)))
    return woken


def test_a_record_that_nobody_could_look_at_is_woken_every_night_until_it_leaves_its_day():
    host, clock = _host()
    days.lay(host, INDEX, "2026-11-03", "a")
    nights = []
    for _ in range(60):
        clock.advance(timedelta(days=1))
        nights.append(_night(host))
    assert nights == [[("a", "2026-11-03")]] * 60
    days.lift(host, INDEX, "2026-11-03", "a")
    assert _night(host) == []


def test_days_on_which_no_night_came_are_caught_up():
    host, clock = _host()
    _night(host)
    days.lay(host, INDEX, "2026-11-20", "a")
    clock.advance(timedelta(days=40))
    assert _night(host) == [("a", "2026-11-20")]


def test_a_night_reads_three_days_and_those_on_which_something_is_left():
    host, clock = _host()
    for day in ("2026-11-03", "2026-11-20"):
        days.lay(host, INDEX, day, "a")
    for _ in range(100):
        clock.advance(timedelta(days=1))
        calls: list[str] = []
        _night(cut(host, calls, None))
        assert calls.count("query") <= (3 + 2) * days.SHARDS + 5  # those rows are read, and that there are no more
    days.lift(host, INDEX, "2026-11-03", "a")
    days.lift(host, INDEX, "2026-11-20", "a")
    for _ in range(3):
        _night(host)
    clock.advance(timedelta(days=1))
    calls = []
    _night(cut(host, calls, None))
    assert len(calls) == 3 * days.SHARDS + 2


class _Late:
    """A table to which one row comes only when the night has read the day it is written to."""

    def __init__(self, rows: Any, then: Any) -> None:
        self._rows, self._then = rows, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    def put(self, row: Any, *more: Any) -> None:
        self._then()
        self._rows.put(row, *more)


def test_what_is_laid_on_a_day_that_a_night_has_just_read_is_woken_by_the_next_one():
    for twice in (False, True):
        host, clock = _host()
        _night(host)
        clock.advance(timedelta(days=1))
        days.lay(replace(host, rows=_Late(host.rows, lambda host=host: _night(host))), INDEX, "2026-10-01", "a")
        if twice:
            _night(host)
        clock.advance(timedelta(days=1))
        assert _night(host) == [("a", "2026-11-02")]
