"""One message tells many people that they are invited: each once, whatever becomes of the others."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import following, jobs
from chalicelib.access.facts import facts_key
from chalicelib.access.keyring import key_row_key
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.errors import Broken, Busy, Unavailable
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Change
from tests.cutting import Killed, cut
from tests.intake_files import number
from tests.invited import invite
from tests.people import person

from .world import LETTERHEAD, Down

PEOPLE = 6


def informed(odd: Mapping[int, str] | None = None) -> tuple[Host, list[str], dict[str, Any]]:
    """Return people who are to be told, some at an odd address, and the message that says so."""
    host = memory_host()
    emails = {place: f"p{place}@example.org" for place in range(PEOPLE)} | (odd or {})
    people = [person(number(place)).model_copy(update={"email": email}) for place, email in emails.items()]
    records = [invite(host, one)[0] for one in people]
    ((_, message), _) = following.invited(records)
    return host, records, dict(message)


def mails(host: Host) -> Counter[str]:
    return Counter(str(mail["To"]) for mail in host.mail.sent)  # type: ignore[attr-defined]


def everybody(*but: int) -> Counter[str]:
    return Counter(f"p{place}@example.org" for place in range(PEOPLE) if place not in but)


def test_everybody_is_told_once_however_often_the_message_comes() -> None:
    host, _, message = informed()
    for _ in range(3):
        jobs.notices(host, LETTERHEAD)(message)
    assert mails(host) == everybody()


def test_what_is_read_for_all_is_read_in_one_call() -> None:
    host, _, message = informed()
    calls = list[str]()
    jobs.notices(replace(cut(host, calls, None), memo=host.memo), LETTERHEAD)(message)
    # all of them; then for each the entry, what was told, the way back, the mail itself, that it was told;
    # and once more all of them: who opposed meanwhile
    assert calls == ["get", *["update", "get", "put_many", "send", "put"] * PEOPLE, "get"]


def test_who_died_or_is_erased_is_not_told_and_everybody_behind_them_is() -> None:
    host, records, message = informed()
    host.rows.update(facts_key(records[1]), Change(set={"state": "deceased"}))
    host.rows.delete(key_row_key(records[3]))
    jobs.notices(host, LETTERHEAD)(message)
    assert mails(host) == everybody(1, 3)


def test_a_record_that_does_not_open_keeps_nobody_behind_it_from_being_told() -> None:
    host, records, message = informed()
    host.rows.update(key_row_key(records[1]), Change(set={"person": b"damaged"}))
    with pytest.raises(Broken):
        jobs.notices(host, LETTERHEAD)(message)
    assert mails(host) == everybody(1)


def test_an_address_that_no_mail_can_carry_keeps_nobody_from_being_told() -> None:
    host, _, message = informed({1: "p..1@example.org"})  # the intake takes it
    jobs.notices(host, LETTERHEAD)(message)
    assert mails(host) == everybody(1)


def test_a_mailbox_that_is_full_keeps_nobody_behind_it_from_being_told() -> None:
    host, _, message = informed()

    class Full(Down):
        def send(self, mail: Any) -> None:
            if str(mail["To"]) == "p1@example.org":
                raise Busy
            host.mail.send(mail)

    with pytest.raises(Busy):
        jobs.notices(replace(host, mail=Full()), LETTERHEAD)(message)
    assert mails(host) == everybody(1)


def with_phones(*places: int) -> tuple[Host, list[str], dict[str, Any]]:
    """Return the same people, of whom these have a telephone and no mailbox."""
    host = memory_host()
    means = {True: {"email": "", "phone": "+3360000004{}"}, False: {"email": "p{}@example.org"}}
    told = [{name: text.format(place) for name, text in means[place in places].items()} for place in range(PEOPLE)]
    records = [invite(host, person(number(place)).model_copy(update=one))[0] for place, one in enumerate(told)]
    ((_, message), _) = following.invited(records)
    return host, records, dict(message)


def test_a_number_that_its_provider_chokes_on_keeps_nobody_behind_it_from_being_told() -> None:
    host, _, message = with_phones(1, 2, 4)

    class Chokes(Down):
        def send(self, number: str, *message: str) -> None:  # type: ignore[override]
            if number.endswith("1"):
                raise Unavailable
            host.sms.send(number, *message)

    with pytest.raises(Busy):
        jobs.notices(replace(host, sms=Chokes()), LETTERHEAD)(message)
    assert mails(host) == everybody(1, 2, 4)
    assert sorted(to for to, _ in host.sms.sent.values()) == ["+33600000042", "+33600000044"]  # type: ignore[attr-defined]


def test_a_service_that_is_down_is_not_asked_for_everybody_and_keeps_no_other_from_telling() -> None:
    host, _, message = with_phones(0, 1, 2, 3)
    asked = []

    class Asked(Down):
        def send(self, *message: object) -> None:
            asked.append(message)
            raise Unavailable

    with pytest.raises(Busy):
        jobs.notices(replace(host, sms=Asked()), LETTERHEAD)(message)
    assert (mails(host), len(asked)) == (everybody(0, 1, 2, 3), 2)
    jobs.notices(host, LETTERHEAD)(message)
    assert (mails(host), len(host.sms.sent)) == (everybody(0, 1, 2, 3), 4)  # type: ignore[attr-defined]


def test_a_mail_server_that_is_down_loses_nobody() -> None:
    host, _, message = informed()
    with pytest.raises(Unavailable):
        jobs.notices(replace(host, mail=Down()), LETTERHEAD)(message)
    jobs.notices(host, LETTERHEAD)(message)
    assert mails(host) == everybody()


def test_a_worker_killed_at_any_call_tells_everybody_when_the_message_comes_again() -> None:
    for place in range(1 + 5 * PEOPLE):
        host, _, message = informed()
        with pytest.raises(Killed):
            jobs.notices(cut(host, [], (place, "after")), LETTERHEAD)(message)
        jobs.notices(host, LETTERHEAD)(message)
        told = mails(host)
        assert told.keys() == everybody().keys()
        assert told.total() - PEOPLE <= 1  # who was told and not yet noted: the same Message-ID goes out again


def test_the_clock_is_laid_for_all_at_once_and_for_nobody_twice() -> None:
    host, records, _ = informed()
    (_, (_, message)) = following.invited(records)
    calls = list[str]()
    for _ in range(2):
        jobs.reminders(replace(cut(host, calls, None), memo=host.memo), LETTERHEAD)(dict(message))
    laid = [sk for pk, sk in host.rows.everything() if pk.startswith("t#")]  # type: ignore[attr-defined]
    assert sorted(laid) == sorted(records)
    assert calls[-3:] == ["get", "get", "put_many"]
