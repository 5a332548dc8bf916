"""Both corpora through the whole vault: deposited, sealed, settled, consulted, or quarantined with a reason."""

import random
from collections import Counter
from hashlib import sha256

import pytest

from chalicelib.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.vault import actions, upload
from chalicelib.vault.model import Draft, Filing
from tests.intake.corpus import hostile_files, real_files
from tests.intake.system import QUOTAS, Vault
from tests.people import HOLDER, LAB

CLEAR_SAMPLE = 64


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault()


def test_the_corpus_is_wide_enough():
    files = real_files()
    media = Counter(file.media for file in files)
    assert len(files) >= 30
    assert len({file.producer for file in files}) >= 5
    assert min(media.values()) >= 3
    assert len(media) >= 7
    assert max(len(file.content) for file in files) > 10_000_000


@pytest.mark.abuse("T03")
def test_real_files_come_back_byte_for_byte_whole_and_by_ranges_and_lie_sealed(vault):
    chance = random.Random(2)
    for file in real_files():
        kept = vault.deposit(file.content, file.media, file.name)
        assert kept.state == "available", (file.name, kept.reason)
        assert vault.read(kept) == file.content
        for _ in range(3):
            start = chance.randrange(len(file.content))
            stop = chance.randint(start + 1, len(file.content))
            assert vault.read(kept, start, stop) == file.content[start:stop]
        middle = file.content[len(file.content) // 2 :][:CLEAR_SAMPLE]
        sealed = [
            vault.host.blobs.begin_get(blob.name).result()
            for blob in vault.host.blobs.list(f"{vault.record}/{kept.id}/")
        ]
        assert not any(middle in part for part in sealed)


@pytest.mark.parametrize("hostile", hostile_files()[::3], ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_quarantined_and_its_depositor_told_why(vault, hostile):
    if not hostile.reason or hostile.reason in ("EMPTY", "TOO_LARGE", "NOT_ACCEPTED", "MALWARE"):
        pytest.skip("refused before intake, or by the scanner: see the tests below")
    kept = vault.deposit(hostile.content, hostile.media, hostile.name)
    assert (kept.state, kept.reason) == ("quarantined", hostile.reason)
    with pytest.raises((NotFound, Conflict)):
        vault.read(kept)


@pytest.mark.abuse("U04")
@pytest.mark.parametrize(
    ("content", "said", "error"),
    [
        (b"a text of some length", {"sha256": "0" * 64}, Invalid),
        (b"a text of some length", {"size": 20}, Invalid),
        (b"a text of some length", {"size": 22}, Invalid),
        (b"", {"size": 0}, Invalid),
        (b"x", {"size": 20_000_001}, TooLarge),
    ],
)
def test_another_length_or_hash_than_said_is_refused_and_leaves_nothing(vault, content, said, error):
    before = {blob.name for blob in vault.host.blobs.list()}
    draft = Draft(
        **{
            "type": "11502-2",
            "title": "t",
            "media": "text/plain",
            "size": len(content),
            "sha256": sha256(content).hexdigest(),
            "unique_id": "u04",
        }
        | said
    )
    with pytest.raises(error):
        actions.deposit(vault.host, Filing(LAB, vault.record, draft), content, QUOTAS)
    assert {blob.name for blob in vault.host.blobs.list()} == before


@pytest.mark.abuse("U09")
def test_a_person_may_file_less_than_a_professional(vault):
    draft = Draft(type="11502-2", title="t", media="application/pdf", size=5_000_001, sha256="0" * 64, unique_id="u")
    with pytest.raises(TooLarge):
        actions.begin(vault.host, Filing(HOLDER, vault.record, draft), QUOTAS)
    assert actions.begin(vault.host, Filing(LAB, vault.record, draft), QUOTAS).state == "uploading"


def test_a_part_that_never_came_keeps_the_upload_open(vault):
    draft = Draft(type="11502-2", title="t", media="application/pdf", size=5_000_000, sha256="1" * 64, unique_id="open")
    begun = actions.begin(vault.host, Filing(LAB, vault.record, draft), QUOTAS)
    upload.put(vault.host, LAB, vault.record, begun.id, 2, bytes(5_000_000 - 4 * 1024 * 1024))
    with pytest.raises(Conflict):
        upload.complete(vault.host, LAB, vault.record, begun.id)


@pytest.mark.abuse("U05")
def test_what_the_scanner_finds_is_quarantined():
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    vault = Vault()
    kept = vault.deposit(eicar, "text/plain", "eicar")
    assert (kept.state, kept.reason) == ("quarantined", "MALWARE")
    with pytest.raises(NotFound):
        vault.read(kept)
