"""Emergency access: a real reason, within the holder's switches, told every time."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib import jobs
from chalicelib.access.choices import Choices
from chalicelib.access.gate import Ask, gate
from chalicelib.care import inbox
from chalicelib.emergency import actions as emergency
from chalicelib.emergency import review
from chalicelib.emergency.model import Reason
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, CarnetError, Invalid, NotFound, TooMany
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.vault.consult import consult
from infra import review as desk
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO

from .confidential import Records

TEXT = "Trouvé inconscient dans la rue, aucun proche sur place"
REASON = Reason("UNCONSCIOUS", TEXT)
GLASS = replace(DOCTOR, id="pro:810000000011", organisation="org:1750100130", name="Noa URGENCES")
SAMU = replace(GLASS, id="pro:810000000012", regulator=True)
OTHERS = [f"Arrêt cardiaque numéro {word} sur la voie publique" for word in "un deux trois quatre cinq six".split()]


@pytest.fixture
def records() -> Records:
    return Records()


def reads(records: Records, actor=GLASS, document: str = "") -> bool:
    try:
        consult(records.host, actor, records.record, document or records.document)
    except (AccessDenied, NotFound):
        return False
    return True


def drained(host: Host) -> None:
    works = {
        "notices": jobs.notices(host, Letterhead("carnet@example.org", "https://portal.example")),
        "reminders": jobs.reminders(host, Letterhead("carnet@example.org", "https://portal.example")),
    }
    jobs.minute(host)
    for name, work in works.items():
        for delivery in host.queue.receive(name, 100):
            work(json.loads(delivery.body))
            host.queue.delete(name, delivery.receipt)


def emergencies(host: Host) -> int:
    return sum("urgence" in str(mail.get_content()) for mail in host.mail.sent)


def test_a_reason_opens_the_record_until_the_clock_runs_out(records: Records) -> None:
    assert not reads(records)
    until = emergency.open_(records.host, GLASS, records.record, REASON)
    assert reads(records)
    records.at(until, timedelta(seconds=-1))
    assert reads(records)
    records.at(until)
    assert not reads(records)


@pytest.mark.abuse("A05")
@pytest.mark.parametrize(
    "text", ["", " " * 40, "a" * 60, "urgence", "aaa aaa aaa aaa aaa aaa aaa", "urgence vitale ici"]
)
def test_a_blank_or_empty_reason_is_none(records: Records, text: str) -> None:
    with pytest.raises(Invalid):
        emergency.open_(records.host, GLASS, records.record, Reason("UNCONSCIOUS", text))
    assert not reads(records)


@pytest.mark.abuse("A05")
@pytest.mark.parametrize("same", [TEXT, TEXT.upper(), TEXT.replace(" ", "   "), TEXT + " !!", TEXT.replace(",", ".")])
def test_a_reason_is_not_copied_from_the_last_five(records: Records, same: str) -> None:
    emergency.open_(records.host, GLASS, records.record, REASON)
    for text in OTHERS[:4]:
        emergency.open_(records.host, GLASS, records.other(), Reason("UNCONSCIOUS", text))
    with pytest.raises(Invalid):
        emergency.open_(records.host, GLASS, records.other(), Reason("UNCONSCIOUS", same))
    emergency.open_(records.host, GLASS, records.other(), Reason("UNCONSCIOUS", OTHERS[4]))
    emergency.open_(records.host, GLASS, records.other(), Reason("UNCONSCIOUS", same))


@pytest.mark.abuse("A05")
def test_another_professional_may_say_the_same_words(records: Records) -> None:
    emergency.open_(records.host, GLASS, records.record, REASON)
    emergency.open_(records.host, replace(GLASS, id="pro:810000000013"), records.record, REASON)


def test_the_same_request_again_is_one_emergency_and_the_next_day_a_copy(records: Records) -> None:
    first = emergency.open_(records.host, GLASS, records.record, REASON)
    assert emergency.open_(records.host, GLASS, records.record, REASON) == first
    drained(records.host)
    assert emergencies(records.host) == 1
    records.host.clock.advance(timedelta(days=3))
    with pytest.raises(Invalid):
        emergency.open_(records.host, GLASS, records.record, REASON)


@pytest.mark.abuse("A06")
@pytest.mark.parametrize(("samu", "glass", "masked"), list(product([False, True], repeat=3)))
def test_each_switch_does_its_own_thing(records: Records, samu: bool, glass: bool, masked: bool) -> None:
    off = {name for name, on in (("regulation", samu), ("break_glass", glass)) if not on}
    records.choose(
        lambda c: replace(c, opposed=frozenset(off), shows_hidden=masked, hidden=frozenset({records.hidden}))
    )
    with suppress(AccessDenied):
        emergency.open_(records.host, GLASS, records.record, REASON)
    assert reads(records) == glass
    assert reads(records, GLASS, records.hidden) == (glass and masked)
    assert reads(records, SAMU) == samu
    assert reads(records, SAMU, records.hidden) == (samu and masked)


@pytest.mark.abuse("A06")
def test_opposing_ends_a_window_that_is_open(records: Records) -> None:
    emergency.open_(records.host, GLASS, records.record, REASON)
    records.choose(lambda c: replace(c, opposed=frozenset({"break_glass"})))
    assert not reads(records)


@pytest.mark.abuse("A09")
def test_an_emergency_shows_the_professional_no_more_than_the_matrix(records: Records) -> None:
    glass = replace(PHYSIO, id="pro:810000000014", organisation="org:1750100131")
    emergency.open_(records.host, glass, records.record, REASON)
    assert not reads(records, glass)


@pytest.mark.abuse("A02")
def test_a_blocked_professional_opens_nothing_in_an_emergency(records: Records) -> None:
    records.choose(lambda c: replace(c, blocked=frozenset({GLASS.organisation})))
    with pytest.raises(AccessDenied):
        emergency.open_(records.host, GLASS, records.record, REASON)


@pytest.mark.abuse("A07")
def test_holder_and_treating_physician_are_told_each_time(records: Records) -> None:
    records.choose(lambda c: replace(c, physician=DOCTOR.id))
    emergency.open_(records.host, GLASS, records.record, REASON)
    drained(records.host)
    consult(records.host, SAMU, records.record, records.document)
    records.host.clock.advance(timedelta(seconds=1))
    consult(records.host, SAMU, records.record, records.document)
    drained(records.host)
    drained(records.host)
    assert emergencies(records.host) == 3
    told, cursor = inbox.inbox(records.host, DOCTOR)
    assert [(one.event, one.record) for one in told] == [("emergency", records.record)] * 3
    assert told == sorted(told, key=lambda one: one.at, reverse=True)
    assert cursor == ""
    assert inbox.inbox(records.host, LAB) == ([], "")


def test_the_inbox_has_pages(records: Records) -> None:
    records.choose(lambda c: replace(c, physician=DOCTOR.id))
    for _ in range(60):
        consult(records.host, SAMU, records.record, records.document)
        records.host.clock.advance(timedelta(seconds=1))
    drained(records.host)
    drained(records.host)
    first, cursor = inbox.inbox(records.host, DOCTOR)
    second, end = inbox.inbox(records.host, DOCTOR, cursor)
    assert (len(first), len(second), end) == (50, 10, "")
    assert len({one.at for one in first + second}) == 60


@pytest.mark.abuse("A07")
def test_an_emergency_is_told_whatever_the_holder_wishes_to_be_told(records: Records) -> None:
    records.choose(lambda c: replace(c, told=frozenset()))
    emergency.open_(records.host, GLASS, records.record, REASON)
    drained(records.host)
    assert emergencies(records.host) == 1


def test_the_holder_reads_why(records: Records) -> None:
    emergency.open_(records.host, GLASS, records.record, REASON)
    (opened,) = [one for one in history(records.host, HOLDER, records.record).entries if one.action == "emergency:open"]
    assert opened.detail == {"reason": "UNCONSCIOUS", "text": TEXT}


@pytest.mark.abuse("A08")
def test_unusually_many_emergencies_are_flagged_then_wait_for_a_review(records: Records) -> None:
    def opened(number: int) -> None:
        text = f"Malaise grave avec perte de connaissance {number}"
        emergency.open_(records.host, GLASS, records.other(), Reason("CALL", text))

    for number in range(3):
        opened(number)
    assert review.flagged(records.host) == []
    for number in range(3, 10):
        opened(number)
    assert [case.count for case in review.flagged(records.host)] == [4, 5, 6, 7, 8, 9, 10]
    for number in (10, 11):
        with pytest.raises(TooMany):
            opened(number)
    records.host.clock.advance(timedelta(days=2))
    with pytest.raises(TooMany):
        opened(12)
    review.reviewed(records.host, GLASS.id)
    opened(13)


@pytest.mark.abuse("A08")
def test_the_privacy_officer_lists_what_waits_and_ends_it(records: Records, capsys: pytest.CaptureFixture[str]) -> None:
    def opened(number: int) -> None:
        text = f"Malaise grave avec perte de connaissance {number}"
        emergency.open_(records.host, GLASS, records.other(), Reason("CALL", text))

    desk.main(records.host, [])
    assert capsys.readouterr().out == "no case\n"
    with suppress(TooMany):
        for number in range(11):
            opened(number)
    desk.main(records.host, ["--since", "2020-01-01"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[-1] for line in lines] == ["4", "5", "6", "7", "8", "9", "10", "11"]
    assert {line.split("\t")[1] for line in lines} == {GLASS.id}
    desk.main(records.host, ["--end", GLASS.id])
    assert capsys.readouterr().out == f"{GLASS.id} may open records in an emergency again\n"
    opened(12)
    desk.main(records.host, ["--end", GLASS.id])
    assert capsys.readouterr().out == f"{GLASS.id} was not suspended\n"


@pytest.mark.abuse("A08")
def test_a_few_a_day_are_never_flagged(records: Records) -> None:
    for number in range(12):
        text = f"Malaise grave avec perte de connaissance {number}"
        emergency.open_(records.host, GLASS, records.other(), Reason("CALL", text))
        records.host.clock.advance(timedelta(hours=9))
    assert review.flagged(records.host) == []


@pytest.mark.abuse("A05")
def test_neither_store_nor_queue_holds_the_words_of_a_reason(records: Records) -> None:
    emergency.open_(records.host, GLASS, records.record, REASON)
    jobs.minute(records.host)
    kept = repr(list(records.host.rows.everything().values())) + repr(records.host.queue.bodies("notices"))
    assert "inconscient" not in kept.casefold()
    assert GLASS.id.removeprefix("pro:") not in kept


def test_an_emergency_gives_no_right_to_grow_the_team(records: Records) -> None:
    from chalicelib.care import actions as care

    emergency.open_(records.host, GLASS, records.record, REASON)
    with pytest.raises(CarnetError):
        care.declare(records.host, GLASS, records.record, PHYSIO.id)


def test_windows_that_are_over_are_forgotten(records: Records) -> None:
    emergency.open_(records.host, GLASS, records.record, REASON)
    records.host.clock.advance(timedelta(days=3))
    emergency.open_(records.host, SAMU, records.record, REASON)
    grant = gate(records.host, Ask(HOLDER, records.record, "choices:read"))
    choices: Choices = grant.choices
    assert set(choices.emergencies) == {SAMU.id}
