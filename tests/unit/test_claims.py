"""Claims of two requests that meet: the unique id decides which document both are about."""

import json
from datetime import timedelta

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.history import actions as history
from chalicelib.history.model import Wanted
from chalicelib.kernel.errors import AccessDenied
from chalicelib.vault import actions
from chalicelib.vault.consult import consult
from chalicelib.vault.expiry import expire
from chalicelib.vault.intake import settle
from chalicelib.vault.model import Filing
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Place, cut, each_call
from tests.people import HOLDER, LAB

from .confidential import QUOTAS, Records, accept, draft

CONTENT = b"the same report"


def filings(records: Records) -> list[Filing]:
    """Return one document as two tries of a client that makes a new key for each."""
    said = draft(CONTENT, unique="1.2.250.1.7")
    return [Filing(LAB, records.record, said, f"key-of-try-{number:04d}") for number in (1, 2)]


def calls() -> list[str]:
    """Return the store calls of one deposit, in order."""
    records, seen = Records(), list[str]()
    actions.deposit(cut(records.host, seen, None), filings(records)[0], CONTENT, QUOTAS)
    return seen


@pytest.mark.abuse("T05")
@pytest.mark.parametrize("place", each_call(calls(), ["before"]), ids=str)
@pytest.mark.parametrize("first", [0, 1])
def test_one_unique_id_is_one_document_whenever_a_try_with_another_key_overtakes_the_first(
    place: Place, first: int
) -> None:
    records = Records()
    tries = filings(records)
    plain = records.host

    def overtake() -> None:
        actions.deposit(plain, tries[1], CONTENT, QUOTAS)

    slow = actions.deposit(cut(plain, [], place, overtake), tries[0], CONTENT, QUOTAS)
    for one in (tries[first], tries[1 - first]):
        assert actions.deposit(plain, one, CONTENT, QUOTAS).id == slow.id
    for delivery in plain.queue.receive("intake", 10):
        body = json.loads(delivery.body)
        settle(plain, body["record"], body["document"], body["version"], accept)
    found = listing(plain, HOLDER, records.record, Filter()).documents
    assert [one.document.id for one in found if one.document.draft.unique_id == "1.2.250.1.7"] == [slow.id]


@pytest.mark.abuse("A19")
@pytest.mark.parametrize("key", ["", "key-of-try-0001"])
def test_who_may_not_file_is_refused_before_anything_is_said_of_what_was_filed(key: str) -> None:
    records = Records()
    actions.deposit(records.host, filings(records)[0], CONTENT, QUOTAS)
    gate(records.host, Ask(HOLDER, records.record, "record:close", turn="closed"))
    for unique in ("1.2.250.1.7", "1.2.250.1.8"):
        with pytest.raises(AccessDenied):
            actions.deposit(records.host, Filing(LAB, records.record, draft(b"x", unique=unique), key), b"x", QUOTAS)
    refused = history.history(records.host, HOLDER, records.record, Wanted(refused=True)).entries
    assert [one.action for one in refused] == ["document:deposit"] * 2


@pytest.mark.abuse("T05")
@pytest.mark.parametrize("place", range(len(calls())))
def test_what_is_acknowledged_in_one_request_is_kept_whenever_an_upload_of_the_same_is_begun(place: int) -> None:
    records = Records()
    plain, tries = records.host, filings(records)

    def overtake() -> None:
        actions.begin(plain, tries[1], QUOTAS)

    filed = actions.deposit(cut(plain, [], (place, "before"), overtake), tries[0], CONTENT, QUOTAS)
    assert filed.state == "received"
    settle(plain, records.record, filed.id, 1, accept)
    assert consult(plain, HOLDER, records.record, filed.id).data == CONTENT


@pytest.mark.parametrize("place", range(len(calls())))
def test_of_two_tries_that_met_the_bytes_of_the_slower_one_are_not_kept(place: int) -> None:
    records = Records()
    plain, tries = records.host, filings(records)
    slow = cut(plain, [], (place, "before"), lambda: actions.deposit(plain, tries[1], CONTENT, QUOTAS))
    filed = actions.deposit(slow, tries[0], CONTENT, QUOTAS)
    settle(plain, records.record, filed.id, 1, accept)
    plain.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    expire(plain)
    others = {records.document, records.hidden}
    kept = [blob.name.split("/")[1] for blob in plain.blobs.list(f"{records.record}/")]
    assert [name for name in kept if name not in others] == [filed.id]
    assert consult(plain, HOLDER, records.record, filed.id).data == CONTENT
