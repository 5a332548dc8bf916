"""Without its key row a record is gone at once, whatever any cache remembers."""

from collections.abc import Callable

import pytest

from chalicelib.consent import actions as consent
from chalicelib.history import actions as history
from chalicelib.kernel.errors import AccessDenied, NotFound
from chalicelib.reminders.actions import arm, told
from chalicelib.vault import actions, changes, reading
from chalicelib.vault.consult import consult
from tests import people

from .vaults import QUOTAS, Vault, content_of, filing

pytestmark = pytest.mark.abuse("C02")


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault(2, 2)


CONTENT = content_of(9, 9)
ACTIONS: dict[str, Callable[[Vault, str, str, str], object]] = {
    "consult as author": lambda v, r, d, _: consult(v.host, people.LAB, r, d),
    "consult as holder": lambda v, r, d, _: consult(v.host, people.HOLDER, r, d),
    "consult with a read-id": lambda v, r, d, t: consult(v.host, people.LAB, r, d, ticket=t),
    "read": lambda v, r, d, _: reading.read(v.host, people.HOLDER, r, d),
    "list": lambda v, r, _d, _: reading.listing(v.host, people.HOLDER, r, reading.Filter()),
    "history": lambda v, r, _d, _: history.history(v.host, people.HOLDER, r),
    "choices": lambda v, r, _d, _: consent.read(v.host, people.HOLDER, r),
    "hide": lambda v, r, d, _: changes.hide(v.host, people.HOLDER, r, d),
    "deposit": lambda v, r, _d, _: actions.deposit(v.host, filing(r, CONTENT, "new"), CONTENT, QUOTAS),
    "status": lambda v, r, d, _: actions.existing(v.host, people.LAB, r, d),
    "reminders": lambda v, r, _d, _: told(v.host, people.HOLDER, r),
    "arm": lambda v, r, _d, _: arm(v.host, r),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_deleting_the_key_row_makes_everything_unreadable_at_once_with_warm_caches(vault: Vault, name: str) -> None:
    mine, other = vault.shelves
    record, document = mine.record, mine.documents[0]
    with vault.tampered(lambda _rows, _blobs: None):
        ticket = consult(vault.host, people.LAB, record, document).read_id
        ACTIONS["read"](vault, record, document, ticket)
        vault._rows._rows.pop((mine.pk, "0key"))
        with pytest.raises((NotFound, AccessDenied)):
            ACTIONS[name](vault, record, document, ticket)
        assert consult(vault.host, people.LAB, other.record, other.documents[0]).data == content_of(1, 0)
