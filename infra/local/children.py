"""One child of the supervisor: started, watched, started again when it dies."""

import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import processes
from .ports import LOOPBACK
from .processes import Launch

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 3.0
"""seconds before a dead child is started again; doubled while it keeps dying young"""
YOUNG = 5.0
"""seconds"""
DEAF = 20.0
"""seconds without any answer after which a living child is killed and started again"""
STARTING = 60.0
"""the same before its first answer: on a busy machine the front alone takes ten to load"""
LISTEN_EVERY = 2.0
"""seconds"""


@dataclass(slots=True)
class Child:
    """`launch` is asked at every start; `alive` tells whether it answers, in whatever words."""

    name: str
    launch: Callable[[], Launch]
    alive: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _pause: float = FIRST_PAUSE
    _started: float = 0
    _heard: float = 0
    _has_answered: bool = False
    _due: float = field(default=0)

    def start(self) -> None:
        """Start it now."""
        self.process = processes.spawn(self.launch())
        self.starts += 1
        self._started = self._heard = time.monotonic()
        self._has_answered = False

    def tend(self) -> bool:
        """Start it again when it is dead and its pause is over; return whether it was started."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self._bury(now)
        if self.process is None and now >= self._due:
            self.start()
            return True
        return False

    def _bury(self, now: float) -> None:
        if self.process is not None:
            processes.kill(self.process)  # its own children may have outlived it
        self._pause = min(self._pause * 2, LONGEST_PAUSE) if now - self._started < YOUNG else FIRST_PAUSE
        self.process, self._due = None, now + self._pause

    def listen(self) -> None:
        """Kill it when it has not answered for too long; `tend`, on its own thread, starts it again."""
        process, started = self.process, self._started
        answered = self.alive()
        if process is None or started != self._started:
            return  # it is another one by now
        if answered:
            self._heard, self._has_answered = time.monotonic(), True
        elif time.monotonic() - self._heard > (DEAF if self._has_answered else STARTING):
            processes.signal_group(process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End it cleanly."""
        if self.process is not None:
            processes.stop(self.process)


@contextmanager
def listening(children: Iterable[Child], pause: float = LISTEN_EVERY) -> Iterator[None]:
    """Ask each child now and then whether it still answers, beside the block: a slow answer delays no restart."""
    ended = threading.Event()

    def ask(child: Child) -> None:
        while not ended.wait(pause):
            child.listen()

    threads = [threading.Thread(target=ask, args=(child,), daemon=True) for child in children]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def wait_for(child: Child, ready: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it is ready. Raise RuntimeError when it dies first, or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        dead = child.process is None or child.process.poll() is not None
        if dead or time.monotonic() > deadline:
            msg = f"{child.name} did not start: see {child.launch().log}"
            raise RuntimeError(msg)
        time.sleep(0.03)


def answers_http(url: str) -> bool:
    """Tell whether something speaks HTTP there, whatever the status."""
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310  our own loopback address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def accepts(port: int) -> bool:
    """Tell whether something listens on this port of the loopback."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def always() -> bool:
    """Stand in for a child that listens nowhere: being there is enough."""
    return True
