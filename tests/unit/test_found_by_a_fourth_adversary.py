"""What a fourth adversary found of notices, late writers and old files (2026-11-29): each failed before."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.actor import Actor
from chalicelib.access.facts import facts_key
from chalicelib.care import inbox
from chalicelib.enrolment import clock
from chalicelib.enrolment.shred import shred
from chalicelib.enrolment.turning import TURNS
from chalicelib.history.actions import history
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.errors import AccessDenied, Broken, Conflict, NotFound
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Change
from chalicelib.vault import actions, replacing, upload
from chalicelib.vault.intake import settle
from chalicelib.vault.model import Filing
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Killed, cut
from tests.enrolment.destroyed import CALLS, lived, nights, traces
from tests.intake.system import QUOTAS, Vault
from tests.invited import invite
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO, person

from .confidential import PARENT, Records, accept, draft, with_helpers


def told(records: Records) -> Callable[[Host], None]:
    """Return what tells the treating physician of one emergency."""
    name = inbox.name_of(records.host.clock.now(), "a" * 16)
    return lambda host: inbox.tell(host, records.record, inbox.OF_EMERGENCY, name)


def writes(physician: Actor) -> int:
    """Return the number of the call that puts the notice into the inbox."""
    records, calls = Records(), list[str]()
    records.choose(lambda choices: replace(choices, physician=physician.id))
    told(records)(cut(records.host, calls, None))
    return max(number for number, call in enumerate(calls) if call == "put")


@pytest.mark.parametrize(("first", "then"), [(DOCTOR, PHYSIO), (PHYSIO, DOCTOR)])
def test_a_notice_that_a_kill_left_without_its_row_goes_to_whom_the_journal_names(first, then):
    records = Records()
    records.choose(lambda choices: replace(choices, physician=first.id))
    tell = told(records)
    with pytest.raises(Killed):
        tell(cut(records.host, [], (writes(first), "before")))
    records.choose(lambda choices: replace(choices, physician=then.id))
    tell(records.host)
    assert [one.event for one in inbox.inbox(records.host, first)[0]] == ["emergency"]
    assert inbox.inbox(records.host, then)[0] == []


@pytest.mark.abuse("C07")
@pytest.mark.parametrize("number", range(len(CALLS)))
def test_nothing_is_left_of_a_notice_that_is_told_while_its_record_is_destroyed(number):
    world = lived()
    (filed,) = listing(world.host, HOLDER, world.record, Filter()).documents
    name = inbox.name_of(world.clock.now(), "a" * 16)

    def tell() -> None:
        with suppress(AccessDenied, NotFound):
            inbox.tell(world.host, world.record, inbox.OF_RECTIFICATION, name, filed.document.id)

    shred(cut(world.host, [], (number, "before"), tell), world.record, jobs.ELSEWHERE)
    nights(world)
    assert traces(world) == []


@pytest.mark.parametrize("place", range(12))
def test_an_upload_that_ends_while_the_same_is_filed_in_one_request_keeps_its_bytes_once_it_is_replaced(place):
    vault, first, second = Vault(), b"my own page", b"words that are better"
    filing = Filing(LAB, vault.record, draft(first, unique="u"))
    begun = actions.begin(vault.host, filing, QUOTAS)
    upload.put(vault.host, LAB, vault.record, begun.id, 1, first)

    def end() -> None:
        upload.complete(vault.host, LAB, vault.record, begun.id)

    actions.deposit(cut(vault.host, [], (place, "before"), end), filing, first, QUOTAS)
    settle(vault.host, vault.record, begun.id, 1, accept)
    folder = f"{vault.record}/{begun.id}/{actions.existing(vault.host, LAB, vault.record, begun.id).attempt}/"
    replacing.replace(vault.host, Filing(LAB, vault.record, draft(second)), begun.id, second, None, QUOTAS)
    settle(vault.host, vault.record, begun.id, 2, accept)
    for _ in range(2):
        vault.host.clock.advance(timedelta(days=1))
        jobs.night(vault.host)
    assert len(list(vault.host.blobs.list(folder))) == 1


@pytest.mark.abuse("I05")
def test_a_record_whose_facts_were_altered_keeps_nobody_of_its_group_off_the_day_on_which_they_open():
    host = memory_host()
    first, altered, last = (invite(host, person(ins=f"25508141680253{number}"))[0] for number in range(3))
    host.rows.update(facts_key(altered), Change(set={"first": "0"}))
    with pytest.raises(Broken):
        clock.lay_all(host, [first, altered, last])
    laid = {sk for pk, sk in host.rows.everything() if pk.startswith(TURNS.prefix)}
    assert laid == {first, last}


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("event", [inbox.OF_RECTIFICATION, inbox.OF_DISOWNING])
def test_what_an_author_is_told_of_a_secret_document_tells_the_parents_of_a_minor_nothing(event):
    records = with_helpers()
    secret = records.deposit("INVISIBLE_REPRESENTANTS_LEGAUX")
    inbox.tell(records.host, records.record, event, inbox.name_of(records.host.clock.now(), "a" * 16), secret)
    read = {who: history(records.host, who, records.record).entries for who in (HOLDER, PARENT)}
    assert {who: "system:inbox" in {one.actor for one in found} for who, found in read.items()} == {
        HOLDER: True,
        PARENT: False,
    }


def test_no_bytes_stay_of_a_replacement_whose_place_was_taken_by_one_that_is_accepted_meanwhile():
    def vault_and_document() -> tuple[Vault, str]:
        vault = Vault()
        document = actions.deposit(vault.host, Filing(LAB, vault.record, draft(b"one")), b"one", QUOTAS).id
        settle(vault.host, vault.record, document, 1, accept)
        return vault, document

    def replaces(host: Host, vault: Vault, document: str, content: bytes) -> None:
        replacing.replace(host, Filing(LAB, vault.record, draft(content)), document, content, None, QUOTAS)

    calls, (vault, document) = list[str](), vault_and_document()
    replaces(cut(vault.host, calls, None), vault, document, b"two")
    for number in range(len(calls)):
        vault, document = vault_and_document()
        slow = cut(vault.host, [], (number, "before"), lambda: replaces(vault.host, vault, document, b"faster"))
        slow = cut(slow, [], (number + 1, "before"), lambda: settle(vault.host, vault.record, document, 2, accept))
        with suppress(Conflict, NotFound):
            replaces(slow, vault, document, b"two")
        with suppress(AccessDenied):
            settle(vault.host, vault.record, document, 2, accept)
            settle(vault.host, vault.record, document, 3, accept)
        for _ in range(2):
            vault.host.clock.advance(timedelta(days=1))
            jobs.night(vault.host)
        current = actions.existing(vault.host, LAB, vault.record, document)
        assert len(list(vault.host.blobs.list(f"{vault.record}/{document}/"))) == current.version, number
