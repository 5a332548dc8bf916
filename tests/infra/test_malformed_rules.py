"""A malformed set of rules fails where it is packaged and where a worker starts, not at somebody's first reminder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.package import package
from infra.perimeter import read_stage
from tests.infra.templates import ROOT


@pytest.fixture
def malformed(tmp_path: Path) -> Path:
    """Return a copy of the product in which one rule names a territory that nobody knows."""
    ignored = shutil.ignore_patterns("__pycache__", "build")
    for name in ("chalicelib", "infra"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "app.py", tmp_path / "app.py")
    rule = tmp_path / "chalicelib/reminders/yellow_fever.json"
    rule.write_text(rule.read_text().replace('"973"', '"999"'))
    return tmp_path


def _run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=project, capture_output=True, text=True, check=False)


def test_it_is_not_packaged(malformed: Path) -> None:
    with pytest.raises(SystemExit, match="territories"):
        package(read_stage("sovereign"), malformed / "out", malformed)
    assert not (malformed / "out").exists()


@pytest.mark.parametrize("how", [(), ("--night",)])
def test_no_worker_starts_with_it(malformed: Path, how: tuple[str, ...]) -> None:
    ended = _run(malformed, "-m", "infra.worker", *how)
    assert ended.returncode != 0
    assert "not a word of territories" in ended.stderr
