"""Real files, made by others, pass and are recognised for what they are."""

from collections import Counter

import pytest

from chalicelib.vault.formats import FORMATS
from chalicelib.vault.inspection.apart import inspect_apart
from chalicelib.vault.inspection.whole import inspect

from .corpus import real_files
from .fetch_corpus import RealFile, listed


@pytest.fixture(scope="session")
def corpus() -> dict[str, RealFile]:
    return {one.sha256: one for one in real_files()}


def test_the_corpus_is_wide_enough() -> None:
    files = listed()
    per_type = Counter(one.media for one in files)
    assert len(files) >= 30
    assert len({one.package for one in files}) >= 5
    assert len({one.producer for one in files}) >= 5
    assert set(per_type) == {kind.media for kind in FORMATS}
    assert min(per_type.values()) >= 3
    pdf = {one.producer for one in files if one.media == "application/pdf"}
    archived = {producer for producer in pdf if "PDF/A" in producer}
    assert min(len(archived), len(pdf - archived)) >= 3


def test_the_corpus_goes_from_a_kilobyte_to_twenty_megabytes(corpus: dict[str, RealFile]) -> None:
    sizes = sorted(one.path.stat().st_size for one in corpus.values())
    assert sizes[0] <= 2_000
    assert 15_000_000 <= sizes[-1] <= 20_000_000


@pytest.mark.parametrize("one", listed(), ids=lambda one: one.name)
def test_a_real_file_passes_as_what_it_is(one: RealFile, corpus: dict[str, RealFile]) -> None:
    verdict = inspect_apart(corpus[one.sha256].content, one.media)
    assert (verdict.ok, verdict.reason, verdict.media) == (True, "", one.media)


@pytest.mark.abuse("U01")
@pytest.mark.parametrize("one", listed()[::6], ids=lambda one: one.name)
def test_a_real_file_under_another_flag_is_refused(one: RealFile, corpus: dict[str, RealFile]) -> None:
    for kind in FORMATS:
        if kind.media != one.media:
            verdict = inspect(corpus[one.sha256].content, kind.media)
            assert verdict.reason == "TYPE_MISMATCH", kind.media


@pytest.mark.abuse("U04")
@pytest.mark.parametrize("one", listed()[::4], ids=lambda one: one.name)
def test_a_real_file_cut_short_is_refused_or_is_text(one: RealFile, corpus: dict[str, RealFile]) -> None:
    content = corpus[one.sha256].content
    verdict = inspect_apart(content[: len(content) // 2], one.media)
    assert verdict.reason == "MALFORMED" or one.media == "text/plain"
