"""A pytest plugin (`-p tests.infra.seconds`) that says how many seconds each suite took."""

from collections import Counter, defaultdict

import pytest

_seconds: defaultdict[str, float] = defaultdict(float)
_tests: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add one phase of one test to its suite, the folder below tests/."""
    parts = report.nodeid.split("/")
    suite = parts[1] if len(parts) > 2 else "."
    _seconds[suite] += report.duration
    _tests[suite] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write one line per suite."""
    terminalreporter.section("seconds of each suite")
    for suite, seconds in sorted(_seconds.items(), key=lambda each: -each[1]):
        terminalreporter.write_line(f"{seconds:8.1f} s  {_tests[suite]:5d} tests  {suite}")
