"""The inspection in a child process with hard limits: parsers of hostile bytes never run beside keys and tokens.

The child gets the content through a pipe and nothing else: no environment, no secret, no file descriptor, no way to
open a file or a socket once a parser runs (`child`). What brings it down is the content's fault and a refusal; only a
child that never came to its parser, or that somebody else killed, is ours, and then nothing is decided.
"""

import signal
import subprocess
import sys
from pathlib import Path

from ...kernel.errors import Unavailable
from . import child
from .verdict import Verdict

_WALL_SECONDS = 30
_ROOT = Path(__file__).parents[3]


def inspect_apart(content: bytes, declared_media: str) -> Verdict:
    """Return what `whole.inspect` says, MALFORMED when it crashed, TOO_SLOW when time ran out. Raise Unavailable."""
    try:
        running = subprocess.Popen(  # noqa: S603  our own interpreter and file, no shell
            command(declared_media),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment(),
        )
    except OSError as error:
        raise Unavailable from error
    with running:
        try:
            answer, _ = running.communicate(content, timeout=_WALL_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            return Verdict(False, "TOO_SLOW", "")
    return _verdict(answer, running.returncode)


def command(declared_media: str) -> list[str]:
    """Return the command line: our interpreter, isolated, told where our code and its libraries lie."""
    path = [str(_ROOT), *(str(Path(one).absolute()) for one in sys.path if one)]
    return [sys.executable, "-I", "-S", str(Path(child.__file__)), declared_media, *path]


def environment() -> dict[str, str]:
    """Return where the interpreter's own shared library may lie; nothing of ours is inherited."""
    return {"LD_LIBRARY_PATH": f"{sys.base_prefix}/lib"}


def _verdict(answer: bytes, code: int) -> Verdict:
    if not answer.startswith(child.READY) or code == -signal.SIGKILL:
        raise Unavailable
    if code == -signal.SIGXCPU:
        return Verdict(False, "TOO_SLOW", "")
    said = answer.removeprefix(child.READY).decode().split(" ")
    if code or len(said) != 3:  # noqa: PLR2004  ok, reason, media
        return Verdict(False, "MALFORMED", "")
    return Verdict(said[0] == "1", said[1], said[2])
