"""Keys, mail, scanner and clock in memory."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from chalicelib.kernel.seal import seal, unseal

MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TEST_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class MemoryClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: datetime = MORNING) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self._now

    def set(self, now: datetime) -> None:
        """Put the clock to this time (aware, UTC)."""
        self._now = now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by

    def sleep(self, seconds: float) -> None:
        """Let that time pass at once."""
        self.advance(timedelta(seconds=seconds))


class MemoryKeys:
    """A root of keys that is known to everybody: for tests only."""

    def __init__(self, root: bytes = bytes(32)) -> None:
        self._root = root

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key sealed under the root, bound to the context."""
        return seal(self._root, "wrap", key, *bound(context))

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key. Raise Broken."""
        return unseal(self._root, "wrap", wrapped, *bound(context))


class MemoryMail:
    """E-mail that goes into a list."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        """Keep the message."""
        self.sent.append(message)


class MemoryScanner:
    """A scanner that knows the marker of the harmless EICAR test file, or the signatures given."""

    def __init__(self, signatures: Mapping[bytes, str] | None = None) -> None:
        self._signatures = signatures or {TEST_VIRUS: "Eicar-Test-Signature"}

    def scan(self, content: bytes) -> str | None:
        """Return the name of what was found, or None."""
        return next((name for marker, name in self._signatures.items() if marker in content), None)


def bound(context: Mapping[str, str]) -> tuple[str, ...]:
    """Return the context as parts in one order, whatever order it was given in."""
    return tuple(part for name in sorted(context) for part in (name, context[name]))
