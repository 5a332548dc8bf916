"""Documents that are not for everybody: at birth, while they are kept back, and when that ends."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.actor import Actor, Kind
from chalicelib.access.clocks import comes_of_age, over
from chalicelib.access.gate import Ask, gate
from chalicelib.access.mandates import ceilings
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from chalicelib.kernel.host import Host
from chalicelib.notices.model import Letterhead
from chalicelib.vault import actions, changes, confidentiality, reading, replacing
from chalicelib.vault.consult import consult
from chalicelib.vault.model import MASKED, SECRET, WITHHELD, Filing
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO

from .confidential import CARER, MINOR, PARENT, QUOTAS, Records, accept, draft, with_helpers

FUND = Actor(Kind.HEALTH_FUND, "client:fund", "Caisse", client="fund")
LETTERHEAD = Letterhead("carnet@example.org", "https://portal.example")


@pytest.fixture
def records() -> Records:
    return with_helpers()


def sees(records: Records, actor: Actor, document: str) -> bool:
    page = reading.listing(records.host, actor, records.record, reading.Filter())
    listed = document in [shown.document.id for shown in page.documents]
    try:
        consult(records.host, actor, records.record, document)
    except (NotFound, AccessDenied):
        assert not listed
        return False
    assert listed
    return True


def night(host: Host, days: int = 1) -> None:
    for _ in range(days):
        host.clock.advance(timedelta(days=1))
        jobs.night(host)
        drained(host)


def drained(host: Host) -> None:
    works = {"notices": jobs.notices(host, LETTERHEAD), "reminders": jobs.reminders(host, LETTERHEAD)}
    for _ in range(3):
        jobs.minute(host)
        for name, work in works.items():
            for delivery in host.queue.receive(name, 100):
                work(json.loads(delivery.body))
                host.queue.delete(name, delivery.receipt)


def told(host: Host, words: str) -> int:
    return sum(words in str(mail.get_content()) for mail in host.mail.sent)


def test_a_document_may_be_hidden_from_professionals_at_birth(records: Records) -> None:
    document = records.deposit(MASKED)
    assert sees(records, HOLDER, document)
    assert not sees(records, DOCTOR, document)
    assert consult(records.host, LAB, records.record, document).data
    assert reading.read(records.host, LAB, records.record, document).hidden is True


@pytest.mark.abuse("A29")
def test_a_masked_document_is_hidden_before_its_checks_are_over(records: Records) -> None:
    document = records.deposit(MASKED, settled=False)
    choices = gate(records.host, Ask(HOLDER, records.record, "choices:read")).choices
    assert document in choices.hidden


def test_masked_deposits_leave_room_for_what_the_holder_decides(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A depositor who masks by the thousand must not take away the holder's last word (U09)."""
    monkeypatch.setitem(ceilings(), "choices_bytes", 400)
    taken = list[str]()
    with suppress(Conflict):
        while len(taken) < 50:
            taken.append(records.deposit(MASKED))
    assert 2 < len(taken) < 20
    plain = records.deposit()
    changes.hide(records.host, HOLDER, records.record, plain)
    assert not sees(records, DOCTOR, plain)


