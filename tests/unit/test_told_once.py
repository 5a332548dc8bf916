"""A notice to a professional lies with whom the journal names, however late a copy of its message comes."""

from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.access.gate import Ask, gate
from chalicelib.access.journal import open_entry
from chalicelib.care import inbox
from chalicelib.kernel.host import Host
from tests.cutting import Killed, Place, cut, each_call
from tests.people import DOCTOR, HOLDER, LAB

from .confidential import Records


def patient() -> Records:
    """Return a record whose treating physician is DOCTOR."""
    records = Records()
    records.choose(lambda now: replace(now, physician=DOCTOR.id))
    return records


def tell(records: Records, host: Host) -> None:
    name = inbox.name_of(records.host.clock.now(), "a" * 16)
    inbox.tell(host, records.record, inbox.OF_EMERGENCY, name)


def calls() -> list[str]:
    records, made = patient(), list[str]()
    tell(records, cut(records.host, made, None))
    return made


@pytest.mark.abuse("C07")
@pytest.mark.parametrize("at", each_call(calls()), ids=str)
def test_one_physician_is_told_and_a_destruction_finds_the_notice_whoever_follows_them(at: Place) -> None:
    records = patient()
    with suppress(Killed):
        tell(records, cut(records.host, [], at))
    records.choose(lambda now: replace(now, physician=LAB.id))
    tell(records, records.host)
    grant = gate(records.host, Ask(HOLDER, records.record, "choices:read"))
    entries = [open_entry(grant.policy_key, records.record, sealed) for sealed in grant.facts.entries]
    (named,) = [entry.detail["to"] for entry in entries if entry.action == "notice:send"]
    assert [len(inbox.inbox(records.host, who)[0]) for who in (DOCTOR, LAB)] == [named == DOCTOR.id, named == LAB.id]
    lying = {key for key in records.host.rows.everything() if key[1].startswith(inbox.PREFIX)}  # type: ignore[attr-defined]
    assert lying == {*inbox.lying(records.host, entries)}
