"""What is installed is what the requirements say, whatever was installed before and wherever that ended."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "infra/local/bootstrap.sh"
FILES = ("requirements.txt", "infra/local/requirements.txt", "requirements-dev.txt")
PYTHON = """#!/bin/sh
case "$*" in *" -r "*) cat requirements.txt >installed; [ ! -e dies ] || { rm dies; kill -9 0; } ;; esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the script, where an installation only writes down what it was asked for."""
    for name in (*FILES, "infra/local/bootstrap.sh", ".venv/bin/pip", ".venv/bin/python", "bin/clamd"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    shutil.copy(SCRIPT, tmp_path / "infra/local/bootstrap.sh")
    (tmp_path / ".venv/bin/python").write_text(PYTHON)
    return tmp_path


def ask(checkout: Path, what: str, content: str) -> int:
    """Call the script with these requirements."""
    (checkout / "requirements.txt").write_text(content)
    path = f"{checkout / 'bin'}:{os.defpath}"
    command = ["sh", str(checkout / "infra/local/bootstrap.sh"), what]
    return subprocess.run(
        command, env={"PATH": path}, stderr=subprocess.DEVNULL, check=False, start_new_session=True
    ).returncode


def installed(checkout: Path) -> str:
    return (checkout / "installed").read_text()


def test_what_is_there_already_is_not_installed_again(checkout: Path) -> None:
    ask(checkout, "test", "new")
    (checkout / "installed").unlink()
    assert [ask(checkout, what, "new") for what in ("run", "test", "run")] == [0, 0, 0]
    assert not (checkout / "installed").exists()


def test_tests_run_with_what_they_ask_for_though_an_older_version_was_run_in_between(checkout: Path) -> None:
    for what, content in (("test", "new"), ("run", "old"), ("test", "new")):
        assert ask(checkout, what, content) == 0
        assert installed(checkout) == content


def test_what_an_installation_that_was_killed_left_half_done_is_not_taken_for_what_was_there_before(
    checkout: Path,
) -> None:
    ask(checkout, "run", "old")
    (checkout / "dies").touch()
    assert ask(checkout, "test", "new") != 0
    assert installed(checkout) == "new"
    assert ask(checkout, "run", "old") == 0
    assert installed(checkout) == "old"


def test_a_store_that_cannot_be_had_is_told_in_a_line_and_not_as_a_fault_of_ours(tmp_path: Path) -> None:
    for name in (".carnet/tools/python/bin/weed", "bin/node", "bin/npm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#!/bin/sh\necho nothing listens there >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    tools = tmp_path / "infra/local/tools.py"
    tools.parent.mkdir(parents=True)
    shutil.copy(SCRIPT.with_name("tools.py"), tools)
    env = {"PATH": f"{tmp_path / 'bin'}:{os.defpath}"}
    told = subprocess.run([sys.executable, str(tools)], env=env, check=False, capture_output=True, text=True)
    assert told.returncode == 1
    assert "nothing listens there" in told.stderr
    assert told.stderr.splitlines()[-1].startswith("could not install @extenddb")
    assert "Traceback" not in told.stderr
