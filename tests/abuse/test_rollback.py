"""Older valid versions put back in the place of newer ones: refused where facts or choices know better (abuse C03)."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.flush import flush
from chalicelib.consent import actions as consent
from chalicelib.kernel.errors import Broken
from chalicelib.reminders import slots
from chalicelib.reminders.actions import arm
from chalicelib.vault import changes, reading
from chalicelib.vault.consult import consult
from chalicelib.vault.model import blob_name, head_sort
from tests import people

from .vaults import DOCUMENTS, RECORDS, Shelf, Vault, drain

pytestmark = pytest.mark.abuse("C03")
NEXT = b"the next version"


class Aged:
    """A vault before (`old`) and after everything in it was replaced and decided anew."""

    def __init__(self) -> None:
        self.vault = Vault()
        self.old_rows, self.old_blobs = self.vault.rows, self.vault.blobs
        for shelf in self.vault.shelves:
            for number in range(DOCUMENTS):
                self.vault.replace(shelf, number, NEXT + f" {number}".encode())
            changes.hide(self.vault.host, people.HOLDER, shelf.record, shelf.documents[0])
            consent.block(self.vault.host, people.HOLDER, shelf.record, people.DOCTOR.id)
        self.vault.rows, self.vault.blobs = self.vault._rows._rows.copy(), dict(self.vault._blobs._blobs)

    def name(self, rows: dict[Any, Any], shelf: Shelf, number: int) -> str:
        attempt = rows[shelf.pk, head_sort(shelf.documents[number])]["attempt"]
        return blob_name(shelf.record, shelf.documents[number], attempt, 1)


@pytest.fixture(scope="module")
def aged() -> Aged:
    return Aged()


def each(aged: Aged) -> list[tuple[Shelf, int]]:
    return [(shelf, number) for shelf in aged.vault.shelves for number in range(DOCUMENTS)]


def broken(attempt: Callable[..., object], *arguments: object) -> None:
    with pytest.raises(Broken):
        attempt(*arguments)


def test_an_older_document_row_is_read_consulted_and_listed_by_nobody(aged: Aged) -> None:
    host = aged.vault.host
    for shelf, number in each(aged):
        key, document = (shelf.pk, head_sort(shelf.documents[number])), shelf.documents[number]
        with aged.vault.tampered(lambda rows, _blobs, at=key: rows.__setitem__(at, aged.old_rows[at])):
            broken(reading.read, host, people.HOLDER, shelf.record, document)
            broken(consult, host, people.LAB, shelf.record, document)
            broken(reading.listing, host, people.HOLDER, shelf.record, reading.Filter())


def test_an_older_object_under_the_newer_name_does_not_open(aged: Aged) -> None:
    for shelf, number in each(aged):
        old, new = aged.name(aged.old_rows, shelf, number), aged.name(aged.vault.rows, shelf, number)
        with aged.vault.tampered(lambda _rows, blobs, here=new, there=old: blobs.__setitem__(here, blobs[there])):
            broken(consult, aged.vault.host, people.LAB, shelf.record, shelf.documents[number])


def test_older_choices_in_the_place_of_newer_ones_do_not_open(aged: Aged) -> None:
    tried = 0
    for shelf in aged.vault.shelves:
        *older, newest = aged.vault.sorts(shelf, "8choices#")
        for key in older:
            tried += 1
            older_one = {**aged.vault.rows[newest], "body": aged.vault.rows[key]["body"]}
            with aged.vault.tampered(lambda rows, _blobs, at=newest, row=older_one: rows.__setitem__(at, row)):
                broken(consent.read, aged.vault.host, people.HOLDER, shelf.record)
    assert tried > RECORDS


def test_an_agenda_from_before_the_reminder_sends_it_no_second_time(aged: Aged) -> None:
    host = aged.vault.host
    sent = host.mail.sent  # type: ignore[attr-defined]
    before = len(sent)
    assert before > RECORDS
    for shelf in aged.vault.shelves:
        with aged.vault.tampered(lambda rows, _blobs, at=(shelf.pk, "7due"): rows.pop(at)):
            arm(host, shelf.record)
            slots.again(host)
            drain(host)
    assert len(sent) == before


def test_older_facts_cannot_be_flushed_over_the_journal_that_was_written_since(aged: Aged) -> None:
    for shelf in aged.vault.shelves:
        key = facts_key(shelf.record)
        with aged.vault.tampered(lambda rows, _blobs, at=key: rows.__setitem__(at, aged.old_rows[at])):
            broken(_flush, aged, shelf)


def _flush(aged: Aged, shelf: Shelf) -> None:
    host, key = aged.vault.host, facts_key(shelf.record)
    consent.read(host, people.HOLDER, shelf.record)
    flush(host, facts_of(shelf.record, host.rows.get([key])[key]))
