"""A pytest plugin (`-p tests.infra.seconds`): the figures that tests give, and how many seconds each suite took."""

from collections import Counter, defaultdict

import pytest

_seconds: defaultdict[str, float] = defaultdict(float)
_tests: Counter[str] = Counter()
_figures: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add one phase of one test to its suite, the folder below tests/."""
    parts = report.nodeid.split("/")
    suite = parts[1] if len(parts) > 2 else "."
    _seconds[suite] += report.duration
    if report.when == "call":
        _tests[suite] += 1
        _figures.extend(str(line) for name, line in report.user_properties if name == "figure")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a line for each figure (`record_property("figure", ...)`) and for each suite."""
    if _figures:
        terminalreporter.section("figures")
    for line in _figures:
        terminalreporter.write_line(line)
    terminalreporter.section("seconds of each suite")
    for suite, seconds in sorted(_seconds.items(), key=lambda each: -each[1]):
        terminalreporter.write_line(f"{seconds:8.1f} s  {_tests[suite]:5d} tests  {suite}")
