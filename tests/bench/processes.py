"""The processes of a running instance: their peak memory, and the worker that follows up on deposits."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.instance import Instance

from .world import World

_PATIENCE = 20.0
"""seconds for what deposits left behind"""


@dataclass(frozen=True, slots=True)
class Behind:
    """The worker. It is stopped while deposits are measured: its checks are paid once, but at no fixed moment."""

    pid: int

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Stop it for the length of a block."""
        os.killpg(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.pid, signal.SIGCONT)

    def drained(self, world: World) -> str:
        """Wait for it, and return how fast it checks documents."""
        start, before = time.monotonic(), _waiting(world)
        while (left := _waiting(world)) and time.monotonic() - start < _PATIENCE:
            time.sleep(0.1)
        pace = (before - left) / (time.monotonic() - start)
        return f"intake, behind the deposits: {pace:.0f} documents of 1 MB a second, each in a child process of its own"


def _waiting(world: World) -> int:
    count, after = 0, ""
    while page := world.host.rows.query("q#intake", after=after, limit=100):
        count, after = count + len(page), str(page[-1]["sk"])
    return count


def peaks(instance: Instance) -> list[str]:
    """Return a line: peak resident memory of each part, its children included, in MB."""
    names = ("front", "worker", "rows", "blobs")
    found = [f"{name} {peak_of(instance, name):.0f}" for name in names]
    return ["peak memory, MB (front: two processes and their parent): " + " · ".join(found)]


def peak_of(instance: Instance, name: str) -> float:
    """Return the peak resident memory of one part in MB, its children included."""
    return sum(map(_peak, _family(instance.pid(name))))


def cpu_of(instance: Instance, name: str) -> float:
    """Return the processor time of one part so far, in seconds."""
    fields = Path(f"/proc/{instance.pid(name)}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
