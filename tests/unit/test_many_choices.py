"""2,000 hidden documents and 500 people blocked make no access larger or longer."""

from chalicelib.access.choices import _parsed
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.gate import Ask, gate
from chalicelib.consent import actions as consent
from chalicelib.vault.consult import consult
from tests.people import DOCTOR, HOLDER, LAB
from tests.unit.delegated import adult, filed
from tests.unit.loaded import BLOCKS, MASKS, counted, facts_size, load


def choices_size(host, record):
    row = host.rows.get([facts_key(record)])[facts_key(record)]
    key = (f"r#{record}", facts_of(record, row).choices)
    return len(host.rows.get([key])[key]["body"])


def calls(host, record, document, *, cold=False):
    watched, seen = counted(host)
    if cold:
        _parsed.clear()
    consult(watched, DOCTOR, record, document)
    return seen


def fresh():
    host, record = adult()
    document = filed(host, record, LAB).id
    consent.allow(host, HOLDER, record, DOCTOR.id)
    return host, record, document


def test_facts_stay_small_and_the_choices_fit_into_one_row():
    host, record, _ = fresh()
    before = facts_size(host, record)
    load(host, record)
    facts = facts_size(host, record)
    assert facts <= 1024
    assert abs(facts - before) <= 16
    assert choices_size(host, record) < 300_000


def test_an_access_makes_the_same_store_calls_however_much_was_decided():
    host, record, document = fresh()
    calls(host, record, document)  # the first reads the choices, the next ones know them
    few = calls(host, record, document)
    few_cold = calls(host, record, document, cold=True)
    load(host, record)
    many_cold = calls(host, record, document, cold=True)
    assert calls(host, record, document) == few
    assert many_cold == few_cold
    assert few.count("update") == 1


def test_every_one_of_the_masks_and_blocks_counts():
    host, record, _ = fresh()
    load(host, record)
    found = gate(host, Ask(HOLDER, record, "choices:read")).choices
    assert (len(found.hidden), len(found.blocked)) == (MASKS, BLOCKS)
    consent.withdraw(host, HOLDER, record, "pro:8" + "0" * 11)
    assert len(gate(host, Ask(HOLDER, record, "choices:read")).choices.blocked) == BLOCKS - 1
