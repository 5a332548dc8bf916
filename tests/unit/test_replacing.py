"""Replacing documents: retries of a version that failed the checks."""

from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

import pytest

from chalicelib.history import actions as history
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.host import Host
from chalicelib.vault import actions, replacing
from chalicelib.vault.expiry import expire
from chalicelib.vault.intake import settle
from chalicelib.vault.model import SECRET, WITHHELD, Draft, Filing
from tests.cutting import Killed, cut, dies
from tests.intake.system import QUOTAS, Vault
from tests.people import HOLDER, LAB

from .confidential import PARENT, accept, draft, with_helpers

BAD, GOOD = b"<html><script>alert(1)</script>", b"better words"


def filing(vault: Vault, content: bytes) -> Filing:
    digest = sha256(content).hexdigest()
    draft = Draft(
        type="11502-2", title="t", media="text/plain", size=len(content), sha256=digest, unique_id=digest[:40]
    )
    return Filing(LAB, vault.record, draft)


class Overtaken:
    """Rows in which another retry wins just before the next version is written again."""

    def __init__(self, rows, vault, document):
        self._rows, self._vault, self._document, self.armed = rows, vault, document, False

    def __getattr__(self, name):
        return getattr(self._rows, name)

    def put(self, row, when=None):
        if self.armed and str(row["sk"]).startswith("3ver#") and when is not None and when.equals:
            self.armed = False
            other = GOOD + b" of another"
            replacing.replace(self._vault.host, filing(self._vault, other), self._document, other, None, QUOTAS)
        return self._rows.put(row, when) if when is not None else self._rows.put(row)


def test_two_retries_of_a_quarantined_version_at_once_are_a_conflict_for_the_slower_one():
    vault = Vault()
    kept = vault.deposit(b"first words", "text/plain", "t")
    replaced = replacing.replace(vault.host, filing(vault, BAD), kept.id, BAD, None, QUOTAS)
    settle(vault.host, vault.record, kept.id, replaced.version)
    plain = vault.host
    slow = Overtaken(plain.rows, Vault.__new__(Vault), kept.id)
    slow._vault.host, slow._vault.record = plain, vault.record
    slow.armed = True
    parts = {
        name: getattr(plain, name) for name in ("blobs", "keys", "queue", "mail", "sms", "push", "scanner", "clock")
    }
    with pytest.raises(Conflict):
        replacing.replace(Host(rows=slow, **parts), filing(vault, GOOD), kept.id, GOOD, None, QUOTAS)


def test_a_quarantined_replacement_leaves_the_current_version_and_may_be_retried():
    vault = Vault(memory_host())
    kept = vault.deposit(b"first words", "text/plain", "t")
    bad = replacing.replace(vault.host, filing(vault, BAD), kept.id, BAD, None, QUOTAS)
    settle(vault.host, vault.record, kept.id, bad.version)
    assert vault.read(kept) == b"first words"
    good = replacing.replace(vault.host, filing(vault, GOOD), kept.id, GOOD, None, QUOTAS)
    settle(vault.host, vault.record, kept.id, good.version)
    assert vault.read(good) == GOOD


def calls() -> list[str]:
    """Return the store calls of one replacement, in order."""
    vault, seen = Vault(), list[str]()
    kept = vault.deposit(b"first words", "text/plain", "t")
    replacing.replace(cut(vault.host, seen, None), filing(vault, GOOD), kept.id, GOOD, None, QUOTAS)
    return seen


@pytest.mark.abuse("Q01")
@pytest.mark.parametrize("act", [lambda: None, dies], ids=["is refused", "is killed"])
@pytest.mark.parametrize("place", range(len(calls())))
def test_who_was_overtaken_by_another_replacement_may_file_theirs_once_that_is_settled(place, act):
    vault = Vault()
    kept, other = vault.deposit(b"first words", "text/plain", "t"), b"other words"
    plain = vault.host

    def overtake():
        with suppress(Conflict):
            replacing.replace(plain, filing(vault, other), kept.id, other, None, QUOTAS)
            settle(plain, vault.record, kept.id, 2)
        act()

    with suppress(Conflict, Killed):
        slow = cut(plain, [], (place, "before"), overtake)
        replacing.replace(slow, filing(vault, GOOD), kept.id, GOOD, None, QUOTAS)
    settle(plain, vault.record, kept.id, 2)
    for version in (2, 3, 3):
        replacing.replace(plain, filing(vault, GOOD), kept.id, GOOD, None, QUOTAS)
        settle(plain, vault.record, kept.id, version)
    assert vault.read(kept, stop=len(GOOD)) == GOOD
    replacing.replace(plain, filing(vault, b"last words"), kept.id, b"last words", None, QUOTAS)
    for version in (3, 4):
        settle(plain, vault.record, kept.id, version)
    with pytest.raises(Conflict):  # a late copy brings nothing back
        replacing.replace(plain, filing(vault, GOOD), kept.id, GOOD, None, QUOTAS)
    plain.clock.advance(timedelta(hours=2))
    expire(plain)
    current = actions.existing(plain, LAB, vault.record, kept.id)
    left = len(list(plain.blobs.list(f"{vault.record}/{kept.id}/"))) - current.version
    assert left == 0 or act is dies  # the bytes of who was refused go


@pytest.mark.abuse("A21")
@pytest.mark.parametrize(("code", "who"), [(SECRET, PARENT), (WITHHELD, HOLDER)])
@pytest.mark.parametrize("how", ["under another category", "filed as a deposit, too"])
def test_the_next_version_of_what_is_kept_back_is_told_by_no_entry_of_the_journal(code, who, how):
    records, content = with_helpers(), b"more words"
    document, said = records.deposit(code), draft(content)
    if how == "under another category":
        said = said.model_copy(update={"type": "34133-9"})
    following = Filing(LAB, records.record, said)
    replacing.replace(records.host, following, document, content, None, QUOTAS)
    settle(records.host, records.record, document, 2, accept)
    assert actions.deposit(records.host, following, content, QUOTAS).id == document
    told = history.history(records.host, who, records.record).entries
    assert [entry.action for entry in told if entry.about == document] == []


@pytest.mark.parametrize("place", range(len(calls())))
def test_a_replacement_that_intake_accepts_before_it_is_answered_is_told_as_filed(place):
    vault = Vault()
    kept = vault.deposit(b"first words", "text/plain", "t")
    early = cut(vault.host, [], (place, "before"), lambda: settle(vault.host, vault.record, kept.id, 2))
    assert replacing.replace(early, filing(vault, GOOD), kept.id, GOOD, None, QUOTAS).version == 2
    settle(vault.host, vault.record, kept.id, 2)
    assert vault.read(kept, stop=len(GOOD)) == GOOD
