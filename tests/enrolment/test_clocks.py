"""The law's clocks at their boundary: one second before nothing happens, and from the second on it does."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.access.clocks import comes_of_age
from chalicelib.access.gate import Ask, gate
from chalicelib.access.relay import send
from chalicelib.enrolment import clock, life
from chalicelib.enrolment.majority import SYSTEM
from chalicelib.enrolment.shred import Places, shred
from chalicelib.kernel.errors import AccessDenied, NotFound
from chalicelib.vault.reading import Filter, listing
from tests.enrolment.clocked import child, nights
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER

PARIS = ZoneInfo("Europe/Paris")
LENGTHS = {
    "invited": relativedelta(weeks=6),
    "suspended": relativedelta(weeks=6),
    "closed": relativedelta(years=10),
    "deceased": relativedelta(years=10),
    "erasing": relativedelta(months=1),
}
THEN = {"invited": "open", "suspended": "closed", "closed": "absent", "deceased": "absent", "erasing": "absent"}
NOWHERE = Places((), lambda *_: [])


def in_state(state: str, start: datetime) -> World:
    """Return a world whose record has been in this state since that instant."""
    world = World(start=start)
    if state == "invited":
        world.work()  # the letter goes out: without it nothing opens
    else:
        world.activate()
    if state == "suspended":
        life.suspend(world.host, ENROLMENT, world.record)
    if state == "deceased":
        life.decease(world.host, ENROLMENT, world.record)
    if state in ("closed", "erasing"):
        life.close(world.host, HOLDER, world.record)
    if state == "erasing":
        life.erase(world.host, HOLDER, world.record)
    return world


def midnight_after(state: str, start: datetime) -> datetime:
    """Return the end of the clock's last day in Paris, computed apart from the product."""
    last = start.astimezone(PARIS).date() + LENGTHS[state]
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), PARIS)


STARTS = [
    datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    datetime(2027, 2, 14, 22, 59, 59, tzinfo=UTC),  # 23:59:59 in Paris; six weeks later summer time begins
    datetime(2027, 2, 14, 23, 0, tzinfo=UTC),  # the next day in Paris
    datetime(2026, 9, 19, 22, 30, tzinfo=UTC),  # six weeks later winter time has begun
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2028, 1, 31, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
]


@pytest.mark.parametrize("start", STARTS, ids=str)
@pytest.mark.parametrize("state", LENGTHS)
def test_a_clock_runs_out_at_midnight_in_paris_and_not_a_second_earlier(state: str, start: datetime):
    world, over = in_state(state, start), midnight_after(state, start)
    assert datetime.fromisoformat(world.until) == over
    world.at(over, -1)
    clock.turn(world.host, world.record, "2000-01-01", NOWHERE)
    assert world.state == state
    world.at(over)
    clock.turn(world.host, world.record, "2000-01-01", NOWHERE)
    assert world.state == THEN[state]


@pytest.mark.parametrize(("state", "action"), [("invited", "record:open"), ("suspended", "record:close")])
def test_the_gate_itself_refuses_the_second_before(state: str, action: str):
    world = in_state(state, STARTS[0])
    world.at(world.until, -1)
    with pytest.raises((AccessDenied, NotFound)):
        gate(world.host, Ask(SYSTEM, world.record, action, turn="open"))
    assert world.state == state


@pytest.mark.parametrize("state", ["closed", "deceased", "erasing"])
def test_the_gate_itself_destroys_nothing_the_second_before(state: str):
    world = in_state(state, STARTS[0])
    world.at(world.until, -1)
    with pytest.raises((AccessDenied, NotFound)):
        shred(world.host, world.record, NOWHERE)
    assert (world.state, len(world.journal()) > 0) == (state, True)


@given(
    st.integers(0, 70 * 365 * 86400).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from(sorted(LENGTHS)),
)
@settings(max_examples=60, deadline=None)
def test_whenever_it_began_a_clock_ends_with_its_last_day_in_paris(start: datetime, state: str):
    world, over = in_state(state, start), midnight_after(state, start)
    assert datetime.fromisoformat(world.until) == over
    world.at(over, -1)
    clock.turn(world.host, world.record, "2000-01-01", NOWHERE)
    assert world.state == state
    world.at(over)
    clock.turn(world.host, world.record, "2000-01-01", NOWHERE)
    assert world.state == THEN[state]


def test_the_night_opens_what_nobody_opposed_six_weeks_after_the_letter():
    world = World()
    world.work()
    assert nights(world, 1, 43) == ["invited"] * 42 + ["open"]
    assert "est ouvert" in world.host.mail.sent[-1].get_content()


def test_the_six_weeks_begin_with_the_letter_and_not_with_the_line_of_the_file():
    world = World()
    world.at(world.start + timedelta(days=3))
    for _ in range(2):  # delivered again, the message begins nothing anew
        world.work()
        send(world.host, "notices", {"records": world.record, "event": "invitation", "name": "first"})
        world.at(world.start + timedelta(days=3, hours=20))
    assert nights(world, 4, 46) == ["invited"] * 42 + ["open"]
    assert [entry.action for entry in world.journal()].count("notice:send") == 2  # that letter, and that it is open


def test_whoever_activates_before_the_letter_comes_is_not_invited_again():
    world = World()
    world.activate()
    world.work()
    assert world.state == "open"
    assert not [mail for mail in world.host.mail.sent if world.code in mail.get_content()]


