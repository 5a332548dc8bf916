"""Reading documents: lists narrowed and cut into pages, ranges that touch their parts alone, one entry for one read."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest

from chalicelib.access import journal
from chalicelib.access.actor import Actor
from chalicelib.access.facts import facts_key, facts_of, partition
from chalicelib.access.journal import open_entry
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.consent import actions as consent
from chalicelib.kernel.errors import Broken, NotFound
from chalicelib.kernel.host import Host
from chalicelib.vault import actions, changes, expiry, intake, replacing, upload
from chalicelib.vault.consult import consult
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.model import PART_BYTES, Document, Draft, Filing, blob_name
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Killed, Place, cut, each_call
from tests.intake.system import QUOTAS
from tests.people import DOCTOR, HOLDER, LAB
from tests.unit.delegated import adult, filed

BIOLOGY, IMAGING = "11502-2", "18748-4"


def put(host: Host, record: str, **said: object) -> str:
    """Deposit a text of which this is said, and let the checks accept it."""
    content = str(said).encode()
    told = {"type": BIOLOGY, "title": "Bilan", "unique_id": str(said), **said}
    whose = told.pop("actor", LAB)
    draft = Draft(media="text/plain", size=len(content), sha256=sha256(content).hexdigest(), **told)  # type: ignore[arg-type]
    document = actions.deposit(host, Filing(whose, record, draft), content, QUOTAS).id  # type: ignore[arg-type]
    intake.settle(host, record, document, 1, lambda _content, media: Verdict(True, "", media))
    return document


DAY = date(2026, 10, 25)


@pytest.mark.parametrize(
    ("wanted", "found", "missed"),
    [
        (Filter(categories=frozenset({"RADIO_SC"})), {"type": IMAGING}, {"type": BIOLOGY}),
        (Filter(types=frozenset({IMAGING})), {"type": IMAGING}, {"type": BIOLOGY}),
        (Filter(since=DAY), {"created": DAY}, {"created": DAY - timedelta(days=1)}),
        (Filter(until=DAY), {"created": DAY}, {"created": DAY + timedelta(days=1)}),
        (Filter(author=LAB.id), {"actor": LAB}, {"actor": DOCTOR}),
        (Filter(author=LAB.organisation), {"actor": LAB}, {"actor": DOCTOR}),
        (Filter(text="HÉMO"), {"title": "he\u0301mogramme"}, {"title": "Radio"}),
    ],
    ids=["category", "type", "since", "until", "author", "organisation", "title"],
)
def test_a_list_is_narrowed_to_what_is_looked_for(
    wanted: Filter, found: dict[str, object], missed: dict[str, object]
) -> None:
    host, record = adult()
    inside, outside = put(host, record, **found), put(host, record, **missed)
    assert {one.document.id for one in listing(host, HOLDER, record, Filter()).documents} == {inside, outside}
    assert [one.document.id for one in listing(host, HOLDER, record, wanted).documents] == [inside]


def test_pages_hold_every_document_that_may_be_read_once_and_the_last_one_says_so() -> None:
    host, record = adult()
    consent.allow(host, HOLDER, record, DOCTOR.id)
    names = [filed(host, record, LAB, str(number), str(number)).id for number in range(7)]
    for hidden in (names[1], names[4]):
        changes.hide(host, HOLDER, record, hidden)
    pages, cursor = list[list[str]](), ""
    while not pages or cursor:
        page = listing(host, DOCTOR, record, Filter(), cursor, 2)
        pages, cursor = [*pages, [one.document.id for one in page.documents]], page.cursor
    assert list(map(len, pages)) == [2, 2, 1]
    assert sorted(name for page in pages for name in page) == sorted(set(names) - {names[1], names[4]})


PARTS = [bytes([64 + part]) * (PART_BYTES if part < 5 else 10) for part in range(1, 6)]


def uploaded(host: Host, record: str, digest: str) -> Document:
    """Return a document of five parts of which this hash was said, and that waits for the checks."""
    size = sum(map(len, PARTS))
    draft = Draft(type=BIOLOGY, title="Bilan", media="text/plain", size=size, sha256=digest, unique_id="long")
    document = actions.begin(host, Filing(LAB, record, draft), QUOTAS)
    for part, content in enumerate(PARTS, 1):
        upload.put(host, LAB, record, document.id, part, content)
    return upload.complete(host, LAB, record, document.id)


def checked(host: Host, record: str, document: Document) -> tuple[str, str]:
    """Let the checks come; return what the depositor is told."""
    intake.settle(host, record, document.id, 1, lambda _content, media: Verdict(True, "", media))
    found = actions.existing(host, LAB, record, document.id)
    return found.state, found.reason


RIGHT = sha256(b"".join(PARTS)).hexdigest()


def test_parts_that_are_not_what_was_said_go_to_quarantine_and_the_depositor_learns_why() -> None:
    host, record = adult()
    assert checked(host, record, uploaded(host, record, "0" * 64)) == ("quarantined", "HASH_MISMATCH")
    assert listing(host, HOLDER, record, Filter()).documents == ()


def test_a_part_that_is_lost_before_the_checks_makes_a_document_incomplete() -> None:
    host, record = adult()
    document = uploaded(host, record, RIGHT)
    third = document.sealings[2]
    host.blobs.delete(blob_name(record, document.id, document.attempt, 3, third))
    assert checked(host, record, document) == ("quarantined", "INCOMPLETE")


SHORT = b"bilan ..."


def short(digest: str) -> Draft:
    """Return what is said of a short text."""
    return Draft(type=BIOLOGY, title="Bilan", media="text/plain", size=9, sha256=digest, unique_id="short")


def test_a_document_whose_bytes_arrived_wrong_is_sent_again_under_its_own_unique_id() -> None:
    """Software knows a document by its unique id: one bad transfer must not keep it out for good."""
    host, record = adult()
    said = short(sha256(SHORT).hexdigest())
    filing = Filing(LAB, record, said, key="the-same-key")
    names = set()
    for content in (b"bilan ,,,", SHORT):
        document = actions.begin(host, filing, QUOTAS)
        assert document.state == "uploading"
        upload.put(host, LAB, record, document.id, 1, content)
        state, _ = checked(host, record, upload.complete(host, LAB, record, document.id))
        names.add(document.id)
    assert (state, len(names)) == ("available", 1)
    assert actions.begin(host, filing, QUOTAS).state == "available"
    assert [one.document.id for one in listing(host, HOLDER, record, Filter()).documents] == list(names)


def test_an_upload_that_was_given_up_is_begun_again_after_its_time() -> None:
    host, record = adult()
    said = short(sha256(SHORT).hexdigest())
    actions.begin(host, Filing(LAB, record, said), QUOTAS)
    host.clock.advance(timedelta(days=8))
    assert expiry.expire(host)
    document = actions.begin(host, Filing(LAB, record, said), QUOTAS)
    upload.put(host, LAB, record, document.id, 1, SHORT)
    assert checked(host, record, upload.complete(host, LAB, record, document.id)) == ("available", "")


def test_the_bytes_of_a_first_attempt_go_with_the_abandoned_upload_that_followed_it() -> None:
    host, record = adult()
    filing = Filing(LAB, record, short(sha256(SHORT).hexdigest()))
    for _ in range(3):
        document = actions.begin(host, filing, QUOTAS)
        upload.put(host, LAB, record, document.id, 1, b"bilan ,,,")
        checked(host, record, upload.complete(host, LAB, record, document.id))
        assert actions.existing(host, LAB, record, document.id).former == ()
    actions.begin(host, filing, QUOTAS)  # and never goes on
    for _ in range(20):
        host.clock.advance(timedelta(days=1))
        expiry.expire(host)
    assert list(host.blobs.list(f"{record}/{document.id}/")) == []


def test_what_the_checks_refused_is_not_taken_again() -> None:
    host, record = adult()
    said = short("")
    document = actions.deposit(host, Filing(LAB, record, said), SHORT, QUOTAS)
    intake.settle(host, record, document.id, 1, lambda _content, media: Verdict(False, "ACTIVE_CONTENT", media))
    again = actions.deposit(host, Filing(LAB, record, said), SHORT, QUOTAS)
    assert (again.id, again.state, again.reason) == (document.id, "quarantined", "ACTIVE_CONTENT")


@pytest.mark.parametrize(
    ("start", "stop", "parts"),
    [
        (2 * PART_BYTES + 5, 2 * PART_BYTES + 9, 1),
        (2 * PART_BYTES, 3 * PART_BYTES, 1),
        (2 * PART_BYTES - 1, 2 * PART_BYTES + 1, 2),
        (4 * PART_BYTES, 4 * PART_BYTES + 10, 1),
    ],
)
def test_a_range_fetches_only_the_parts_that_it_touches(start: int, stop: int, parts: int) -> None:
    host, record = adult()
    document, calls = uploaded(host, record, RIGHT), list[str]()
    assert checked(host, record, document) == ("available", "")
    data = consult(cut(host, calls, None), HOLDER, record, document.id, lambda _size: (start, stop)).data
    assert data == bytes(65 + at // PART_BYTES for at in range(start, stop))
    assert calls.count("begin_get") == parts


def test_a_document_whose_bytes_the_store_has_lost_is_broken_and_not_absent() -> None:
    host, record = adult()
    kept = filed(host, record, LAB, "one")
    for blob in list(host.blobs.list(f"{record}/{kept.id}/")):
        host.blobs.delete(blob.name)
    with pytest.raises(Broken):
        consult(host, HOLDER, record, kept.id)


def test_a_document_whose_record_is_destroyed_while_it_is_read_is_absent() -> None:
    calls = list[str]()
    host, record = adult()
    consult(cut(host, calls, None), HOLDER, record, filed(host, record, LAB, "one").id)
    for at in each_call(calls):
        host, record = adult()
        kept = filed(host, record, LAB, "one")
        with suppress(NotFound):
            consult(cut(host, [], at, lambda h=host, r=record: _destroyed(h, r)), HOLDER, record, kept.id)


def _destroyed(host: Host, record: str) -> None:
    """Take away what a destruction takes away, in its order."""
    host.rows.delete(key_row_key(record))
    for blob in list(host.blobs.list(f"{record}/")):
        host.blobs.delete(blob.name)
    for sort in host.rows.names(partition(record)):
        host.rows.delete((partition(record), sort))


def consults(host: Host, record: str) -> int:
    """Return how often the journal says that something was consulted."""
    rows = host.rows.get([facts_key(record), key_row_key(record)])
    facts, key = facts_of(record, rows[facts_key(record)]), policy_key(host, record, rows[key_row_key(record)])
    found = [open_entry(key, record, sealed) for _, sealed in journal.read(host, facts, 0, facts.last)]
    return [entry.action for entry in found].count("document:consult")


def test_a_read_id_is_good_for_a_minute_and_no_answer_to_it_makes_it_last() -> None:
    host, record = adult()
    consent.allow(host, HOLDER, record, DOCTOR.id)
    document, ticket, before = filed(host, record, LAB, "one").id, "", consults(host, record)
    for _ in range(6):  # every second one comes 80 seconds after the last entry
        ticket = consult(host, DOCTOR, record, document, ticket=ticket).read_id
        host.clock.advance(timedelta(seconds=40))
    assert consults(host, record) == before + 3


def nothing(_host: Host, _record: str) -> None:
    """Let nothing happen."""


def a_minute(host: Host, _record: str) -> None:
    host.clock.advance(timedelta(seconds=61))


def another_mind(host: Host, record: str) -> None:
    consent.block(host, HOLDER, record, "pro:somebody")


@pytest.mark.parametrize(
    ("forged", "reader", "other", "meanwhile", "entries"),
    [
        (str, DOCTOR, False, nothing, 0),
        (lambda ticket: ticket[:-1] + ("0" if ticket[-1] != "0" else "1"), DOCTOR, False, nothing, 1),
        (lambda ticket: f"9{ticket}", DOCTOR, False, nothing, 1),
        (lambda _ticket: "x", DOCTOR, False, nothing, 1),
        (str, LAB, False, nothing, 1),
        (str, replace(DOCTOR, organisation="org:1750100777"), False, nothing, 1),
        (str, replace(DOCTOR, profession="21"), False, nothing, 1),
        (str, DOCTOR, True, nothing, 1),
        (str, DOCTOR, False, a_minute, 1),
        (str, DOCTOR, False, another_mind, 1),
    ],
    ids=[
        "valid",
        "altered",
        "prolonged",
        "invented",
        "another person's",
        "another place's",
        "another profession's",
        "another document's",
        "late",
        "changed mind",
    ],
)
def test_only_a_read_id_that_holds_spares_an_entry_in_the_journal(
    forged: Callable[[str], str],
    reader: Actor,
    other: bool,
    meanwhile: Callable[[Host, str], None],
    entries: int,
) -> None:
    host, record = adult()
    consent.allow(host, HOLDER, record, DOCTOR.id)
    one, two = filed(host, record, LAB, "one").id, filed(host, record, LAB, "two").id
    ticket = consult(host, DOCTOR, record, one).read_id
    meanwhile(host, record)
    before = consults(host, record)
    consult(host, reader, record, two if other else one, ticket=forged(ticket))
    assert consults(host, record) == before + entries


def superseded(at: Place | None) -> tuple[Host, str, str, str, list[str]]:
    """Return host, record, document, a read-id of its first version, and the calls of an intake of the second one."""
    host, record = adult()
    consent.allow(host, HOLDER, record, DOCTOR.id)
    kept, content, calls = filed(host, record, LAB, "one"), b"the next version", list[str]()
    ticket = consult(host, DOCTOR, record, kept.id).read_id
    said = {"unique_id": "two", "size": len(content), "sha256": sha256(content).hexdigest()}
    draft = kept.draft.model_copy(update=said)
    replacing.replace(host, Filing(LAB, record, draft), kept.id, content, None, QUOTAS)
    with suppress(Killed):
        intake.settle(cut(host, calls, at), record, kept.id, 2, lambda _content, media: Verdict(True, "", media))
    return host, record, kept.id, ticket, calls


def test_a_read_id_of_one_version_spares_no_entry_for_the_next_one_wherever_intake_dies() -> None:
    read = set[int]()
    for place in each_call(superseded(None)[-1], ["after"]):
        host, record, document, ticket, _ = superseded(place)
        before = consults(host, record)
        version = consult(host, DOCTOR, record, document, ticket=ticket).document.version
        assert consults(host, record) == before + (version - 1)
        read.add(version)
    assert read == {1, 2}
