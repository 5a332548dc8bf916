"""What must not be kept for ever: abandoned uploads and quarantined files."""

from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.facts import partition
from chalicelib.access.work import expiry_shard
from chalicelib.kernel.errors import AccessDenied, Conflict
from chalicelib.kernel.ports import Change
from chalicelib.vault import actions, changes, replacing, upload
from chalicelib.vault.consult import consult
from chalicelib.vault.expiry import expire
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.intake import settle
from chalicelib.vault.model import Draft, Filing, head_sort
from tests.cutting import cut, each_call
from tests.intake.system import QUOTAS, Vault
from tests.people import DOCTOR, LAB

from .confidential import accept, draft

MEANT, OTHERS, BETTER = b"my own page", b"their page!", b"words that are better"


def nights(vault: Vault, count: int) -> None:
    for _ in range(count):
        vault.host.clock.advance(timedelta(days=1))
        jobs.night(vault.host)


def blobs(vault: Vault, document: str) -> int:
    return len(list(vault.host.blobs.list(f"{vault.record}/{document}/")))


def fails(vault: Vault, filing: Filing) -> str:
    """Send a page of somebody else as the only part; return the document, which is quarantined."""
    begun = actions.begin(vault.host, filing, QUOTAS)
    upload.put(vault.host, LAB, vault.record, begun.id, 1, OTHERS)
    upload.complete(vault.host, LAB, vault.record, begun.id)
    settle(vault.host, vault.record, begun.id, 1, accept)
    return begun.id


def test_the_bytes_of_a_quarantined_file_are_deleted_after_seven_days_and_the_reason_stays():
    vault = Vault()
    kept = vault.deposit(b"<html><script>alert(1)</script>", "application/pdf", "no pdf")
    nights(vault, 6)
    assert blobs(vault, kept.id) == 1
    nights(vault, 2)
    assert blobs(vault, kept.id) == 0
    after = actions.existing(vault.host, LAB, vault.record, kept.id)
    assert (after.state, after.reason) == ("quarantined", kept.reason)


def test_an_abandoned_upload_takes_no_part_any_more_and_then_its_parts_are_deleted():
    vault = Vault()
    draft = Draft(type="11502-2", title="t", media="application/pdf", size=5_000_000, sha256="1" * 64, unique_id="u")
    begun = actions.begin(vault.host, Filing(LAB, vault.record, draft), QUOTAS)
    upload.put(vault.host, LAB, vault.record, begun.id, 1, bytes(4 * 1024 * 1024))
    nights(vault, 8)
    assert actions.existing(vault.host, LAB, vault.record, begun.id).reason == "ABANDONED"
    with pytest.raises(Conflict):
        upload.put(vault.host, LAB, vault.record, begun.id, 1, bytes(4 * 1024 * 1024))
    nights(vault, 1)  # policies/retention.csv: seven days from the first part
    assert blobs(vault, begun.id) == 0


@pytest.mark.parametrize("again", [False, True], ids=["sent once", "sent again after it failed"])
def test_the_bytes_of_what_its_author_deleted_before_the_checks_are_not_kept(again):
    vault = Vault()
    filing = Filing(LAB, vault.record, draft(MEANT, unique="u"))
    if again:
        fails(vault, filing)
    filed = actions.deposit(vault.host, filing, MEANT, QUOTAS)
    changes.delete(vault.host, LAB, vault.record, filed.id, None)
    with pytest.raises(AccessDenied):
        settle(vault.host, vault.record, filed.id, 1, accept)
    nights(vault, 2)
    assert blobs(vault, filed.id) == 0


@pytest.mark.parametrize("how", ["begun", "filed"])
def test_bytes_that_were_never_checked_go_when_another_version_takes_their_place(how):
    vault = Vault()
    filing = Filing(LAB, vault.record, draft(MEANT, unique="u"))
    document = fails(vault, filing)
    replacing.replace(vault.host, Filing(LAB, vault.record, draft(BETTER)), document, BETTER, None, QUOTAS)
    if how == "begun":  # a late copy of the request, while the next version is checked
        actions.begin(vault.host, filing, QUOTAS)
        upload.put(vault.host, LAB, vault.record, document, 1, OTHERS)
    else:
        actions.deposit(vault.host, filing, MEANT, QUOTAS)
    settle(vault.host, vault.record, document, 2, accept)
    nights(vault, 2)
    assert blobs(vault, document) == 1
    assert consult(vault.host, DOCTOR, vault.record, document).data == BETTER


def succeeded() -> tuple[Vault, str]:
    """Return a first version that was sent again after it failed, while the next one waits for the checks."""
    vault = Vault()
    filing = Filing(LAB, vault.record, draft(MEANT, unique="u"))
    document = fails(vault, filing)
    replacing.replace(vault.host, Filing(LAB, vault.record, draft(BETTER)), document, BETTER, None, QUOTAS)
    actions.deposit(vault.host, filing, MEANT, QUOTAS)
    return vault, document


def calls() -> list[str]:
    """Return the store calls of the checks of the next version, in order."""
    (vault, document), made = succeeded(), list[str]()
    settle(cut(vault.host, made, None), vault.record, document, 2, accept)
    return made


@pytest.mark.parametrize("place", each_call(calls(), ["before"]), ids=str)
def test_a_version_that_its_successor_did_not_replace_after_all_keeps_its_bytes(place):
    vault, document = succeeded()

    def overtake():
        settle(vault.host, vault.record, document, 1, accept)

    settle(cut(vault.host, [], place, overtake), vault.record, document, 2, accept)
    settle(vault.host, vault.record, document, 2, lambda _, media: Verdict(False, "NOT_ACCEPTED", media))
    nights(vault, 9)
    assert consult(vault.host, DOCTOR, vault.record, document).data in (MEANT, BETTER)


def test_what_waits_for_the_checks_is_left_to_intake_whatever_a_row_says():
    vault = Vault()
    filed = actions.deposit(vault.host, Filing(LAB, vault.record, draft(MEANT)), MEANT, QUOTAS)
    marked = Change(set={"work": expiry_shard(vault.record), "since": "2020"})
    vault.host.rows.update((partition(vault.record), head_sort(filed.id)), marked)
    assert expire(vault.host) == 0
    settle(vault.host, vault.record, filed.id, 1, accept)
    assert consult(vault.host, DOCTOR, vault.record, filed.id).data == MEANT


def test_what_is_available_is_never_deleted():
    vault = Vault()
    kept = vault.deposit(b"some words", "text/plain", "words")
    nights(vault, 40)
    assert vault.read(kept) == b"some words"


def test_a_second_night_deletes_nothing_twice():
    vault = Vault()
    vault.deposit(b"<html><script>alert(1)</script>", "application/pdf", "no pdf")
    nights(vault, 8)
    assert jobs.night(vault.host)["expired"] == 0
