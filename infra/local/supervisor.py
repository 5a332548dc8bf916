"""Runs one instance in the foreground until SIGTERM or Ctrl-C: `python -m infra.local.supervisor [--story] [--once]`.

`--story` plays the story after the start and goes on; with `--once` everything ends after it, with its exit code.
"""

import argparse
import fcntl
import importlib.util
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .children import listening
from .embedded import Embedded
from .home import REPOSITORY, Home, default_home, little
from .orphans import MARK, kill_orphans
from .tools import CannotInstall

STORY = "infra.local.told"
_TICK = 0.1


class AlreadyRunning(Exception):
    """Another supervisor holds this folder."""


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the instance's lock; the kernel drops it with the process, however that ends. Raise AlreadyRunning."""
    home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with home.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning from error
        yield


class Stop:
    """Set by the signals that end us."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def watch(instance: Embedded, stop: Stop, story: subprocess.Popen[bytes] | None, *, once: bool) -> int:
    """Tend the children until told to stop, or with `once` until the story ends; return the exit code."""
    with listening(instance.children):
        while not stop.asked:
            instance.tend()
            if once and (story is None or story.poll() is not None):
                return story.returncode if story else 0
            time.sleep(_TICK)
    return 0


def play(instance: Embedded) -> subprocess.Popen[bytes] | None:
    """Start the story in a process of its own, when there is one."""
    if importlib.util.find_spec(STORY) is None:
        return None
    env = little(**dict.fromkeys(("EMBEDDED_HOME", MARK), str(instance.home.root)))
    return subprocess.Popen([sys.executable, "-u", "-m", STORY], cwd=REPOSITORY, env=env)


def run(home: Home, *, story: bool, once: bool) -> int:
    """Start, watch, and end one instance."""
    stop, began = Stop(), time.monotonic()
    orphans = kill_orphans(home.root)
    if orphans:
        say(f"ended {orphans} processes that a killed supervisor had left")
    instance = Embedded(home, say)
    told = None
    try:
        instance.start()
        say(f"ready after {time.monotonic() - began:.1f} s")
        say(f"API {instance.base_url} · documentation {instance.base_url}/docs · mails in {home.mail}")
        say(f"data in {home.root} · stop with Ctrl-C")
        told = play(instance) if story else None
        return watch(instance, stop, told, once=once)
    finally:
        if told and told.poll() is None:
            told.kill()
        instance.stop()
        say("stopped")


def say(line: str) -> None:
    """Print one line of progress."""
    print(f"carnet: {line}", flush=True)


def main() -> int:
    """Read the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, help="folder of the instance (default: .carnet)")
    arguments.add_argument("--story", action="store_true")
    arguments.add_argument("--once", action="store_true")
    given = arguments.parse_args()
    home = Home(given.home.resolve()) if given.home else default_home()
    try:
        with only_one(home):
            return run(home, story=given.story, once=given.once)
    except AlreadyRunning:
        say(f"already running at {home.running().get('base_url', 'an address to come')}")
    except (CannotInstall, RuntimeError) as error:
        say(str(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())
