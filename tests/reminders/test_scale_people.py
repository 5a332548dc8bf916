"""Whom a reminder reaches: never a closed record or a dead person, never with a word of what it is about."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.access.choices import Delegation
from chalicelib.access.gate import Ask, gate
from chalicelib.enrolment import life
from chalicelib.enrolment.actions import open_
from chalicelib.notices.texts import SUBJECT
from chalicelib.reminders import roster, slots
from chalicelib.reminders.actions import told
from chalicelib.reminders.compiled import shipped_rules
from tests.people import ENROLMENT, HOLDER, person

from .country import Country

NEXT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def _armed(birth: date = date(1974, 8, 14), **more: str) -> tuple[Country, str]:
    country = Country()
    record, _ = open_(country.host, ENROLMENT, person(birth=birth).model_copy(update=more), HOLDER.id)
    country.records.append(record)
    country.work()
    return country, record


@pytest.mark.abuse("A26", "A27")
@pytest.mark.parametrize("state", ["closed", "deceased", "suspended", "erasing"])
def test_nobody_is_told_whose_record_is_not_open(state):
    country, record = _armed()
    match state:
        case "closed":
            life.close(country.host, HOLDER, record)
        case "suspended":
            life.suspend(country.host, ENROLMENT, record)
        case "deceased":
            life.decease(country.host, ENROLMENT, record)
        case "erasing":
            life.close(country.host, HOLDER, record)
            life.erase(country.host, HOLDER, record)
    country.work()
    country.host.mail.sent.clear()
    country.at(NEXT)
    assert not [mail for mail in country.host.mail.sent if "prévention" in mail.get_content()]
    assert country.told(record) == []
    assert country.waiting(record) == []
    assert not country.host.rows.get([roster.key(record)])


def test_who_opens_the_record_again_is_told_again():
    country, record = _armed()
    life.close(country.host, HOLDER, record)
    country.at(NEXT)
    life.reopen(country.host, HOLDER, record)
    country.at(NEXT + timedelta(hours=1))
    country.at(NEXT + timedelta(hours=2))
    assert country.told(record)


def test_who_opens_the_record_again_in_the_hour_in_which_nobody_was_found_is_told():
    country = Country(datetime(2026, 11, 2, 23, 0, tzinfo=UTC))
    record, _ = open_(country.host, ENROLMENT, person(birth=date(1974, 8, 14)), HOLDER.id)
    country.work()
    assert country.waiting(record) == ["2026-11-03T07"]
    life.close(country.host, HOLDER, record)
    country.at(datetime(2026, 11, 3, 7, 0, tzinfo=UTC))
    assert country.waiting(record) == []
    country.clock.advance(timedelta(minutes=10))
    life.reopen(country.host, HOLDER, record)
    country.work()
    assert country.waiting(record) == ["2026-11-03T07"]
    country.at(datetime(2026, 11, 3, 8, 0, tzinfo=UTC))
    assert country.told(record)


@pytest.mark.abuse("Q04", "A21")
@pytest.mark.parametrize("birth", [date(1955, 8, 14), date(1974, 8, 14), date(2012, 3, 1), date(2026, 9, 1)])
def test_a_reminder_says_nothing_of_what_it_is_about(birth):
    country, record = _armed(birth)
    country.at(NEXT)
    (mail,) = country.host.mail.sent
    text = f"{mail['Subject']} {mail.get_content()} {mail['Message-ID']} {mail['To']}".lower()
    assert mail["Subject"] in SUBJECT.values()
    words = {word for rule in shipped_rules().by_id for word in rule.split("_") if len(word) > 4}
    assert not [word for word in words - {"senior", "adult", "exam", "infant"} if word in text]
    assert record not in text


@pytest.mark.abuse("Q04", "I03")
def test_neither_queue_nor_key_says_what_is_due():
    country, record = _armed()
    bodies = " ".join(country.at(NEXT))
    keys = " ".join(f"{pk} {sk}" for pk, sk in country.host.rows.everything())
    assert record in bodies
    for rule in shipped_rules().by_id:
        assert rule not in bodies
        assert rule not in keys.replace("s#coverage", "")
    assert not re.search("(?<![0-9a-f])1974(?![0-9a-f])", bodies + keys)  # four digits of an id in hex are no year


def test_a_childs_reminder_goes_to_the_contact_and_to_every_representative_with_an_address():
    country, record = _armed(date(2026, 9, 1))
    parents = {"citizen:a": Delegation("parent", "A", email="a@example.org"), "citizen:b": Delegation("parent", "B")}
    ask = Ask(HOLDER, record, "choices:allow", change=lambda now: replace(now, proxies=parents))
    gate(country.host, ask)
    country.at(NEXT)
    assert sorted(str(mail["To"]) for mail in country.host.mail.sent) == ["a@example.org", "camille@example.org"]
    assert set(country.mails.values()) == {1}
    slots.again(country.host)
    country.work()
    assert len(country.host.mail.sent) == 2


def test_an_adults_reminder_goes_to_the_holder_alone():
    country, record = _armed()
    carers = {"citizen:a": Delegation("parent", "A", email="a@example.org")}
    gate(country.host, Ask(HOLDER, record, "choices:allow", change=lambda now: replace(now, proxies=carers)))
    country.at(NEXT)
    assert [str(mail["To"]) for mail in country.host.mail.sent] == ["camille@example.org"]


def test_the_holder_sees_each_reminder_with_its_reason():
    country, record = _armed()
    country.at(NEXT)
    shown = told(country.host, HOLDER, record)
    assert {one.rule for one in shown} == {rule for rule, _, _ in country.told(record)}
    assert all(one.reason_fr and one.reason_en and one.source for one in shown)
