"""What a supervisor that was killed left behind."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "EMBEDDED_CHILD_OF"
"""every child and all its descendants carry the instance's folder in this variable: no process id can be mistaken"""
_PROC = Path("/proc")


def marked(home: Path) -> Iterator[int]:
    """Iterate over the processes of this instance that are still alive."""
    mark = f"{MARK}={home}".encode()
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid() and mark in _environment(folder):
            yield int(folder.name)


def _environment(folder: Path) -> list[bytes]:
    try:
        return (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return []  # gone, or somebody else's


def kill_orphans(home: Path, seconds: float = 10) -> int:
    """Kill them and wait until their ports are free again; return how many there were."""
    found = list(marked(home))
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + seconds
    while not all(_ended(pid) for pid in found) and time.monotonic() < deadline:
        time.sleep(0.02)
    return len(found)


def _ended(pid: int) -> bool:
    # A dying process loses its memory, and with it the mark, before it closes its sockets.
    try:
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"
