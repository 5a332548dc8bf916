"""Queue messages that nobody here sent: they say where to look, and nothing more (abuse C04, Q01)."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from chalicelib import jobs
from chalicelib.vault.model import head_sort

from .vaults import LETTERHEAD, Vault, accept

pytestmark = pytest.mark.abuse("C04")
NUMBERS, TEXTS = (True, -1, 0, 1.5, 10**30), ("", "1", "x" * 5000, "r#x", "0facts", "#", "\0")
GARBAGE: tuple[Any, ...] = (None, [], {}, ["a"], {"a": 1}, *NUMBERS, *TEXTS)


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault(3, 3)


def bodies(vault: Vault) -> Iterator[dict[str, Any]]:
    """Iterate over messages for intake: everything mixed, twisted and left out."""
    records = [shelf.record for shelf in vault.shelves] + ["a" * 26]
    documents = [name for shelf in vault.shelves for name in shelf.documents] + ["b" * 26]
    for record, document, version in product(records, documents, (0, 1, 2, 99)):
        yield {"record": record, "document": document, "version": version}
    good = {"record": records[0], "document": documents[0], "version": 1}
    for name, value in product(good, GARBAGE):
        yield {**good, name: value}
    for name in good:
        yield {other: value for other, value in good.items() if other != name}


def sealed_rows(vault: Vault) -> dict[Any, Any]:
    """Return what a message might have changed: all but refusals and the count of them."""
    found = vault._rows._rows.items()
    return {key: dict(row) for key, row in found if not key[0].startswith(("x#", "a#"))}


def unharmed(vault: Vault, work: Callable[[Mapping[str, Any]], None], body: Mapping[str, Any]) -> bool:
    with vault.tampered(lambda _rows, _blobs: None):
        before = sealed_rows(vault)
        with contextlib.suppress(Exception):  # whatever it is, the edge counts the message as failed
            work(body)
        return sealed_rows(vault) == before


def test_forged_intake_messages_change_nothing(vault: Vault, record_property: Callable[..., None]) -> None:
    work = jobs.intake(vault.host, accept)
    forged = list(bodies(vault))
    harmful = [body for body in forged if not unharmed(vault, work, body)]
    record_property("figure", f"forged messages: {len(forged)}, {len(harmful)} with an effect")
    assert not harmful


def test_a_message_about_another_records_document_opens_nothing_of_it(vault: Vault) -> None:
    mine, theirs = vault.shelves[:2]
    moved = (mine.pk, head_sort(theirs.documents[0]))
    row = {**vault.rows[theirs.pk, moved[1]], "pk": mine.pk, "state": "received"}
    body = {"record": mine.record, "document": theirs.documents[0], "version": 1}
    with vault.tampered(lambda rows, _blobs: rows.__setitem__(moved, row)):
        before = sealed_rows(vault)
        with pytest.raises(Exception, match="integrity"):
            jobs.intake(vault.host, accept)(body)
        assert sealed_rows(vault) == before


@pytest.mark.abuse("Q01")
@pytest.mark.parametrize("event", ["new-document", "reminder", "another", "", None, 5])
@pytest.mark.parametrize("name", ["x", "../x", "\r\nBcc: a@example.org", "", None, 5])
def test_a_forged_notice_is_at_most_the_fixed_text(vault: Vault, event: Any, name: Any) -> None:
    sent = vault.host.mail.sent  # type: ignore[attr-defined]
    texts = {message.get_content() for message in sent}
    known, work = len(sent), jobs.notices(vault.host, LETTERHEAD)
    unharmed(vault, work, {"record": vault.shelves[0].record, "event": event, "name": name})
    for message in sent[known:]:
        assert message.get_content() in texts
        assert message["Bcc"] is None
        assert "\n" not in message["Message-ID"]


@pytest.mark.parametrize("job", ["arm", "remind", "another", None, 5])
def test_a_forged_reminder_sends_no_mail(vault: Vault, job: Any) -> None:
    sent = len(vault.host.mail.sent)  # type: ignore[attr-defined]
    for record in (vault.shelves[0].record, "a" * 26, None, 5, ""):
        unharmed(vault, jobs.reminders(vault.host, LETTERHEAD), {"record": record, "job": job})
    assert len(vault.host.mail.sent) == sent  # type: ignore[attr-defined]
