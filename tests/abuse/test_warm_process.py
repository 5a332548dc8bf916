"""A process that answers for hours caches nothing of a person's mind, and no way in is weaker than the others."""

from datetime import date

import pytest

from chalicelib.access import choices
from chalicelib.consent import actions as consent
from chalicelib.enrolment import actions as enrolment
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.errors import AccessDenied, NotFound
from chalicelib.kernel.host import Host
from chalicelib.vault import actions, changes
from chalicelib.vault.consult import consult
from chalicelib.vault.inspection.whole import inspect
from chalicelib.vault.intake import settle
from tests.crash.cases import FIRST, QUOTAS, filing
from tests.people import DOCTOR, ENROLMENT, HOLDER, person


def warm() -> tuple[Host, str, str]:
    """Return a host on which a doctor has read a document: everything that may be remembered is."""
    host = memory_host(MemoryClock())
    record, _ = enrolment.open_(host, ENROLMENT, person(birth=date(1976, 1, 1)), HOLDER.id)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    document = actions.deposit(host, filing(record, FIRST, "u1"), FIRST, QUOTAS).id
    settle(host, record, document, 1, inspect)
    assert consult(host, DOCTOR, record, document).data == FIRST
    assert choices._parsed
    return host, record, document


@pytest.mark.abuse("A30")
def test_a_block_counts_for_the_very_next_request_of_a_warm_process() -> None:
    host, record, document = warm()
    consent.block(host, HOLDER, record, DOCTOR.id)
    with pytest.raises(AccessDenied):
        consult(host, DOCTOR, record, document)
    consent.allow(host, HOLDER, record, DOCTOR.id)
    assert consult(host, DOCTOR, record, document).data == FIRST


@pytest.mark.abuse("A30")
def test_a_mask_counts_for_the_very_next_request_of_a_warm_process() -> None:
    host, record, document = warm()
    changes.hide(host, HOLDER, record, document)
    with pytest.raises(NotFound):
        consult(host, DOCTOR, record, document)
    changes.show(host, HOLDER, record, document)
    assert consult(host, DOCTOR, record, document).data == FIRST
