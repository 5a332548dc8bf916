"""What must not be kept for ever: abandoned uploads and quarantined files."""

from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.kernel.errors import Conflict
from chalicelib.vault import actions, upload
from chalicelib.vault.model import Draft, Filing
from tests.intake.system import QUOTAS, Vault
from tests.people import LAB


def nights(vault: Vault, count: int) -> None:
    for _ in range(count):
        vault.host.clock.advance(timedelta(days=1))
        jobs.night(vault.host)


def blobs(vault: Vault, document: str) -> int:
    return len(list(vault.host.blobs.list(f"{vault.record}/{document}/")))


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
    nights(vault, 8)
    assert blobs(vault, begun.id) == 0


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
