"""The journal as its readers see it: filters, pages, on whose behalf, and nothing of what is kept from them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.choices import Limit
from chalicelib.access.decide import laws
from chalicelib.access.journal import Entry
from chalicelib.access.rules import ACTIONS, load_rules
from chalicelib.consent import actions as consent
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.history import actions as history
from chalicelib.history.model import GROUPS, Wanted, group_of, on_behalf_of
from chalicelib.kernel.errors import AccessDenied, CarnetError, Invalid
from chalicelib.vault import changes, confidentiality, reading
from chalicelib.vault.consult import consult
from chalicelib.vault.formats import WHYS
from chalicelib.vault.model import MASKED, SECRET, WITHHELD
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO

from .confidential import PARENT, Records, with_helpers

PHYSICIAN = replace(DOCTOR, id="pro:810000000021", organisation="org:1750100140", name="Lou TRAITANT")
ABSENT = "a2b3c4d5e6f7a2b3c4d5e6f7a2"


@pytest.fixture
def records() -> Records:
    found = with_helpers()
    found.choose(lambda c: replace(c, physician=PHYSICIAN.id))
    return found


def read(records: Records, who: Actor = HOLDER, /, **wanted: object) -> list[Entry]:
    """Return all pages."""
    found, cursor = [], ""
    while True:
        page = history.history(records.host, who, records.record, Wanted(**wanted), cursor)
        found += page.entries
        cursor = page.cursor
        if not cursor:
            return found


def abouts(entries: list[Entry]) -> set[str]:
    return {entry.about for entry in entries}


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("code", [SECRET, WITHHELD])
def test_a_representative_reads_nothing_about_what_is_kept_back(records: Records, code: str) -> None:
    document = records.deposit(code)
    consult(records.host, DOCTOR, records.record, document)
    for actor in (PHYSIO, PARENT):
        with suppress(CarnetError):
            consult(records.host, actor, records.record, document)
    others = [entry for entry in read(records, PARENT) if entry.actor != PARENT.id]
    assert document not in abouts(others)
    assert abouts(read(records, PARENT, document=document)) <= {document}
    assert (document in abouts(read(records, HOLDER))) == (code == SECRET)


@pytest.mark.abuse("A21")
def test_ones_own_try_on_a_secret_reads_like_one_on_nothing(records: Records) -> None:
    secret = records.deposit(SECRET)
    for document in (secret, ABSENT):
        with suppress(CarnetError):
            reading.read(records.host, PARENT, records.record, document)
    own = {entry.about: entry for entry in read(records, PARENT, refused=True)}
    assert replace(own[secret], about="", at="", secret=False) == replace(own[ABSENT], about="", at="")


@pytest.mark.abuse("A21", "A22")
def test_once_revealed_its_past_is_read_too(records: Records) -> None:
    document = records.deposit(SECRET)
    assert document not in abouts(read(records, PARENT))
    confidentiality.reveal(records.host, HOLDER, records.record, document)
    assert document in abouts(read(records, PARENT))


@pytest.mark.abuse("A28")
def test_the_holder_reads_of_a_withheld_document_once_it_is_announced(records: Records) -> None:
    document = records.deposit(WITHHELD)
    assert document not in abouts(read(records))
    confidentiality.announce(records.host, LAB, records.record, document)
    assert document in abouts(read(records))


@pytest.mark.abuse("A01")
def test_the_treating_physician_reads_of_no_hidden_document_and_of_no_decision(records: Records) -> None:
    hidden = records.deposit(MASKED)
    changes.hide(records.host, HOLDER, records.record, records.hidden)
    consent.block(records.host, HOLDER, records.record, PHYSIO.id)
    with suppress(AccessDenied):
        reading.listing(records.host, PHYSIO, records.record, reading.Filter())
    consult(records.host, LAB, records.record, hidden)
    consult(records.host, DOCTOR, records.record, records.document)
    found = read(records, PHYSICIAN)
    assert not abouts(found) & {hidden, records.hidden}
    assert records.document in abouts(found)
    assert {entry.effect for entry in found} == {"allow"}
    assert {group_of(entry.action) for entry in found} <= {"access", "documents", "care", "emergency"}


@pytest.mark.abuse("A01")
def test_a_masked_document_leaves_the_physicians_history_as_if_it_were_not_there() -> None:
    def seen(*codes: str) -> list[tuple[str, str]]:
        records = Records()
        records.choose(lambda c: replace(c, physician=PHYSICIAN.id))
        if codes:
            document = records.deposit(*codes)
            for actor in (HOLDER, LAB):
                consult(records.host, actor, records.record, document)
            changes.show(records.host, HOLDER, records.record, document)
            changes.hide(records.host, HOLDER, records.record, document)
        return [(entry.action, entry.actor) for entry in read(records, PHYSICIAN)]

    assert seen(MASKED) == seen()


def test_other_professionals_read_no_history(records: Records) -> None:
    for actor in (DOCTOR, LAB, PHYSIO):
        with pytest.raises(AccessDenied):
            read(records, actor)


@pytest.mark.abuse("A21")
def test_pages_are_full_whatever_is_left_out(records: Records) -> None:
    secret = records.deposit(SECRET)
    for number in range(100):
        consult(records.host, DOCTOR, records.record, records.document if number % 2 else secret)
        consult(records.host, HOLDER, records.record, secret)
    first = history.history(records.host, PARENT, records.record)
    assert len(first.entries) == history.PAGE
    assert secret not in abouts(list(first.entries))
    second = history.history(records.host, PARENT, records.record, cursor=first.cursor)
    assert second.cursor == ""
    whole = [*first.entries, *second.entries]
    assert len({(one.at, one.action, one.about, one.actor) for one in whole}) <= len(whole)
    assert sum(one.about == records.document and one.actor == DOCTOR.id for one in whole) == 50


@pytest.mark.abuse("A21")
def test_a_cursor_counts_nothing_and_serves_nobody_else(records: Records) -> None:
    for _ in range(60):
        consult(records.host, HOLDER, records.record, records.document)
    one, two = (history.history(records.host, HOLDER, records.record).cursor for _ in range(2))
    assert one != two
    assert len(one) == len(two) == 48
    for actor, cursor in ((PARENT, one), (HOLDER, "A" * 48), (HOLDER, one[:-1] + "é")):
        with pytest.raises(Invalid):
            history.history(records.host, actor, records.record, cursor=cursor)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({"actor": DOCTOR.id}, lambda e: e.actor == DOCTOR.id),
        ({"actor": LAB.organisation}, lambda e: e.organisation == LAB.organisation),
        ({"groups": frozenset({"documents"})}, lambda e: group_of(e.action) == "documents"),
        ({"refused": True}, lambda e: e.effect == "deny"),
        ({"refused": False}, lambda e: e.effect == "allow"),
    ],
)
def test_a_filter_gives_all_that_fits_and_nothing_else(
    records: Records, wanted: dict[str, object], fits: Callable[[Entry], bool]
) -> None:
    consult(records.host, DOCTOR, records.record, records.document)
    with suppress(CarnetError):
        consult(records.host, PHYSIO, records.record, records.document)
    whole = [entry for entry in read(records) if entry.action != "history:read"]
    found = [entry for entry in read(records, **wanted) if entry.action != "history:read"]
    assert found == [entry for entry in whole if fits(entry)]
    assert 0 < len(found) < len(whole)


def test_a_period_and_a_document_are_looked_for(records: Records) -> None:
    today: date = records.host.clock.now().date()
    records.host.clock.advance(timedelta(days=2))
    consult(records.host, DOCTOR, records.record, records.document)
    later = read(records, since=today + timedelta(days=1), document=records.document)
    assert [entry.actor for entry in later] == [DOCTOR.id]
    assert DOCTOR.id not in {entry.actor for entry in read(records, until=today)}


def test_the_journal_says_on_whose_behalf(records: Records) -> None:
    consult(records.host, PARENT, records.record, records.document)
    consult(records.host, HOLDER, records.record, records.document)
    found = {entry.actor: on_behalf_of(entry) for entry in read(records) if entry.action == "document:consult"}
    assert found == {PARENT.id: "holder", HOLDER.id: ""}


@pytest.mark.abuse("A21", "A15")
def test_the_words_of_an_emergency_are_for_the_holder_alone(records: Records) -> None:
    text = "Grossesse avec perte de connaissance dans la rue"
    urgent = replace(DOCTOR, id="pro:810000000022", organisation="org:1750100141")
    emergency.open_(records.host, urgent, records.record, Reason("UNCONSCIOUS", text))
    told = {
        actor.id: [e.detail.get("text", "") for e in read(records, actor) if e.action == "emergency:open"]
        for actor in (HOLDER, PARENT, PHYSICIAN)
    }
    assert told == {HOLDER.id: [text], PARENT.id: [""], PHYSICIAN.id: [""]}


def test_every_action_has_its_group_and_every_reason_its_words() -> None:
    assert {action for action in ACTIONS if action not in GROUPS and action.partition(":")[0] not in GROUPS} == set()
    rules = load_rules(Path("policies/access_rules.csv").read_text(encoding="utf-8").splitlines())
    assert {rule.decision.reason for rule in rules} | {"NO_RULE", "NOT_FOUND"} <= set(WHYS)
    assert {rule.decision.rule: rule.decision.law for rule in rules}.items() <= laws().items()


@pytest.mark.abuse("A21")
def test_the_choices_name_no_document_that_the_reader_does_not_see(records: Records) -> None:
    secret, withheld = records.deposit(SECRET, MASKED), records.deposit(WITHHELD, MASKED)
    changes.hide(records.host, HOLDER, records.record, records.hidden)
    assert consent.read(records.host, PARENT, records.record).choices.hidden == {records.hidden}
    assert consent.read(records.host, HOLDER, records.record).choices.hidden == {records.hidden, secret}
    confidentiality.announce(records.host, LAB, records.record, withheld)
    assert withheld in consent.read(records.host, HOLDER, records.record).choices.hidden


@pytest.mark.abuse("A21")
def test_no_part_of_the_choices_names_what_the_reader_does_not_see(records: Records) -> None:
    secret = records.deposit(SECRET)
    named = frozenset({secret, records.document})
    limits = {DOCTOR.id: Limit(documents=named)}
    records.choose(lambda c: replace(c, hidden=named, shown=named, announced=named, disowned=c.disowned, limits=limits))
    assert secret not in consent.read(records.host, PARENT, records.record).choices.dump().decode()
    assert secret in consent.read(records.host, HOLDER, records.record).choices.dump().decode()
