"""Peak memory of the processes of a running instance."""

from collections.abc import Iterator
from pathlib import Path

from infra.local.instance import Instance


def peaks(instance: Instance) -> list[str]:
    """Return a line: peak resident memory of each part, its children included, in MB."""
    names = ("front", "worker", "rows", "blobs")
    found = [f"{name} {sum(map(_peak, _family(instance.pid(name)))):.0f}" for name in names]
    return ["peak memory, MB (front: 2 worker processes and their parent): " + " · ".join(found)]


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
