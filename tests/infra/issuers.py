"""The development issuer as a process of its own, for tests that log in."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import processes
from infra.local.callers import Caller, caller
from infra.local.home import REPOSITORY
from infra.local.ports import LOOPBACK, free_port
from infra.local.processes import Launch
from infra.local.servers import answers

AUDIENCE = "https://carnet.test"


@dataclass(frozen=True, slots=True)
class RunningIssuer:
    """Where it is, and where it keeps the machines' credentials."""

    base: str
    folder: Path

    def caller(self, key: str, exercice: int = 0) -> Caller:
        """Return a seeded person or machine."""
        return caller(key, self.base, self.folder / "clients", exercice)


@contextmanager
def running_issuer(folder: Path, stage: str = "test") -> Iterator[RunningIssuer]:
    """Run it for the length of a block."""
    port = free_port()
    base = f"http://{LOOPBACK}:{port}"
    env = {"ISSUER_STAGE": stage, "ISSUER_BASE": base, "ISSUER_AUDIENCE": AUDIENCE, "ISSUER_FOLDER": str(folder)}
    granian = ["-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port), "--blocking-threads", "2"]
    command = [sys.executable, *granian, "infra.local.issuer:application"]
    process = processes.spawn(Launch(command, REPOSITORY, folder / "log", env))
    try:
        deadline = time.monotonic() + 20
        while not answers(f"{base}/health"):
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.05)
        yield RunningIssuer(base, folder)
    finally:
        processes.stop(process)
