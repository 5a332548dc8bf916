"""Start a child in a process group of its own, and end that whole group."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .home import little

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start: the command, its whole environment (nothing is inherited but PATH), where, and its log file."""

    command: Sequence[str]
    cwd: Path
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)


def die_with_parent() -> None:
    """Ask the kernel, between fork and exec, to kill this process when the thread that started it is gone."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def spawn(launch: Launch) -> subprocess.Popen[bytes]:
    """Start the child as the leader of its own group; it dies with the thread that called this."""
    launch.cwd.mkdir(parents=True, exist_ok=True)
    launch.log.parent.mkdir(parents=True, exist_ok=True)
    env = little(HOME=str(launch.cwd)) | dict(launch.env)
    with launch.log.open("ab") as log:
        return subprocess.Popen(
            list(launch.command),
            cwd=launch.cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  one prctl call, no locks taken
        )


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send the signal to the whole group; a group that is gone is no error."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the group at once, as a crash does."""
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Ask the leader to end, then end what is left of its group."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    kill(process)
