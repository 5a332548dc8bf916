"""The child process: what it inherits, what it cannot do, and what its death means."""

import os
import signal
import sys
from pathlib import Path

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.vault.inspection import apart, child, whole

from . import plain_files

PROBE = """
import os, socket, sys
sys.path.insert(0, {root!r})
from chalicelib.vault.inspection import child, whole
def probe(content, media):
    told = []
    for attempt in (lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: os.pipe()):
        try:
            attempt()
            told.append("opened")
        except OSError:
            told.append("closed")
    return whole.Verdict(False, "|".join(told), "")
whole.inspect = probe
child.main("text/plain", *sys.path)
"""
INHERITED = """
import os, sys
sys.stdin.buffer.read()
held = [one for one in os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd/" + one)]
print("ready")
print("0", ",".join([*sorted(os.environ), *sorted(held)]), "", end="")
"""


def _runs(monkeypatch: pytest.MonkeyPatch, script: str) -> str:
    """Let `apart` start this script in the place of the child, and return what it put for a reason."""
    monkeypatch.setattr(apart, "command", lambda _media: [sys.executable, "-I", "-c", script])
    return apart.inspect_apart(b"a", "text/plain").reason


def test_the_child_can_open_nothing_once_it_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    script = PROBE.format(root=str(Path(__file__).parents[2]))
    assert _runs(monkeypatch, script) == "closed|closed|closed"


def test_the_child_inherits_no_environment_and_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        assert _runs(monkeypatch, INHERITED) == "LC_CTYPE,LD_LIBRARY_PATH,0,1,2"


def test_a_child_that_dies_of_the_content_is_a_refusal() -> None:
    assert apart._verdict(child.READY, -signal.SIGSEGV).reason == "MALFORMED"
    assert apart._verdict(child.READY, 1).reason == "MALFORMED"
    assert apart._verdict(child.READY + b"1", 0).reason == "MALFORMED"


def test_a_child_out_of_time_is_a_refusal() -> None:
    assert apart._verdict(child.READY, -signal.SIGXCPU).reason == "TOO_SLOW"


@pytest.mark.parametrize(("answer", "code"), [(b"", 1), (b"", -signal.SIGSEGV), (child.READY, -signal.SIGKILL)])
def test_a_child_that_never_judged_decides_nothing(answer: bytes, code: int) -> None:
    with pytest.raises(Unavailable):
        apart._verdict(answer, code)


def test_an_interpreter_that_cannot_start_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable):
        apart.inspect_apart(b"a", "text/plain")


def test_a_child_that_cannot_import_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_ROOT", Path("/nowhere"))
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(Unavailable):
        apart.inspect_apart(plain_files.pdf(), "application/pdf")


@pytest.mark.abuse("U03")
def test_a_file_that_takes_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import sys\nsys.stdin.buffer.read()\nprint('ready', flush=True)\nwhile True: pass\n")
    monkeypatch.setattr(apart, "_WALL_SECONDS", 1)
    monkeypatch.setattr(apart, "command", lambda _media: [sys.executable, "-I", str(slow)])
    assert apart.inspect_apart(b"a", "text/plain").reason == "TOO_SLOW"


def test_in_process_and_apart_agree() -> None:
    for content, media in (
        (plain_files.pdf(), "application/pdf"),
        (plain_files.rtf(), "text/rtf"),
        (b"", "text/plain"),
    ):
        assert whole.inspect(content, media) == apart.inspect_apart(content, media)