def test_an_opposed_record_is_left_alone_by_the_night():
    world = World()
    world.work()
    life.oppose(world.host, world.reference, world.code)
    world.at(world.start + timedelta(days=100))
    world.night()
    assert world.state == "opposed"


def test_days_that_no_night_read_are_caught_up():
    world = World()
    world.work()
    world.night()
    world.at(world.start + timedelta(days=120))
    world.night()
    assert world.state == "open"


def test_a_wake_up_that_was_lost_comes_again_the_next_night():
    world = World()
    world.work()
    world.at(world.start + timedelta(days=50))
    clock.night(world.host)
    for delivery in world.host.queue.receive("reminders"):  # lost: taken and never done
        world.host.queue.delete("reminders", delivery.receipt)
    assert world.state == "invited"
    world.at(world.start + timedelta(days=53))
    world.night()
    assert world.state == "open"


def test_a_record_lies_on_its_day_even_when_no_message_ever_arrives():
    world = in_state("erasing", STARTS[0])
    for name in ("reminders", "notices"):
        for delivery in world.host.queue.receive(name, 100):
            world.host.queue.delete(name, delivery.receipt)
    world.at(world.until, 3 * 3600)
    clock.night(world.host)
    assert {"turn"} == {json.loads(one.body)["job"] for one in world.host.queue.receive("reminders", 100)}


def test_a_wake_up_delivered_twice_opens_once():
    world = World()
    world.work()
    world.at(world.start + timedelta(days=50))
    clock.night(world.host)
    clock.night(world.host)
    world.work()
    assert [entry.action for entry in world.journal()].count("record:open") == 1


def test_a_hint_alone_opens_nothing():
    world = World()
    world.night()
    from chalicelib.access import days

    days.lay(world.host, clock.TURNS, "2020-01-01", world.record)
    world.night()
    assert world.state == "invited"


def test_a_suspended_record_is_closed_six_weeks_later_and_its_archive_begins_that_day():
    world = in_state("suspended", STARTS[0])
    world.work()
    world.at(world.until, 3 * 3600)
    world.night()
    assert world.state == "closed"
    assert world.until == datetime.combine(date(2036, 12, 16), datetime.min.time(), PARIS).astimezone(UTC).isoformat()


def test_cancelling_an_erasure_leaves_everything_and_no_night_destroys_it():
    world = in_state("erasing", STARTS[0])
    world.work()
    life.keep(world.host, HOLDER, world.record)
    world.work()
    world.at(world.start + timedelta(days=60))
    world.night()
    assert world.state == "closed"


MINOR = date(2008, 11, 20)


@pytest.mark.abuse("A23")
@pytest.mark.parametrize(
    ("birth", "adult"),
    [
        (date(2008, 11, 20), datetime(2026, 11, 20, tzinfo=PARIS)),
        (date(2009, 3, 29), datetime(2027, 3, 29, tzinfo=PARIS)),  # the day after summer time began
        (date(2012, 2, 29), datetime(2030, 3, 1, tzinfo=PARIS)),  # no such day in 2030
        (date(2008, 10, 25), datetime(2026, 10, 25, tzinfo=PARIS)),  # the day on which winter time begins
    ],
)
def test_a_parent_is_out_from_midnight_in_paris_of_the_eighteenth_birthday(birth: date, adult: datetime):
    world = child(birth, adult - timedelta(days=30))
    world.at(adult, -1)
    listing(world.host, HOLDER, world.record, Filter())
    world.at(adult)
    with pytest.raises(NotFound):  # before any night came
        listing(world.host, HOLDER, world.record, Filter())


@pytest.mark.abuse("A23")
def test_at_eighteen_choices_are_asked_again_and_the_new_adult_gets_a_code():
    world = child(MINOR, datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    world.decide(allowed=frozenset({"pro:1"}), hidden=frozenset({"d"}), blocked=frozenset({"pro:2"}))
    world.at(comes_of_age(MINOR), -3600)
    world.night()
    assert "record:majority" not in [entry.action for entry in world.journal()]
    world.at(comes_of_age(MINOR), 3600 * 3)
    sent = len(world.host.mail.sent)
    world.night()
    found = world.choices()
    assert (found.proxies, found.allowed) == ({}, frozenset())
    assert (found.hidden, found.blocked) == (frozenset({"d"}), frozenset({"pro:2"}))
    (reference,) = found.codes
    world.reference = reference
    letters = [mail.get_content() for mail in world.host.mail.sent[sent:]]
    assert any(reference in text and world.code in text for text in letters)
    world.night()
    assert [entry.action for entry in world.journal()].count("record:majority") == 1
    from tests.people import STRANGER

    life.activate(world.host, STRANGER, reference, world.code)
    assert world.choices().holder == STRANGER.id


@pytest.mark.abuse("A23")
def test_whoever_came_of_age_while_the_record_was_closed_is_asked_when_it_is_open_again():
    world = child(MINOR, datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    life.suspend(world.host, ENROLMENT, world.record)
    world.at(comes_of_age(MINOR), 3600)
    world.night()
    assert "parent" in {given.kind for given in world.choices().proxies.values()}
    with pytest.raises(NotFound):
        life.resume(world.host, HOLDER, world.record)
