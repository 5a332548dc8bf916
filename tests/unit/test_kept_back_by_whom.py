"""Who helps decides for nobody who sees what; nobody is told of a document that is not there."""

import pytest

from chalicelib.access.actor import Actor
from chalicelib.access.choices import Choices
from chalicelib.access.gate import Ask, gate
from chalicelib.access.journal import open_entry
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.vault import actions, confidentiality
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.intake import settle
from chalicelib.vault.model import MASKED, WITHHELD, Filing
from tests.people import HOLDER, LAB
from tests.unit.confidential import CARER, PARENT, QUOTAS, Records, accept, draft, with_helpers


@pytest.fixture
def records() -> Records:
    return with_helpers()


def choices(records: Records) -> Choices:
    return gate(records.host, Ask(HOLDER, records.record, "choices:read")).choices


def test_a_carer_files_documents_and_hides_none_from_professionals(records: Records) -> None:
    before = choices(records)
    with pytest.raises(Invalid):
        records.deposit(MASKED, actor=CARER)
    with pytest.raises(Invalid):
        actions.begin(records.host, Filing(CARER, records.record, draft(b"in parts", MASKED)), QUOTAS)
    assert choices(records) == before
    assert records.deposit(actor=CARER)


@pytest.mark.parametrize("actor", [HOLDER, PARENT, LAB])
def test_who_decides_and_professionals_hide_what_they_file(records: Records, actor: Actor) -> None:
    assert records.deposit(MASKED, actor=actor) in choices(records).hidden


def told_of(records: Records) -> list[str]:
    """Return the actions of which the holder is told."""
    grant = gate(records.host, Ask(HOLDER, records.record, "choices:read"))
    entries = [open_entry(grant.policy_key, records.record, sealed) for sealed in grant.facts.entries]
    return [entry.action for entry in entries if "notify-holder" in entry.obligations]


def refuse(_content: bytes, media: str) -> Verdict:
    return Verdict(False, "MALWARE", media)


def uploading(records: Records) -> str:
    filing = Filing(LAB, records.record, draft(b"in parts", WITHHELD))
    return actions.begin(records.host, filing, QUOTAS).id


def received(records: Records) -> str:
    return records.deposit(WITHHELD, settled=False)


def quarantined(records: Records) -> str:
    document = received(records)
    settle(records.host, records.record, document, 1, refuse)
    return document


@pytest.mark.parametrize("there", [uploading, received, quarantined])
def test_what_has_not_passed_the_checks_is_not_announced_and_nobody_is_told_of_it(records: Records, there) -> None:
    document, before = there(records), told_of(records)
    with pytest.raises(Conflict):
        confidentiality.announce(records.host, LAB, records.record, document)
    assert told_of(records) == before
    assert choices(records).announced == frozenset()


def test_what_was_received_is_announced_once_it_has_passed_the_checks(records: Records) -> None:
    document = received(records)
    settle(records.host, records.record, document, 1, accept)
    for _ in range(2):
        confidentiality.announce(records.host, LAB, records.record, document)
    assert told_of(records).count("document:announce") == 1
    assert choices(records).announced == {document}
