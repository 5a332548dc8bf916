"""Swaps, bit-flips, truncations, missing contexts and moved rows over 20 records of 10 documents: nothing opens."""

import contextlib
from collections import Counter
from collections.abc import Callable

import pytest

from chalicelib import jobs
from chalicelib.kernel.errors import NotFound
from chalicelib.vault.model import head_sort

from . import tampering
from .cases import CONTEXT, Cases
from .vaults import Vault, content_of, refused

LEAST = 10_000


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault()


@pytest.mark.abuse("C01", "C02")
def test_nothing_opens_that_was_swapped_flipped_truncated_or_moved(
    vault: Vault, record_property: Callable[..., None]
) -> None:
    tried, ways, opened = Counter[str](), Counter[str](), list[str]()
    for what, (how, change), attempt in Cases(vault).all():
        with vault.tampered(change):
            tried[what] += 1
            ways[how] += 1
            if not refused(attempt):
                opened.append(f"{what}: {how}")
    record_property("figure", f"sealing: {tried.total()} tampered {dict(tried)} {dict(ways)}, {len(opened)} opened")
    assert not opened, Counter(opened)
    assert tried.total() >= LEAST


@pytest.mark.abuse("C02")
def test_the_same_attempts_succeed_when_nobody_tampers(vault: Vault) -> None:
    cases = Cases(vault)
    for _, _, attempt in list(cases.all())[::29]:
        with vault.tampered(lambda _rows, _blobs: None):
            attempted(attempt)


@pytest.mark.abuse("C02")
def test_content_that_is_sealed_anew_opens_with_its_whole_context_where_no_pin_was_kept(vault: Vault) -> None:
    cases, shelf = Cases(vault), vault.shelves[3]
    sealed, here = cases.sealed_anew(3, shelf, 4, CONTEXT), cases.part(shelf, 4)
    with vault.tampered(lambda _rows, blobs: blobs.__setitem__(here, (sealed, blobs[here][1]))):
        assert cases.opened(shelf, 4) == content_of(3, 4)
        assert refused(lambda: cases.consult(shelf, 4))


def attempted(attempt: Callable[[], object]) -> None:
    with contextlib.suppress(NotFound):  # the document of another record
        attempt()


@pytest.mark.abuse("C02")
def test_a_worker_settles_nothing_from_a_tampered_row(vault: Vault) -> None:
    shelf, other = vault.shelves[:2]
    here, there = ((one.pk, head_sort(one.documents[0])) for one in (shelf, other))
    for _, change in (tampering.whole_row(here, there), tampering.plain(here, "state", "received")):
        with vault.tampered(change):
            body = {"record": shelf.record, "document": shelf.documents[0], "version": 1}
            assert refused(lambda message=body: jobs.intake(vault.host)(message))
