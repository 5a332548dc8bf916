"""Where one instance keeps everything: one folder, ignored by git, that may be thrown away."""

import time
from dataclasses import dataclass
from pathlib import Path

from chalicelib.config.environment import environment

from .kept import kept, read, write
from .ports import Claims, claimed, is_silent

REPOSITORY = Path(__file__).resolve().parents[2]
PREFERRED = {"front": 8420, "issuer": 8421, "mail": 8425, "provider": 8426}
"""ports tried first, so that addresses in the documentation can be pasted"""
_PATIENCE = 3.0
"""seconds"""
NAMES = ("front", "issuer", "mail", "provider", "rows", "blobs")


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one instance."""

    root: Path

    @property
    def mail(self) -> Path:
        """Folder of the mails that were sent."""
        return self.root / "mail"

    @property
    def credentials(self) -> Path:
        """Folder of the machines' credentials at the development issuer."""
        return self.root / "issuer" / "clients"

    @property
    def state(self) -> Path:
        """File that says what runs, where, under which process ids."""
        return self.root / "state.json"

    @property
    def report(self) -> Path:
        """File of the document that the story deposits."""
        return self.root / "report.pdf"

    @property
    def env(self) -> Path:
        """File of settings for a shell: `set -a; . .carnet/env`."""
        return self.root / "env"

    @property
    def lock(self) -> Path:
        """File that a running supervisor holds locked."""
        return self.root / "lock"

    def data(self, name: str) -> Path:
        """Return the folder of one store or service."""
        return self.root / name

    def log(self, name: str) -> Path:
        """Return the log file of one process."""
        return self.root / "logs" / f"{name}.log"

    def ports(self, claims: Claims) -> dict[str, int]:
        """Return the instance's ports, now claimed: the ones of last time where they are free."""
        file = self.root / "ports.json"
        known = kept(file, lambda: dict(PREFERRED))
        found = {name: _port(known.get(name), claims) for name in NAMES}
        write(file, found)
        return found

    def running(self) -> dict[str, object]:
        """Return what the state file says."""
        return read(self.state)


def _port(known: int | None, claims: Claims) -> int:
    if known and claims.take(known) and _falls_silent(known):
        return known
    return claimed(claims)


def _falls_silent(port: int) -> bool:
    # Whoever was killed a moment ago may not have closed its sockets yet.
    deadline = time.monotonic() + _PATIENCE
    while not is_silent(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_silent(port)


def inherited(**more: str) -> dict[str, str]:
    """Return everything that this process was told, and more."""
    return {**environment(), **more}


def little(**more: str) -> dict[str, str]:
    """Return where programs are found and nothing else of what this process was told, and more."""
    return {"PATH": environment().get("PATH", ""), **more}


def default_home() -> Home:
    """Return `.carnet` beside the sources, or what EMBEDDED_HOME names."""
    return Home(Path(environment().get("EMBEDDED_HOME", REPOSITORY / ".carnet")).resolve())
