"""Keys, mail, short messages, push, scanner and clock in memory."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from chalicelib.kernel.errors import Gone, Refused
from chalicelib.kernel.ports import Subscription
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
    """E-mail that goes into a list; `unknown` are addresses that no server knows."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.unknown: set[str] = set()

    def send(self, message: EmailMessage) -> None:
        """Keep the message. Raise Refused."""
        if str(message["To"]) in self.unknown:
            raise Refused
        self.sent.append(message)


class MemorySms:
    """Short messages by reference; `unknown` are numbers that no network knows."""

    def __init__(self) -> None:
        self.sent: dict[str, tuple[str, str]] = {}
        self.unknown: set[str] = set()

    def accepts(self, number: str) -> bool:
        """Say yes."""
        return True

    def send(self, number: str, text: str, reference: str) -> None:
        """Keep (number, text), once for one reference. Raise Refused."""
        if number in self.unknown:
            raise Refused
        self.sent.setdefault(reference, (number, text))


class MemoryPush:
    """Pushed payloads by (endpoint, reference), in clear; `over` are endpoints nobody listens at."""

    def __init__(self, hosts: tuple[str, ...] = ("push.example",)) -> None:
        self.sent: dict[tuple[str, str], bytes] = {}
        self.over: set[str] = set()
        self._hosts = hosts

    def accepts(self, subscription: Subscription) -> bool:
        """Tell whether the endpoint is https at a listed host."""
        parts = urlsplit(subscription.endpoint)
        return parts.scheme == "https" and parts.hostname in self._hosts

    def send(self, subscription: Subscription, payload: bytes, reference: str) -> None:
        """Keep the payload. Raise Gone, or Refused."""
        if subscription.endpoint in self.over:
            raise Gone
        if not self.accepts(subscription):
            raise Refused
        self.sent[subscription.endpoint, reference] = payload


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
