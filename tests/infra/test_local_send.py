"""The command that sends one request answers what was mistyped in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("mistyped", "told"),
    [
        (["nobody-known", "GET", "/health"], "invalid choice"),
        (["nobody", "GET", "/health", "--json", "{"], "--json"),
        (["nobody", "GET", "/health", "--content", "not-there"], "there is no file not-there"),
        (["nobody", "GET", "/health", "--header", "If-Match=3"], "a header is written 'Name: value', not If-Match=3"),
    ],
)
def test_what_is_mistyped_is_told_in_one_line(mistyped: list[str], told: str) -> None:
    command = [sys.executable, "-m", "infra.local.send", *mistyped]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert told in ran.stderr.splitlines()[-1]