def test_a_decision_that_no_row_holds_is_refused_in_words_and_leaves_what_was_decided(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = records.deposit(), records.deposit()
    changes.hide(records.host, HOLDER, records.record, first)
    monkeypatch.setattr("chalicelib.access.choices.ROW", 150)
    with pytest.raises(Conflict, match="no room"):
        changes.hide(records.host, HOLDER, records.record, second)
    assert sees(records, DOCTOR, second)
    assert not sees(records, DOCTOR, first)


def test_the_same_deposit_again_does_not_hide_what_the_holder_showed(records: Records) -> None:
    about = draft(b"the same", MASKED)
    deposit = lambda: actions.deposit(records.host, Filing(LAB, records.record, about), b"the same", QUOTAS).id  # noqa: E731
    first = deposit()
    changes.show(records.host, HOLDER, records.record, first)
    assert deposit() == first
    assert gate(records.host, Ask(HOLDER, records.record, "choices:read")).choices.hidden == frozenset()


def test_a_restriction_is_not_dropped_when_the_unique_id_comes_again(records: Records) -> None:
    plain, masked = (draft(b"the same", *codes, unique="u") for codes in ((), (MASKED,)))
    actions.deposit(records.host, Filing(LAB, records.record, plain), b"the same", QUOTAS)
    with pytest.raises(Conflict):
        actions.deposit(records.host, Filing(LAB, records.record, masked), b"the same", QUOTAS)


@pytest.mark.abuse("A21")
def test_a_minors_secret_is_seen_by_the_minor_and_by_no_representative(records: Records) -> None:
    document = records.deposit(SECRET)
    assert sees(records, HOLDER, document)
    assert sees(records, DOCTOR, document)
    assert not sees(records, PARENT, document)
    assert not sees(records, CARER, document)


def test_only_a_minor_has_secrets() -> None:
    records = Records(birth=date(1955, 8, 14))
    with pytest.raises(Invalid):
        records.deposit(SECRET)


def test_a_secret_may_be_kept_up_to_the_last_second_before_eighteen(records: Records) -> None:
    records.at(comes_of_age(MINOR), timedelta(seconds=-1))
    records.deposit(SECRET)
    records.at(comes_of_age(MINOR))
    with pytest.raises(Invalid):
        records.deposit(SECRET)


@pytest.mark.parametrize("actor", [PARENT, CARER, FUND])
def test_only_a_professional_or_the_minor_keeps_a_secret_from_representatives(records: Records, actor: Actor) -> None:
    with pytest.raises(Invalid):
        records.deposit(SECRET, actor=actor)
    assert records.deposit(SECRET, actor=HOLDER)


@pytest.mark.parametrize("actor", [HOLDER, PARENT, FUND])
def test_nobody_but_a_professional_withholds_a_document_from_its_holder(records: Records, actor: Actor) -> None:
    with pytest.raises(Invalid):
        records.deposit(WITHHELD, actor=actor)


@pytest.mark.abuse("A22")
def test_what_was_revealed_is_never_secret_again(records: Records) -> None:
    document = records.deposit(SECRET)
    confidentiality.keep_secret(records.host, HOLDER, records.record, document)
    confidentiality.reveal(records.host, HOLDER, records.record, document)
    confidentiality.reveal(records.host, HOLDER, records.record, document)
    assert sees(records, PARENT, document)
    with pytest.raises(Conflict):
        confidentiality.keep_secret(records.host, HOLDER, records.record, document)
    assert sees(records, PARENT, document)


@pytest.mark.abuse("A22")
def test_only_what_was_secret_at_birth_is_revealed_or_kept(records: Records) -> None:
    for change in (confidentiality.reveal, confidentiality.keep_secret):
        with pytest.raises(Conflict):
            change(records.host, HOLDER, records.record, records.document)


@pytest.mark.abuse("A21", "A22")
@pytest.mark.parametrize("actor", [PARENT, CARER, DOCTOR, LAB])
def test_nobody_reveals_for_the_minor(records: Records, actor: Actor) -> None:
    document = records.deposit(SECRET)
    with pytest.raises((NotFound, AccessDenied)):
        confidentiality.reveal(records.host, actor, records.record, document)
    assert not sees(records, PARENT, document)


@pytest.mark.abuse("A28")
def test_the_holder_is_told_after_two_weeks_and_sees_it_after_a_month(records: Records) -> None:
    document = records.deposit(WITHHELD)
    born = records.host.clock.now().isoformat()
    drained(records.host)
    assert told(records.host, "Une information vous attend") == 0
    assert not sees(records, HOLDER, document)
    assert sees(records, DOCTOR, document)
    night(records.host, 14)
    assert told(records.host, "Une information vous attend") == 0
    night(records.host, 1)
    assert told(records.host, "Une information vous attend") == 1
    night(records.host, 5)
    assert told(records.host, "Une information vous attend") == 1
    seen = over("announcement_seen", born)
    records.at(seen, timedelta(seconds=-1))
    assert not sees(records, HOLDER, document)
    assert not sees(records, PARENT, document)
    records.at(seen)
    assert sees(records, HOLDER, document)
    assert sees(records, PARENT, document)


@pytest.mark.abuse("A28")
def test_a_withheld_deposit_is_not_told_as_a_novelty_before_its_announcement(records: Records) -> None:
    drained(records.host)
    before = len(records.host.mail.sent)
    document = records.deposit(WITHHELD)
    drained(records.host)
    assert len(records.host.mail.sent) == before
    confidentiality.announce(records.host, LAB, records.record, document)
    confidentiality.announce(records.host, LAB, records.record, document)
    drained(records.host)
    assert len(records.host.mail.sent) == before + 1
    assert sees(records, HOLDER, document)
    night(records.host, 16)
    assert told(records.host, "Une information vous attend") == 0


@pytest.mark.abuse("A28")
def test_only_the_author_announces(records: Records) -> None:
    document = records.deposit(WITHHELD)
    colleague = replace(LAB, id="pro:899700000000")
    for actor in (HOLDER, PARENT, DOCTOR, colleague, replace(LAB, organisation="org:other")):
        with pytest.raises((NotFound, AccessDenied)):
            confidentiality.announce(records.host, actor, records.record, document)
    with pytest.raises(Conflict):
        confidentiality.announce(records.host, LAB, records.record, records.document)
    assert not sees(records, HOLDER, document)


@pytest.mark.abuse("A28")
def test_a_replacement_starts_no_clock_again_and_lifts_no_secret(records: Records) -> None:
    from chalicelib.vault.intake import settle

    document = records.deposit(WITHHELD, SECRET)
    first = reading.read(records.host, DOCTOR, records.record, document).document
    records.host.clock.advance(timedelta(days=10))
    next_one = draft(b"better")
    replacing.replace(records.host, Filing(LAB, records.record, next_one), document, b"better", None, QUOTAS)
    settle(records.host, records.record, document, 2, accept)
    second = reading.read(records.host, DOCTOR, records.record, document).document
    assert (second.version, second.withheld, second.secret) == (2, first.withheld, True)
    other = Filing(LAB, records.record, draft(b"other", MASKED))
    with pytest.raises(Invalid):
        replacing.replace(records.host, other, document, b"other", None, QUOTAS)


def test_a_deleted_or_announced_document_is_not_told(records: Records) -> None:
    document = records.deposit(WITHHELD)
    drained(records.host)
    changes.delete(records.host, LAB, records.record, document, None)
    night(records.host, 16)
    assert told(records.host, "Une information vous attend") == 0


def test_the_day_of_an_announcement_is_taken_off_when_it_is_told(records: Records) -> None:
    records.deposit(WITHHELD)
    drained(records.host)
    assert any("#announce#" in sk for _, sk in records.host.rows.everything())
    night(records.host, 16)
    assert not any("#announce#" in sk for _, sk in records.host.rows.everything())


@pytest.mark.abuse("A15")
def test_professionals_are_warned_of_who_must_not_learn_and_of_no_restriction(records: Records) -> None:
    secret, withheld, masked = records.deposit(SECRET), records.deposit(WITHHELD), records.deposit(MASKED)
    records.choose(lambda c: replace(c, designated=frozenset({DOCTOR.id})))

    def shown(actor: Actor, document: str) -> tuple[bool | None, tuple[str, ...]]:
        found = reading.read(records.host, actor, records.record, document)
        return found.hidden, found.unseen_by

    assert shown(DOCTOR, secret) == (None, ("representatives",))
    assert shown(DOCTOR, withheld) == (None, ("holder", "representatives"))
    assert shown(DOCTOR, masked) == (None, ())
    assert shown(LAB, masked) == (True, ())
    assert shown(HOLDER, masked) == (True, ())
    assert shown(PARENT, masked) == (True, ())
    assert shown(CARER, masked) == (None, ())
    assert shown(HOLDER, secret) == (False, ())


def test_a_category_that_the_holder_refuses_is_not_deposited(records: Records) -> None:
    records.choose(lambda c: replace(c, refused=frozenset({"cat:BIOLOGIE"})))
    with pytest.raises(AccessDenied):
        records.deposit()
    records.choose(lambda c: replace(c, refused=frozenset({"cat:RADIO_SC"})))
    assert records.deposit()


def test_hiding_and_showing_count_against_a_discreet_category(records: Records) -> None:
    records.choose(lambda c: replace(c, discreet=frozenset({"BIOLOGIE"})))
    document = records.document
    assert not sees(records, DOCTOR, document)
    changes.show(records.host, HOLDER, records.record, document)
    assert sees(records, DOCTOR, document)
    changes.hide(records.host, HOLDER, records.record, document)
    assert not sees(records, DOCTOR, document)


def test_a_limit_by_period_counts_days_of_care(records: Records) -> None:
    from chalicelib.access.choices import Limit

    day = (records.host.clock.now() + timedelta(days=1)).date().isoformat()
    records.choose(lambda c: replace(c, limits={DOCTOR.id: Limit(since=day)}))
    assert not sees(records, DOCTOR, records.document)
    records.choose(lambda c: replace(c, limits={DOCTOR.id: Limit(until=day)}))
    assert sees(records, DOCTOR, records.document)


@pytest.mark.abuse("A04")
def test_a_secret_or_withheld_document_opens_no_category(records: Records) -> None:
    records.choose(lambda c: replace(c, allowed=c.allowed | {PHYSIO.id}))
    for code in (SECRET, WITHHELD):
        assert not sees(records, PHYSIO, records.deposit(code))
    with suppress(NotFound):
        consult(records.host, PARENT, records.record, records.document)


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("codes", [[SECRET], [SECRET, WITHHELD], [SECRET, MASKED]])
def test_no_mail_says_that_there_is_a_secret(records: Records, codes: list[str]) -> None:
    records.choose(lambda c: replace(c, told=frozenset({"accesses"})))
    drained(records.host)
    night(records.host)  # what prevention has to say is said
    mails = len(records.host.mail.sent)
    document = records.deposit(*codes)
    if MASKED not in codes:
        consult(records.host, DOCTOR, records.record, document)
    drained(records.host)
    night(records.host, 16)
    if WITHHELD in codes:
        confidentiality.announce(records.host, LAB, records.record, document)
    changes.hide(records.host, HOLDER, records.record, document)
    drained(records.host)
    assert len(records.host.mail.sent) == mails


@pytest.mark.abuse("A28")
def test_no_mail_says_that_a_document_was_read_before_its_announcement(records: Records) -> None:
    records.choose(lambda c: replace(c, told=frozenset({"accesses"})))
    drained(records.host)
    night(records.host)
    document, mails = records.deposit(WITHHELD), records.host.mail.sent

    def told() -> int:
        before = len(mails)
        consult(records.host, DOCTOR, records.record, document)
        drained(records.host)
        night(records.host)
        return len(mails) - before

    assert told() == 0
    confidentiality.announce(records.host, LAB, records.record, document)
    drained(records.host)
    assert told() == 1


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("who", [PARENT, CARER])
def test_no_read_id_tells_who_acts_for_a_minor_that_something_was_decided_in_secret(
    records: Records, who: Actor
) -> None:
    shown, ticket = records.document, consult(records.host, who, records.record, records.document).read_id
    secret = records.deposit(SECRET, MASKED)
    changes.show(records.host, HOLDER, records.record, secret)
    assert consult(records.host, who, records.record, shown, ticket=ticket).read_id == ticket
    changes.delete(records.host, LAB, records.record, shown, None)
    with pytest.raises(NotFound):
        consult(records.host, who, records.record, shown, ticket=ticket)
