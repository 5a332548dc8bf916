"""One turn cut into another at every call: wherever it happens, each reminder goes out, once."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import jobs
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.reminders.actions import arm_all, remind
from tests.cutting import cut

from .country import LETTERHEAD, Country

PLACE = "2026-11-02T09#00"
IN_TIME, LATE = datetime(2026, 11, 2, 9, 50, tzinfo=UTC), datetime(2026, 11, 2, 11, 10, tzinfo=UTC)
Act = Callable[[Country, Host], object]


def _try(act: Act, country: Country, host: Host) -> bool:
    """Return whether it has to be done again."""
    try:
        act(country, host)
    except CarnetError:
        return True
    return False


def races(begin: Callable[[], Country], first: Act, second: Act) -> Iterator[tuple[Country, int]]:
    """Yield the country for each call before which the second cuts in; what failed is done again, as a queue does."""
    number, calls = 0, [""]
    while number < len(calls):
        country, calls, failed = begin(), [], []
        host = country.host

        def other(country: Country = country, host: Host = host, failed: list[Act] = failed) -> None:
            failed += [second] if _try(second, country, host) else []

        failed += [first] if _try(first, country, cut(host, calls, (number, "before"), other)) else []
        if number < len(calls):
            for act in failed:
                _try(act, country, host)
            yield country, number
        number += 1


def _armed(moment: datetime) -> Callable[[], Country]:
    def begin() -> Country:
        country = Country()
        country.open(date(1974, 8, 14))
        country.open(date(2026, 9, 1), sex="M")
        country.work()
        country.clock.set(moment)
        return country

    return begin


def sends(country: Country, host: Host) -> None:
    remind(host, LETTERHEAD, PLACE, country.records)


def arms(country: Country, host: Host) -> None:
    arm_all(host, country.records)


def moves(country: Country, host: Host) -> None:
    """Lay them on the present hour, and wake them from there at once."""
    arms(country, host)
    remind(host, LETTERHEAD, f"{country.clock.now():%Y-%m-%dT%H}#00", country.records)


def _settled(country: Country) -> Country:
    for _ in range(4):
        country.clock.advance(timedelta(hours=1))
        country.work()
    for _ in range(2):
        country.clock.advance(timedelta(days=1))
        jobs.night(country.host)
        country.work()
    return country


@pytest.mark.abuse("Q03", "Q07")
@pytest.mark.parametrize("moment", [IN_TIME, LATE])
@pytest.mark.parametrize(
    ("first", "second"), [(sends, sends), (sends, arms), (sends, moves), (arms, sends), (arms, arms), (moves, sends)]
)
def test_of_two_turns_at_once_none_loses_a_reminder_and_none_sends_it_twice(first: Act, second: Act, moment: datetime):
    alone = _settled(_armed(moment)())
    tried = 0
    for country, where in races(_armed(moment), first, second):
        _settled(country)
        for record, other in zip(country.records, alone.records, strict=True):
            assert sorted(set(country.told(record))) == sorted(alone.told(other)), where
            assert len(country.waiting(record)) == 1, where
        assert len(country.mails) == 2, where
        assert max(country.mails.values()) <= 2, where  # the same Message-ID again, from the other one's midst
        tried += 1
    assert tried >= 4
