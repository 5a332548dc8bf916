"""The last word is the holder's: nobody else fills the choices so that there is no room left to shut them out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.access.choices import LARGEST, RESERVE, Choices
from chalicelib.access.gate import Ask, gate
from chalicelib.access.mandates import ceilings
from chalicelib.access.room import with_room
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding
from chalicelib.consent.changing import Wish
from chalicelib.consent.model import REFUSAL, grounds
from chalicelib.kernel.errors import Conflict
from chalicelib.vault import changes, confidentiality, replacing
from chalicelib.vault.intake import settle
from chalicelib.vault.model import WITHHELD, Filing
from tests.intake.system import QUOTAS
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO

from .confidential import Records, accept, draft

pytestmark = pytest.mark.abuse("U09")
GROUND = next(code for code, ground in grounds().items() if ground.use == REFUSAL)


def choices(records: Records) -> Choices:
    return gate(records.host, Ask(HOLDER, records.record, "choices:read")).choices


def fill(records: Records, size: int) -> None:
    """Let so much be deleted that the choices are nearly this large, as years of deposits and deletions would."""
    count = (size - len(choices(records).dump())) // 29 - 5
    records.choose(lambda now: replace(now, gone=frozenset(f"z{number:025d}" for number in range(count))))


def decide(records: Records) -> None:
    """Decide whatever keeps somebody out; nothing of it may be refused."""
    host, record, wish = records.host, records.record, Wish(HOLDER, records.record)
    for one in (LAB, DOCTOR, PHYSIO):
        consent.block(host, HOLDER, record, one.id)
    consent.withdraw(host, HOLDER, record, PHYSIO.id)
    changes.hide(host, HOLDER, record, records.hidden)
    deciding.refuse(host, wish, LAB.organisation, GROUND)
    deciding.discreet(host, wish, "BIOLOGIE", on=True)
    deciding.switch(host, wish, deciding.BREAK_GLASS, on=False)
    now = choices(records)
    assert (now.blocked, now.hidden) == ({LAB.id, DOCTOR.id}, {records.hidden})
    assert (now.refused, now.discreet, now.opposed) == ({LAB.organisation}, {"BIOLOGIE"}, {"break_glass"})


def until_refused(act: Callable[[], object]) -> int:
    """Do it until there is no room; return how often there was."""
    for done in range(50):
        try:
            act()
        except Conflict:
            return done
    return 50


def test_no_depositor_fills_the_choices_by_filing_and_deleting() -> None:
    records = Records()
    fill(records, LARGEST)
    deleted = until_refused(lambda: changes.delete(records.host, LAB, records.record, records.deposit(), None))
    assert 0 < deleted < 50
    decide(records)


def test_no_depositor_fills_the_choices_by_replacing() -> None:
    records = Records()
    fill(records, RESERVE)

    def replaced() -> None:
        document, content = records.deposit(), b"the next version"
        filing = Filing(LAB, records.record, draft(content))
        replacing.replace(records.host, filing, document, content, None, QUOTAS)
        settle(records.host, records.record, document, 2, accept)

    assert 0 < until_refused(replaced) < 50
    decide(records)


def test_no_author_fills_the_choices_by_announcing(monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records()
    monkeypatch.setitem(ceilings(), "choices_bytes", 400)

    def announced() -> None:
        confidentiality.announce(records.host, LAB, records.record, records.deposit(WITHHELD))

    assert 2 < until_refused(announced) < 20
    decide(records)


@pytest.mark.parametrize("word", ["blocked", "refused", "discreet", "opposed"])
def test_shutting_out_is_never_refused_for_want_of_room(word: str) -> None:
    full = Choices(gone=frozenset({"x" * 300_000}))
    closed = replace(full, **{word: frozenset({"whoever"})})
    assert with_room(full, closed) is closed
    with pytest.raises(Conflict):
        with_room(closed, replace(closed, **{word: frozenset({"whoever else"})}))
