"""One running instance as seen from outside: for the story, for tests, for `make bench`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import callers
from .callers import Caller
from .home import REPOSITORY, Home
from .kept import read
from .processes import die_with_parent
from .servers import answers


@dataclass(slots=True)
class Instance:
    """`supervisor` is None when somebody else started it."""

    home: Home
    supervisor: subprocess.Popen[bytes] | None = None

    @property
    def state(self) -> dict[str, Any]:
        """Return what the supervisor says now."""
        return read(self.home.state)

    @property
    def base_url(self) -> str:
        """Return the address of the API."""
        return str(self.state["base_url"])

    def caller(self, key: str, exercice: int = 0) -> Caller:
        """Return a seeded person or machine of people.json."""
        return callers.caller(key, str(self.state["issuer"]), self.home.credentials, exercice)

    def pid(self, name: str) -> int:
        """Return the process id of a child: rows, blobs, issuer, mail, front, worker."""
        return int(self.state["children"][name]["pid"])

    def kill_child(self, name: str) -> None:
        """End a child and its own children as `kill -9` does."""
        os.killpg(self.pid(name), signal.SIGKILL)

    def kill(self) -> None:
        """End the supervisor alone as `kill -9` does; its children die by themselves or at the next start."""
        if self.supervisor:
            self.supervisor.kill()
            self.supervisor.wait()

    def stop(self) -> int:
        """End everything cleanly; return the supervisor's exit code."""
        if self.supervisor is None:
            return 0
        self.supervisor.terminate()
        return self.supervisor.wait(40)

    def is_ready(self) -> bool:
        """Tell whether the API answers."""
        return self.home.state.exists() and answers(self.base_url + "/health")


def start(home: Path, seconds: float = 90) -> Instance:
    """Start an instance on this folder and wait until the API answers. Raise RuntimeError with its last lines.

    It does not outlive the thread that called this, even when that is killed.
    """
    place = Home(home.resolve())
    place.state.unlink(missing_ok=True)
    place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "infra.local.supervisor", "--home", str(place.root)]
    with (place.root / "supervisor.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,  # noqa: PLW1509  one prctl call, no locks taken
        )
    instance = Instance(place, process)
    _wait(instance, seconds)
    return instance


def _wait(instance: Instance, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not instance.is_ready():
        dead = instance.supervisor is not None and instance.supervisor.poll() is not None
        if dead or time.monotonic() > deadline:
            instance.stop()
            raise RuntimeError((instance.home.root / "supervisor.log").read_text()[-2000:])
        time.sleep(0.05)


@contextmanager
def running(home: Path) -> Iterator[Instance]:
    """Run an instance for the length of a block."""
    instance = start(home)
    try:
        yield instance
    finally:
        instance.stop()
