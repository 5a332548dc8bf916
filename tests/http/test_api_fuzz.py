"""A seeded share of the fuzzing; `python -m tests.http.fuzz` is the whole of it."""

import pytest

from .fuzz import Report, fuzz


@pytest.mark.abuse("A14", "I08")
def test_generated_requests_are_answered_as_documented(capsys: pytest.CaptureFixture[str]) -> None:
    report = fuzz(2000, seed=20261122)
    with capsys.disabled():
        print(f"\n{[*report.lines()][-1]}")
    assert report.good, "\n".join(report.lines())


def test_a_fault_an_undocumented_answer_and_a_low_share_are_seen() -> None:
    for spoil in (lambda r: r.note("GET /x", 500), lambda r: r.wrong.update(["GET /x"]), _mostly_refused):
        report = Report()
        report.note("GET /x", 200)
        assert report.good
        spoil(report)
        assert not report.good


def _mostly_refused(report: Report) -> None:
    for _ in range(9):
        report.note("GET /x", 403)
