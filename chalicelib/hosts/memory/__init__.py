"""The whole host in memory: exact, deterministic, held to the same contracts as the real adapters."""

from chalicelib.hosts.memory.blobs import MemoryBlobs
from chalicelib.hosts.memory.others import (
    MemoryClock,
    MemoryKeys,
    MemoryMail,
    MemoryPush,
    MemoryScanner,
    MemorySms,
)
from chalicelib.hosts.memory.queue import MemoryQueue
from chalicelib.hosts.memory.rows import MemoryRows
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Clock

__all__ = [
    "MemoryBlobs",
    "MemoryClock",
    "MemoryKeys",
    "MemoryMail",
    "MemoryPush",
    "MemoryQueue",
    "MemoryRows",
    "MemoryScanner",
    "MemorySms",
    "memory_host",
]


def memory_host(clock: Clock | None = None) -> Host:
    """Return a fresh, empty host; without a clock, a MemoryClock that stands still."""
    time: Clock = clock or MemoryClock()
    return Host(
        rows=MemoryRows(),
        blobs=MemoryBlobs(time),
        keys=MemoryKeys(),
        queue=MemoryQueue(time),
        mail=MemoryMail(),
        sms=MemorySms(),
        push=MemoryPush(),
        scanner=MemoryScanner(),
        clock=time,
    )
