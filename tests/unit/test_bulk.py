"""A file of insured people becomes invitations: each person once, bad lines told, good lines never lost."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib import jobs
from chalicelib.access.actor import Actor, Kind
from chalicelib.access.gate import Ask, gate
from chalicelib.access.inviting import invite
from chalicelib.access.journal import open_entry
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.opening import lookup, open_record, record_of
from chalicelib.enrolment import bulk, groups
from chalicelib.enrolment.insured import COLUMNS
from chalicelib.enrolment.lines import WINDOW
from chalicelib.hosts.memory import MemoryBlobs, MemoryClock, MemoryRows, memory_host
from chalicelib.kernel.errors import AccessDenied, Conflict, NotFound, Unavailable
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Key, Row, When
from tests.cutting import Killed, cut
from tests.intake_files import NAME, OID, begin, drain, everything, facts, insured, later, ndjson, number, records
from tests.people import ENROLMENT, LAB, person
from tests.unit.insured_cells import cells

OTHER = Actor(Kind.ENROLMENT, "client:other-fund", "Autre caisse", client="other-fund")


@pytest.fixture
def host() -> Host:
    return memory_host()


def asleep(host: Host, before: Callable[[], object] = dict, after: Callable[[], object] = dict) -> Host:
    """Return the host of a writer that sleeps before or after it writes the rows of a batch; others go on meanwhile."""
    inner = host.rows

    class Asleep:
        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        def put_many(self, rows: list[Row]) -> None:
            before()
            inner.put_many(rows)
            after()

    return replace(host, rows=Asleep())  # type: ignore[arg-type]


def counts(host: Host, job: str) -> tuple[int, int, int]:
    found = bulk.progress(host, ENROLMENT, job)
    return found.invited, found.known, found.rejected


def test_everybody_in_the_file_is_invited_and_the_file_is_deleted(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(450)))
    drain(host)
    found = bulk.progress(host, ENROLMENT, job)
    assert (found.state, found.place.line, found.place.offset) == ("done", 450, found.size)
    assert counts(host, job) == (450, 0, 0)
    assert {facts(host, place).state for place in range(450)} == {"invited"}
    assert len(records(host)) == 450
    assert list(host.blobs.list("enrolment/")) == []


def test_a_csv_file_says_the_same(host: Host) -> None:
    lines = [",".join(COLUMNS).encode(), *(cells(insured(place)) for place in range(5)), b"x,y"]
    job = begin(host, b"\xef\xbb\xbf" + b"\r\n".join(lines), "csv")
    drain(host)
    assert counts(host, job) == (5, 0, 1)
    assert bulk.rejects(host, ENROLMENT, job) == [(7, "NOT_CSV")]


def test_a_csv_file_without_its_header_is_one_reject(host: Host) -> None:
    job = begin(host, b"\n".join(cells(insured(place)) for place in range(5)), "csv")
    drain(host)
    assert counts(host, job) == (0, 0, 1)
    assert bulk.rejects(host, ENROLMENT, job) == [(1, "HEADER")]
    assert bulk.progress(host, ENROLMENT, job).state == "done"


def test_repeating_a_file_invites_nobody_twice(host: Host) -> None:
    content = ndjson(insured(place) for place in range(30))
    begin(host, content)
    drain(host)
    before = records(host)
    again = begin(host, content)
    drain(host)
    assert counts(host, again) == (0, 30, 0)
    assert records(host) == before


def test_a_person_who_stands_twice_in_a_file_is_invited_once(host: Host) -> None:
    job = begin(host, ndjson(insured(place % 7, family_name=f"N{place}") for place in range(300)))
    drain(host)
    assert counts(host, job) == (7, 293, 0)
    assert len(records(host)) == 7


def test_a_person_who_has_a_record_is_known_and_left_alone(host: Host) -> None:
    record, _ = open_record(host, ENROLMENT, person(number(3)).model_copy(update={"oid": OID}), "citizen:x")
    job = begin(host, ndjson(insured(place) for place in range(5)))
    drain(host)
    assert counts(host, job) == (4, 1, 0)
    assert facts(host, 3).record == record
    assert facts(host, 3).state == "open"


def test_bad_lines_are_told_with_number_and_reason_and_good_ones_are_not_lost(host: Host) -> None:
    people = [insured(place) for place in range(500)]
    lines = ndjson(people).splitlines()
    for place in range(0, 500, 5):
        lines[place] = lines[place].replace(b"EXEMPLE", b"\xff")
    lines[7] = b""
    job = begin(host, b"\n".join(lines))
    drain(host)
    assert counts(host, job) == (399, 0, 100)
    told: list[tuple[int, str]] = []
    while page := bulk.rejects(host, ENROLMENT, job, told[-1][0] if told else 0):
        told += page
    assert told == [(place + 1, "NOT_TEXT") for place in range(0, 500, 5)]


def test_nobody_is_enrolled_before_the_day_of_their_birth_in_paris(host: Host) -> None:
    assert isinstance(host.clock, MemoryClock)
    host.clock.set(datetime(2026, 11, 2, 23, 30, tzinfo=UTC))  # the third in Paris
    job = begin(host, ndjson(insured(place, birth_date=f"2026-11-0{place}") for place in (3, 4)))
    drain(host)
    assert (counts(host, job), bulk.rejects(host, ENROLMENT, job)) == ((1, 0, 1), [(2, "FIELD_BIRTH_DATE")])


@pytest.mark.parametrize("after", [0, 1, 199, 200, 201, 400, 499])
def test_rejects_go_on_after_any_line(host: Host, after: int) -> None:
    job = begin(host, b"{\n" * 500)
    drain(host)
    told = [line for line, _ in bulk.rejects(host, ENROLMENT, job, after)]
    assert told == [*range(after + 1, 501)]


def test_nobody_but_the_client_that_began_it_sees_a_job(host: Host) -> None:
    job = begin(host, b"{\n")
    for call in (bulk.progress, bulk.rejects):
        with pytest.raises(NotFound):
            call(host, OTHER, job)
        with pytest.raises(AccessDenied):
            call(host, LAB, job)
    with pytest.raises(AccessDenied):
        bulk.start(host, LAB, NAME, "ndjson")


def test_an_object_that_is_not_there_begins_nothing(host: Host) -> None:
    host.blobs.put(NAME + "-2", b"")
    with pytest.raises(NotFound):
        bulk.start(host, ENROLMENT, NAME, "ndjson")


def test_asking_again_gives_the_job_that_runs(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(3)))
    host.clock.sleep(30)
    assert bulk.start(host, ENROLMENT, NAME, "ndjson").name == job
    drain(host)
    assert counts(host, job) == (3, 0, 0)


def test_another_client_does_not_join_a_job_that_runs(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(3)))
    with pytest.raises(Conflict):
        bulk.start(host, OTHER, NAME, "ndjson")
    drain(host)
    assert counts(host, job) == (3, 0, 0)


@pytest.mark.parametrize("second", [range(10, 15), range(3, 6)], ids=["longer", "as-long"])
@pytest.mark.parametrize("kill", range(20))
def test_no_file_is_accepted_that_a_killed_job_on_the_one_before_would_delete_unread(
    host: Host, kill: int, second: range
) -> None:
    job = begin(host, ndjson(insured(place) for place in range(3)))
    with suppress(Killed):
        jobs.enrolment(cut(host, [], (kill, "before")))({"job": job})
    for _ in range(3):
        with suppress(Conflict):  # told so, and asked for again later
            begin(host, ndjson(insured(place) for place in second))
            break
        later(host)
        drain(host)
    later(host)
    drain(host)
    assert {facts(host, place).state for place in second} == {"invited"}


def test_a_corrected_file_as_long_is_not_taken_for_the_one_that_is_read_wherever_it_differs(host: Host) -> None:
    people = [insured(place) for place in range(2000)]
    wrong, right = ndjson(people), ndjson([*people[:-1], insured(2000)])
    assert (len(wrong), wrong[:WINDOW]) == (len(right), right[:WINDOW])
    begin(host, wrong)
    step(host)
    host.clock.sleep(1)
    with pytest.raises(Conflict):
        begin(host, right)
    drain(host)
    begin(host, right)  # told so, and put there again later
    drain(host)
    assert facts(host, 2000).state == "invited"


@pytest.mark.parametrize("content", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_file_without_any_line_is_done_at_once(host: Host, content: bytes, form: str) -> None:
    job = begin(host, content, form)
    drain(host)
    assert (counts(host, job), bulk.progress(host, ENROLMENT, job).state) == ((0, 0, 0), "done")


def test_a_line_longer_than_a_window_is_one_reject(host: Host) -> None:
    long = b"x" * (3 * WINDOW + 7)
    job = begin(host, ndjson([insured(1)]) + long + b"\n" + ndjson([insured(2)]))
    drain(host)
    assert counts(host, job) == (2, 0, 1)
    assert bulk.rejects(host, ENROLMENT, job) == [(2, "TOO_LONG")]
    assert bulk.progress(host, ENROLMENT, job).place.line == 3


def test_a_file_that_goes_away_stops_its_job(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(300)))
    host.blobs.delete(NAME)
    drain(host)
    assert bulk.progress(host, ENROLMENT, job).state == "stopped"
    later(host)
    assert host.queue.receive(bulk.QUEUE) == []


def test_lost_wake_ups_cost_time_only(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(700)))
    for _ in range(10):
        for delivery in host.queue.receive(bulk.QUEUE):
            host.queue.delete(bulk.QUEUE, delivery.receipt)
        later(host)
        for delivery in host.queue.receive(bulk.QUEUE, 1):
            jobs.enrolment(host)(json.loads(delivery.body))
    assert counts(host, job) == (700, 0, 0)


def test_two_messages_at_once_take_one_chunk(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(300)))
    inner = host.blobs

    class Twice(MemoryBlobs):
        def read(self, name: str, start: int, stop: int) -> bytes:
            jobs.enrolment(host)({"job": job})  # while the first worker reads
            return inner.read(name, start, stop)

    jobs.enrolment(replace(host, blobs=Twice(host.clock)))({"job": job})
    assert bulk.progress(host, ENROLMENT, job).place.line == 200
    drain(host)
    assert counts(host, job) == (300, 0, 0)


def test_a_worker_slower_than_its_lease_invites_nobody_twice(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(50)))

    def overtaken() -> None:
        host.clock.sleep(61)
        jobs.enrolment(host)({"job": job})  # another worker does the same chunk to its end

    jobs.enrolment(asleep(host, after=overtaken))({"job": job})
    drain(host)
    assert counts(host, job) == (50, 0, 0)
    owned = {record_of(host, OID, number(place)) for place in range(50)}
    assert len(records(host)) == 100
    night(host, 49)
    assert set(records(host)) == owned


def invited(host: Host, batch: str) -> bool:
    """Invite one person as a chunk of a file does; return whether this batch did."""
    who = person(number(1)).model_copy(update={"oid": OID})
    return invite(host, ENROLMENT, [who], batch, partial(groups.note, host, "job"))[0]


def test_a_batch_says_again_whom_it_invited_and_another_one_does_not(host: Host) -> None:
    assert [invited(host, batch) for batch in ("one", "one", "two")] == [True, True, False]
    assert len(records(host)) == 1


@pytest.mark.parametrize("lost", ["lookup", "keys"])
def test_what_became_nobodys_record_is_deleted_after_days_and_not_before(host: Host, lost: str) -> None:
    invited(host, "one")
    (record,) = records(host)
    host.rows.delete(lookup(host, OID, number(1)))
    if lost == "keys":
        host.rows.delete((f"r#{record}", "0key"))
    for _ in range(2):
        night(host, 23)
        assert records(host) == [record]
    night(host, 3)
    assert [key for key in everything(host) if key[0][:2] in ("r#", "k#", "e#")] == []


def test_a_record_that_lost_its_person_to_another_is_deleted(host: Host) -> None:
    invited(host, "one")
    key = lookup(host, OID, number(1))
    host.rows.put({"pk": key[0], "sk": key[1], "record": "another"})
    night(host, 49)
    assert records(host) == []


def test_people_of_a_file_that_is_read_for_days_are_told_in_the_end(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(300)))
    jobs.enrolment(host)({"job": job})
    for _ in range(3):
        night(host, 49)
    drain(host)
    assert bulk.progress(host, ENROLMENT, job).state == "done"
    assert len(told(host)) == len(records(host)) == 300


def test_people_are_told_when_their_file_is_read_and_not_before(host: Host) -> None:
    begin(host, ndjson(insured(place) for place in range(600)))
    states = []
    while deliveries := host.queue.receive(bulk.QUEUE, 1):
        body = json.loads(deliveries[0].body)
        jobs.enrolment(host)(body)
        host.queue.delete(bulk.QUEUE, deliveries[0].receipt)
        states.append((bulk.progress(host, ENROLMENT, body["job"]).state, len(told(host))))
    assert states == [("running", 0), ("running", 0), ("telling", 0), ("done", 600)]


def test_the_same_file_put_again_while_people_are_told_is_not_left_lying_there(host: Host) -> None:
    content = ndjson(insured(place) for place in range(30))
    job = begin(host, content)
    jobs.enrolment(host)({"job": job})
    assert bulk.progress(host, ENROLMENT, job).state == "telling"
    with pytest.raises(Conflict):
        begin(host, content)
    drain(host)
    assert counts(host, begin(host, content)) == (0, 0, 0)
    drain(host)
    assert list(host.blobs.list("enrolment/")) == []


def test_who_was_invited_from_a_file_that_went_away_is_told(host: Host) -> None:
    job = begin(host, ndjson(insured(place) for place in range(300)))
    jobs.enrolment(host)({"job": job})
    host.blobs.delete(NAME)
    drain(host)
    assert bulk.progress(host, ENROLMENT, job).state == "stopped"
    assert len(told(host)) == len(records(host)) == 200


def test_who_was_claimed_late_from_a_file_that_went_away_is_told_too(host: Host) -> None:
    job, late = begin(host, ndjson(insured(place) for place in range(30))), set[str]()

    def overtaken() -> None:
        host.clock.sleep(61)
        host.blobs.delete(NAME)
        drain(host)  # others find no file, tell nobody, and are done
        assert told(host) == set()

    jobs.enrolment(asleep(host, after=overtaken))({"job": job})
    assert bulk.progress(host, ENROLMENT, job).state == "stopped"
    assert {facts(host, place).state for place in range(30)} == {"invited"}
    for _ in range(3):
        night(host, 49)
        drain(host)
        late |= told(host)
    assert late == set(records(host))
    assert host.rows.query(bulk.partition_of(job), after="6", upto="8") == []


def step(host: Host) -> None:
    """Work on one message."""
    (delivery,) = host.queue.receive(bulk.QUEUE, 1)
    jobs.enrolment(host)(json.loads(delivery.body))
    host.queue.delete(bulk.QUEUE, delivery.receipt)


def told(host: Host) -> set[str]:
    """Return whom the messages that wait name, and forget the messages."""
    found = host.queue.receive("notices", 1000)
    for one in found:
        host.queue.delete("notices", one.receipt)
    return {record for one in found for record in json.loads(one.body)["records"].split()}


def night(host: Host, hours: int) -> None:
    """Let hours pass and the night come."""
    assert isinstance(host.clock, MemoryClock)
    host.clock.advance(timedelta(hours=hours))
    jobs.night(host)


def test_a_writer_that_slept_for_hours_claims_nobody(host: Host) -> None:
    with pytest.raises(Unavailable):
        invited(asleep(host, after=lambda: host.clock.sleep(timedelta(hours=2).total_seconds())), "one")
    assert record_of(host, OID, number(1)) is None


def test_a_writer_that_slept_until_its_note_was_forgotten_leaves_nothing(host: Host) -> None:
    with pytest.raises(Unavailable):
        invited(asleep(host, before=lambda: night(host, 72)), "one")
    night(host, 72)
    assert records(host) == []


def test_no_claim_is_on_its_way_any_more_when_the_writer_of_one_that_failed_goes_on(host: Host) -> None:
    inner, on_their_way = host.rows, list[Key]()

    class Claim:
        def __init__(self, key: Key, error: type[Exception] | None) -> None:
            self.key, self.error = key, error

        def result(self) -> None:
            on_their_way.remove(self.key)
            if self.error:
                raise self.error

    class Failing:
        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        def begin_put(self, row: Row, when: When) -> Claim:
            on_their_way.append((str(row["pk"]), str(row["sk"])))
            first = len(on_their_way) == 1
            if not first:
                inner.put(row, when)
            return Claim(on_their_way[-1], Unavailable if first else None)

    begin(host, ndjson(insured(place) for place in range(5)))
    with pytest.raises(Unavailable):
        jobs.enrolment(replace(host, rows=Failing()))(json.loads(host.queue.receive(bulk.QUEUE, 1)[0].body))  # type: ignore[arg-type]
    assert on_their_way == []


def test_an_invitation_stands_in_the_journal_with_its_rule_and_what_follows(host: Host) -> None:
    begin(host, ndjson([insured(1)]))
    drain(host)
    found = facts(host, 1)
    key = key_row_key(found.record)
    (sealed,) = found.tail
    entry = open_entry(policy_key(host, found.record, host.rows.get([key])[key]), found.record, sealed)
    assert (entry.action, entry.rule, entry.actor) == ("record:invite", "INVITE", ENROLMENT.id)
    assert entry.obligations == ["invite", "clock"]


def test_nobody_reads_or_feeds_an_invited_record_by_these_rules(host: Host) -> None:
    begin(host, ndjson([insured(1)]))
    drain(host)
    for action in ("document:list", "history:read", "choices:read"):
        with pytest.raises(AccessDenied):
            gate(host, Ask(LAB, facts(host, 1).record, action))


@pytest.mark.abuse("I03")
def test_nothing_of_the_file_stands_in_a_row_a_name_or_a_message(host: Host) -> None:
    begin(host, ndjson(insured(place) for place in range(20)) + b"{bad\n")
    bodies = [delivery.body for delivery in host.queue.receive(bulk.QUEUE)]
    host.clock.sleep(61)
    drain(host)
    later(host)
    drain(host)
    assert isinstance(host.rows, MemoryRows)
    kept = repr(host.rows.everything()) + repr(bodies)
    for place in range(20):
        assert number(place) not in kept
        assert f"camille{place}@" not in kept
    assert "EXEMPLE" not in kept
    assert "people.ndjson" not in kept
