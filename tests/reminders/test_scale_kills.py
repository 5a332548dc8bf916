"""Killed at every port call of arming, sweeping, handing out, computing, sending and laying anew: nothing is lost or
doubled, whatever stands in the tables is what a run without a kill leaves."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib import jobs
from chalicelib.access.gate import RECENT
from chalicelib.kernel.host import Host
from chalicelib.reminders import campaign, counting, roster, slots, turns
from chalicelib.reminders.actions import arm_all, remind
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Killed, cut, each_call
from tests.interleavings.determined import CHANCE, Stream, determined
from tests.people import HOLDER

from .country import LETTERHEAD, Country, once

FIFTY, CHILD, MAN = date(1974, 8, 14), date(2026, 9, 1), date(1996, 3, 3)
SIDES = ("before", "half", "after")
Work = Callable[[Host], object]


def _people(country: Country) -> Country:
    for birth, sex in ((FIFTY, "F"), (CHILD, "M"), (MAN, "M")):
        country.open(birth, "29", sex)
    country.busy(country.records[2], "2026-11-02T10:30")  # on the walls there: the hour of the others, and 17 in UTC
    return country


def opening() -> tuple[Country, Work]:
    country = _people(Country())
    return country, lambda host: arm_all(host, country.records)


def armed() -> Country:
    country = _people(Country())
    country.work()
    country.clock.set(datetime(2026, 11, 2, 10, 0, tzinfo=UTC))
    return country


def sweeping() -> tuple[Country, Work]:
    return armed(), slots.wake


def again() -> tuple[Country, Work]:
    return armed(), slots.again


def handing_out() -> tuple[Country, Work]:
    return armed(), lambda host: slots.page(host, "2026-11-02T09#00")


def sending() -> tuple[Country, Work]:
    country = armed()
    return country, lambda host: remind(host, LETTERHEAD, "2026-11-02T09#00", country.records)


def minute() -> tuple[Country, Work]:
    """The whole of it: the minute that sweeps, and every message that follows."""
    return armed(), _a_minute


def evening() -> tuple[Country, Work]:
    """The same in the hour in which only an appointment is told of."""
    country = armed()
    country.work()
    country.clock.set(datetime(2026, 11, 2, 17, 10, tzinfo=UTC))
    return country, _a_minute


def _a_minute(host: Host) -> None:
    jobs.minute(host)
    handler = jobs.reminders(host, LETTERHEAD)
    for one in host.queue.receive("reminders", 100):
        handler(json.loads(one.body))
        host.queue.delete("reminders", one.receipt)


def campaigning() -> tuple[Country, Work]:
    country = armed()
    country.work()
    for record in country.records:
        country.host.rows.put(roster.row(record, "older"))
    row = country.host.rows.get([("s#system", "campaign")])["s#system", "campaign"]
    country.host.rows.put({**row, "rules": "older"})
    return country, campaign.step


def counted() -> tuple[Country, Work]:
    country = armed()
    country.work()
    country.clock.advance(timedelta(days=17))
    return country, counting.night


STEPS: dict[str, Callable[[], tuple[Country, Work]]] = {
    "arm": opening,
    "sweep": sweeping,
    "sweep again": again,
    "hand out": handing_out,
    "compute, send, lay": sending,
    "from sweep to sending": minute,
    "evening": evening,
    "campaign": campaigning,
    "count": counted,
}


def _settled(country: Country) -> Country:
    """Let the rest of the day and two nights pass, hour by hour, so that leases end and nights look again."""
    for _ in range(6):
        country.work()
        country.clock.advance(timedelta(hours=1))
    for _ in range(2):
        country.clock.advance(timedelta(days=1))
        jobs.night(country.host)
        country.work()
    return country


def _left(country: Country) -> dict[str, Any]:
    """Return everything that must be the same whatever was killed."""
    sums = counting.sums(country.host, "2026-10-01", "2026-12-31")
    return {
        "told": [sorted(country.told(record)) for record in country.records],
        "waiting": [country.waiting(record) for record in country.records],
        "mails": len(country.mails),
        "sums": sorted(sums.items()),
        "rules": [[rules for _, rules in _listed(country, record)] for record in country.records],
    }


def _listed(country: Country, record: str) -> Iterator[tuple[str, str]]:
    shard = int(roster.key(record)[0].removeprefix("u#"))
    return iter([one for one in roster.page(country.host, shard, "", 100) if one[0] == record])


@pytest.mark.abuse("Q03", "Q07")
@pytest.mark.parametrize("name", STEPS)
def test_killed_at_any_call_it_ends_as_if_nothing_had_happened(name: str) -> None:
    with determined():  # the same ids each time: how many calls there are depends on the shards they fall into
        _kills(name)


def _begun(name: str) -> tuple[Country, Work]:
    CHANCE.stream = Stream(name)
    return STEPS[name]()


def _kills(name: str) -> None:
    country, work = _begun(name)
    calls: list[str] = []
    work(cut(country.host, calls, None))
    expected = _left(_settled(country))
    assert all(once(told) for told in expected["told"])
    assert [len(country.own(record)) for record in country.records] == [
        0,
        0,
        2 if name == "evening" else 1,
    ]  # elsewhere the appointment has begun when somebody looks again: there is nothing left to tell of it
    assert expected["rules"] == [[turns.rules_version()]] * 3
    assert [len(one) for one in expected["waiting"]] == [1, 1, 1]
    places = each_call(calls, SIDES)
    for number, side in places:
        country, work = _begun(name)
        with pytest.raises(Killed):
            work(cut(country.host, [], (number, side)))
        found, call = _left(_settled(country)), calls[number]
        assert found == expected, (number, call, side)
        repeated = [count for count in country.mails.values() if count > 1]
        between = (call, side) == ("send", "after") or (calls[number - 1], side) == ("send", "before")
        assert repeated in ([], [2] if between else []), (number, call, side)
    # Between the mail server's answer and our row a mail may be repeated, under the same Message-ID.
    print(f"{name}: {len(calls)} calls, {len(places)} kills, 0 lost, 0 twice")


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("kill", range(24))
def test_what_a_killed_worker_journaled_in_a_busy_record_is_not_sent_again(kill: int):
    country = Country()
    record = country.open(FIFTY, "29")
    country.work()
    country.clock.set(datetime(2026, 11, 2, 10, 0, tzinfo=UTC))
    with contextlib.suppress(Killed):
        remind(cut(country.host, [], (kill, "before")), LETTERHEAD, "2026-11-02T09#00", country.records)
    for _ in range(RECENT + 50):
        listing(country.host, replace(HOLDER, id=f"{HOLDER.id}0"), record, Filter())
    for _ in range(2):
        country.clock.advance(timedelta(days=1))
        jobs.night(country.host)
        country.work()
    assert country.told(record)
    assert once(country.told(record))
    assert len(country.mails) == 1
