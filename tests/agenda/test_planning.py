"""What the person plans: real times ahead, ten reminders a day, changed and removed, never twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.agenda import actions, reading
from chalicelib.agenda.model import BOOK, WORDS, Book, Line
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound, Stale
from tests.people import DOCTOR, HOLDER, INSURER, LAB, STRANGER, SUPPORT

from .world import CARER, PARENT, World, draft

BEHIND = ["2026-11-27T09:59", "2026-11-27T10:00", "2020-01-01T10:00", "0001-01-01T00:00"]
TOO_FAR = ["2036-11-28T10:00", "9999-12-31T23:59"]


def fault(world: World, at: str, **more: object) -> dict[str, str]:
    with pytest.raises(Invalid) as told:
        world.plan(at, **more)
    return told.value.fields


@pytest.mark.parametrize("at", BEHIND)
def test_a_past_appointment_is_refused_in_words(at: str) -> None:
    assert fault(World(), at) == {"/at": "lies in the past"}


@pytest.mark.parametrize("at", TOO_FAR)
def test_an_appointment_of_the_next_generation_is_refused(at: str) -> None:
    assert fault(World(), at) == {"/at": "lies more than ten years ahead"}


def test_the_next_minute_is_not_past() -> None:
    assert World().plan("2026-11-27T10:01").line.instant == datetime(2026, 11, 27, 9, 1, tzinfo=UTC)


@pytest.mark.abuse("Q03")
def test_an_hour_that_does_not_exist_is_refused_where_clocks_go_forward() -> None:
    world = World()
    assert fault(world, "2027-03-28T02:30") == {"/at": "does not exist: clocks go forward in that night"}
    assert world.plan("2027-03-28T02:30", zone="Indian/Reunion").line.zone == "Indian/Reunion"


@pytest.mark.abuse("Q03")
def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    assert World().plan("2027-10-31T02:30").line.instant == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_clock_is_that_of_the_place_where_the_holder_lives() -> None:
    line = World(territory="974").plan("2027-03-28T02:30").line
    assert (line.zone, line.instant) == ("Indian/Reunion", datetime(2027, 3, 27, 22, 30, tzinfo=UTC))
    assert fault(World(), "2027-03-28T02:30", zone="Europe/London") == {"/zone": "is no time zone of France"}


def test_a_refused_plan_leaves_neither_entry_nor_words() -> None:
    world = World()
    fault(world, "2020-01-01T10:00")
    assert [sk for _, sk in world.rows() if sk.startswith((BOOK, WORDS))] == []


@pytest.mark.parametrize("who", [HOLDER, PARENT, CARER], ids=lambda who: who.id)
def test_the_holder_and_who_acts_for_them_keep_the_agenda(who: object) -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00", who)
    assert [one.id for one in world.listed(who)] == [entry.id]
    moved = world.revise(entry, "2026-12-02T10:00", who, note="salle 3")
    assert (moved.line.version, moved.line.day, moved.words.note) == (2, date(2026, 12, 2), "salle 3")
    world.remove(entry.id, who)
    assert world.listed(who) == []
    assert [sk for _, sk in world.rows() if sk.startswith(WORDS)] == []


@pytest.mark.parametrize("who", [STRANGER, DOCTOR, LAB, INSURER, SUPPORT], ids=lambda who: who.id)
def test_nobody_else_reads_or_writes_by_hand(who: object) -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    for step in (
        lambda: world.plan("2026-12-02T10:00", who),
        lambda: world.listed(who),
        lambda: reading.read(world.host, who, world.record, entry.id),
        lambda: world.revise(entry, "2026-12-03T10:00", who),
        lambda: world.remove(entry.id, who),
    ):
        with pytest.raises((AccessDenied, NotFound)):
            step()


def test_the_same_key_plans_once() -> None:
    world = World()
    first = world.plan("2026-12-01T10:00", key="abcdefgh")
    world.clock.advance(timedelta(days=30))
    assert world.plan("2026-12-01T10:00", key="abcdefgh") == first  # also when its time is over
    assert len(world.listed()) == 1
    with pytest.raises(Invalid) as told:
        world.plan("2026-12-31T11:00", key="abcdefgh")
    assert told.value.fields == {"Idempotency-Key": "was used for another request"}
    assert world.plan("2027-01-01T10:00", PARENT, key="abcdefgh").id != first.id


def test_an_eleventh_reminder_of_a_day_is_refused_and_of_the_next_day_not() -> None:
    world = World()
    made = [world.remind(f"2026-12-01T{hour:02}:00") for hour in range(8, 18)]
    with pytest.raises(Invalid) as told:
        world.remind("2026-12-01T23:59", CARER)
    assert told.value.fields == {"/at": "there are ten reminders on that day already"}
    other = world.remind("2026-12-02T00:00")
    with pytest.raises(Invalid):
        world.revise(other, "2026-12-01T19:00")
    world.revise(made[0], "2026-12-01T07:00")  # within its own day it is still one of ten
    world.remove(made[1].id)
    world.revise(other, "2026-12-01T19:00")
    world.plan("2026-12-01T20:00")  # appointments are not counted


def test_ten_reminders_a_day_hold_whoever_writes_at_the_same_time() -> None:
    world = World()
    for hour in range(9):
        world.remind(f"2026-12-01T{hour + 8:02}:00")
    inner, late = world.host.rows.put, []

    def racing(row, when=None):
        if row["sk"] == BOOK and not late:
            late.append(1)
            world.remind("2026-12-01T20:00", PARENT)  # between the other one's decision and its write
        return inner(row, when) if when else inner(row)

    world.host.rows.put = racing
    with pytest.raises(Invalid):
        world.remind("2026-12-01T21:00")
    assert len(world.listed()) == 10


def test_two_who_write_at_the_same_time_both_have_their_entry_and_one_trace_each() -> None:
    world = World()
    inner, late = world.host.rows.put, []

    def racing(row, when=None):
        if row["sk"] == BOOK and not late:
            late.append(1)
            world.plan("2026-12-01T20:00", PARENT)
        return inner(row, when) if when else inner(row)

    world.host.rows.put = racing
    world.plan("2026-12-01T21:00")
    assert len(world.listed()) == 2
    assert [one.action for one in world.journal()].count("agenda:write") == 2


def test_a_change_names_the_version_it_was_made_from() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    world.revise(entry, "2026-12-01T11:00", expected=1)
    with pytest.raises(Stale):
        world.revise(entry, "2026-12-01T12:00", expected=1)
    again = world.revise(entry, "2026-12-01T11:00", expected=1)  # it is so already: the answer to the first was lost
    assert again.line.version == 2
    with pytest.raises(Stale):
        world.remove(entry.id, expected=1)


def test_a_past_appointment_keeps_its_time_when_its_note_is_changed() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    world.clock.advance(timedelta(days=30))
    assert world.revise(entry, "2026-12-01T10:00", note="fait").words.note == "fait"
    with pytest.raises(Invalid):
        world.revise(entry, "2026-12-02T10:00", note="fait")


def test_a_cancelled_appointment_stays_in_view_and_can_be_planned_again() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    assert world.revise(entry, "2026-12-01T10:00", status="CANCELLED").line.status == "CANCELLED"
    assert world.revise(entry, "2026-12-01T10:00").line.status == "PLANNED"


def test_an_appointment_is_no_reminder() -> None:
    world = World()
    with pytest.raises(NotFound):
        world.revise(world.plan("2026-12-01T10:00"), "2026-12-01T11:00", kind="reminder")


def test_what_was_never_there_is_not_found() -> None:
    world = World()
    ghost = replace(world.plan("2026-12-01T10:00"), id="a" * 26)
    for step in (
        lambda: world.revise(ghost, "2026-12-02T10:00"),
        lambda: world.remove(ghost.id),
        lambda: reading.read(world.host, HOLDER, world.record, ghost.id),
    ):
        with pytest.raises(NotFound):
            step()


def test_a_period_is_listed_page_by_page_and_earliest_first() -> None:
    world = World()
    for day in (9, 3, 7, 5, 1):
        world.plan(f"2026-12-{day:02}T10:00")
    world.remind("2026-12-05T09:00")
    listed: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = reading.listing(world.host, HOLDER, world.record, reading.Period(since=date(2026, 12, 3)), cursor, 2)
        listed += [f"{one.line.at:%d %H}" for one in page.entries]
        cursor, pages = page.cursor, pages + 1
    assert listed == ["03 10", "05 09", "05 10", "07 10", "09 10"]
    assert pages == 3
    found = world.listed(since=date(2026, 12, 3), until=date(2026, 12, 5), kinds=frozenset({"appointment"}))
    assert [one.line.day.day for one in found] == [3, 5]
    with pytest.raises(Invalid):
        reading.listing(world.host, HOLDER, world.record, reading.Period(), "a" * 26)


def test_a_list_shows_the_words_of_the_book_it_shows_however_they_change_meanwhile() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00", note="un")
    inner, late = world.host.rows.get, []

    def racing(keys):
        if keys and keys[0][1].startswith(WORDS) and not late:
            late.append(1)
            world.revise(entry, "2026-12-02T10:00", note="deux")
        return inner(keys)

    world.host.rows.get = racing
    (shown,) = world.listed()
    assert (shown.line.day, shown.words.note) == (date(2026, 12, 2), "deux")


def test_a_full_agenda_fits_into_one_row_and_takes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.access.mandates import ceilings

    world = World()
    one = world.plan("2026-12-01T10:00").line
    lines = {}
    for number in range(ceilings()["agenda_entries"]):
        at = datetime.fromisoformat("2027-01-01") + timedelta(minutes=37 * number)
        unique = {"at": at, "words": f"{number * 7919**4:016x}"[-16:], "digest": f"{number * 104729**7:032x}"[-32:]}
        line = one.model_copy(update={**unique, "organisation": f"org:{number:010}", "changed": at.replace(tzinfo=UTC)})
        lines[f"{number:x}".rjust(26, "a")] = Line.model_validate(line.model_dump())
    assert len(Book(lines=lines).dump()) < 350_000
    monkeypatch.setitem(ceilings(), "agenda_entries", 1)
    with pytest.raises(Conflict):
        world.plan("2026-12-02T10:00")


def test_no_date_title_or_person_stands_in_a_key_or_a_plain_attribute() -> None:
    world = World()
    world.plan("2026-12-01T10:00")
    for key in world.rows():
        row = world.host.rows.get([key])[key]
        if key[1].startswith((BOOK, WORDS)):
            plain = {name: value for name, value in row.items() if name != "body"}
            assert set(plain) == {"pk", "sk", "version", "state"}
            assert "2026" not in str(plain)
            assert b"CANARI" not in row["body"]


def test_the_journal_names_the_entry_and_says_nothing_of_it() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00", note="secret")
    trace = world.journal()[-1]
    assert (trace.action, trace.about, trace.obligations) == ("agenda:write", entry.id, ["arm-reminders"])
    assert "CANARI" not in str(trace)
    assert "2026-12-01" not in str(trace)


def test_a_closed_record_is_read_and_not_planned_in() -> None:
    from chalicelib.enrolment import life

    world = World()
    world.plan("2026-12-01T10:00")
    life.close(world.host, HOLDER, world.record)
    assert len(world.listed()) == 1
    with pytest.raises(AccessDenied):
        world.plan("2026-12-02T10:00")


def test_words_are_cut_off_from_the_draft_that_is_compared() -> None:
    world = World()
    entry = actions.plan(world.host, HOLDER, world.record, draft("2026-12-01T10:00", note="a"), "abcdefgh")
    with pytest.raises(Invalid):
        actions.plan(world.host, HOLDER, world.record, draft("2026-12-01T10:00", note="b"), "abcdefgh")
    assert entry.words.note == "a"


def test_a_late_copy_of_a_plan_that_was_removed_brings_nothing_back() -> None:
    world = World()
    for make, key in ((world.plan, "planplan"), (world.remind, "remindre")):
        world.remove(make("2026-12-01T10:00", key=key).id)
        with pytest.raises(Conflict, match="removed"):
            make("2026-12-01T10:00", key=key)
    assert world.listed() == []
    world.clock.advance(timedelta(days=2))
    world.plan("2026-12-02T10:00")
    assert len(world.book().lines) == 1  # no copy comes as late as that


def test_what_was_removed_takes_no_room_of_the_days_reminders() -> None:
    world = World()
    for _ in range(12):
        world.remove(world.remind("2026-12-01T10:00").id)
    for hour in range(10):
        world.remind(f"2026-12-01T{hour + 8:02}:00")
    with pytest.raises(Invalid):
        world.remind("2026-12-01T20:00")


def test_the_versions_of_a_prevention_item_go_on_after_it_was_removed() -> None:
    """A device that read the first one must not overwrite what was said since."""
    world = World()
    world.remove(world.mark("hpv", "TO_PLAN").id)
    assert world.mark("hpv", "NOT_DONE").line.version == 3


def test_who_removes_an_entry_of_a_full_agenda_plans_another(monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.access.mandates import ceilings

    monkeypatch.setitem(ceilings(), "agenda_entries", 3)
    world = World()
    made = [world.plan(f"2026-12-0{day}T10:00", title=f"t{day}") for day in (1, 2, 3)]
    world.remove(made[0].id)
    world.plan("2026-12-04T10:00")
    with pytest.raises(Conflict):
        world.plan("2026-12-05T10:00")
